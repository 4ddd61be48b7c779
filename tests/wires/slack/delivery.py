"""Delivery: how Slack's requests reach the bot: signed, timed, and repeated when need be."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp

from .methods import Slack
from .socket import SOCKET
from .workspace import APP_ID, BOT_USER, Json, Message

if TYPE_CHECKING:
    from .server import FakeSlack


@dataclass(frozen=True)
class Delivery:
    """A request as it goes over the wire; `name` says what it was, for the record."""

    url: str
    body: bytes
    content_type: str
    name: str


@dataclass
class SlackReply:
    """What came back: status 0 when nothing did; `message` is what the ack put on the screen."""

    status: int
    body: Any
    seconds: float
    delivery: Delivery
    late: bool = False
    message: Message | None = None


def with_path(bot_url: str) -> str:
    """The bot's one address for Slack."""
    if bot_url == SOCKET:
        return bot_url
    return bot_url if urlsplit(bot_url).path.strip("/") else bot_url.rstrip("/") + "/slack/events"


def signed(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """Signature headers, version v0."""
    base = b"v0:%d:" % timestamp + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


def event_payload(slack: Slack, event: Json, *, team: str | None = None) -> Json:
    """The Events API's wrapper; `team` is the sender's workspace when it is not ours."""
    number = next(slack._numbers)
    event.setdefault("event_ts", slack.ts())
    return {
        "token": "deprecated",
        "team_id": slack.team_id,
        "context_team_id": slack.team_id,
        "context_enterprise_id": slack.enterprise_id,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{number:09d}",
        "event_time": int(slack.now()),
        "authorizations": [
            {
                "enterprise_id": slack.enterprise_id,
                "team_id": slack.team_id,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": team not in (None, slack.team_id),
        "event_context": f"4-ctx-{number}",
    }


async def send(
    slack: "FakeSlack", delivery: Delivery, extra: dict[str, str] | None = None, *, sign: bool = True
) -> SlackReply:
    """Post it and wait as long as Slack waits; no answer or a late one is recorded."""
    reply = await (
        slack.sockets.send(delivery, extra or {}) if delivery.url == SOCKET else post(slack, delivery, extra, sign=sign)
    )
    if sign and not reply.late and reply.status != 200:
        slack.refuse(f"ack {delivery.name}", "dispatch_failed", {"status": reply.status, "body": reply.body})
    slack.last = reply
    slack.stir()
    return reply


async def post(slack: "FakeSlack", delivery: Delivery, extra: dict[str, str] | None, *, sign: bool) -> SlackReply:
    """One request over HTTP."""
    headers = {
        "Content-Type": delivery.content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }
    headers |= (slack.sign(delivery.body) if sign else {}) | (extra or {})
    if not headers["Content-Type"]:
        del headers["Content-Type"]
    began = time.monotonic()
    limit = aiohttp.ClientTimeout(total=slack.ack_seconds)
    try:
        async with slack.session.post(delivery.url, data=delivery.body, headers=headers, timeout=limit) as response:
            reply = SlackReply(response.status, opened(await response.read(), response.content_type), 0.0, delivery)
    except TimeoutError:
        slack.late_acks.append(delivery.name)
        reply = SlackReply(0, None, 0.0, delivery, late=True)
    except aiohttp.ClientError:
        reply = SlackReply(0, None, 0.0, delivery)
    reply.seconds = time.monotonic() - began
    return reply


def opened(body: bytes, content_type: str) -> Any:
    """The body as JSON where it says so, else as text; None when empty."""
    if not body:
        return None
    if content_type == "application/json":
        try:
            return json.loads(body)
        except ValueError:
            pass
    return body.decode("utf-8", "replace")
