"""Stage: a clock, a bot that answers what the test says, and short words for what Slack is sent."""

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.wires.slack import FakeSlack

START = 1_700_000_000.0


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> float:
        return self.time


class Bot:
    """A bot that keeps what it is sent and answers what the test says."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[Any] = []
        self.answer: Any = None
        self.status = 200
        self.url = ""

    async def hear(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.headers.append(request.headers)
        if self.answer is None or self.status != 200:
            return web.Response(status=self.status)
        return web.json_response(self.answer)

    @property
    def form(self) -> dict[str, str]:
        return {key: value[0] for key, value in parse_qs(self.bodies[-1].decode()).items()}

    @property
    def payload(self) -> dict[str, Any]:
        return dict(json.loads(self.form["payload"]))


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(label: str, action_id: str = "ack", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), "action_id": action_id, **more}


def asking(label: str, kind: str, **more: Any) -> dict[str, Any]:
    element = {"type": kind, "action_id": "a", **more}
    return {
        "type": "input",
        "block_id": label.lower(),
        "label": plain(label),
        "element": element,
        "optional": True,
    }


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": plain("New risk"),
        "submit": plain("Log"),
        "blocks": list(blocks),
        **more,
    }


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def open_form(slack: FakeSlack, client: AsyncWebClient, view: dict[str, Any], user: str = "sam") -> None:
    await client.views_open(trigger_id=slack.new_trigger(slack.user(user).id), view=view)


def key(value: str) -> dict[str, Any]:
    return {"event_type": "cityops", "event_payload": {"key": value}}
