"""Gestures: what a person typed as Slack hands it on, and what a press carries."""

import re
from typing import Any

from .methods import Slack
from .state import FIELDS, chosen, elements
from .workspace import APP_ID, Json, User


def escaped(slack: Slack, text: str, *, mail: bool = False) -> str:
    """Text as Slack hands it on: `& < >`, people and channels it knows, addresses (mail only in messages)."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"https?://[^\s|;,]+", lambda found: f"<{found[0]}>", text)
    if mail:
        text = re.sub(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", lambda found: f"<mailto:{found[0]}|{found[0]}>", text)
    people = {user.name: user.id for user in slack.users.values()}
    places = {channel.name: channel.id for channel in slack.channels.values() if channel.kind == "public"}
    text = re.sub(
        r"(?<![\w.+-])@([\w-]+)",
        lambda found: f"<@{people[found[1]]}|{found[1]}>" if found[1] in people else found[0],
        text,
    )
    return re.sub(
        r"(?<![\w&/])#([\w-]+)",
        lambda found: f"<#{places[found[1]]}|{found[1]}>" if found[1] in places else found[0],
        text,
    )


def action_on(slack: Slack, blocks: list[Json], action_id: str | None, label: str | None, value: Any) -> Json:
    """The press on the one element that fits, and what was chosen there; AssertionError unless it is one."""

    def fits(element: Json) -> bool:
        return (
            (action_id is None or element["action_id"] == action_id)
            and (label is None or element.get("text", {}).get("text") == label)
            and (element["type"] != "button" or value is None or element.get("value") == str(value))
        )

    found = [(block, part) for block, part in elements(blocks) if fits(part)]
    there = [(part["action_id"], part.get("text", {}).get("text"), part.get("value")) for _, part in elements(blocks)]
    assert len(found) == 1, f"{len(found)} elements fit {action_id!r} {label!r} {value!r}; there are {there}"
    block, element = found[0]
    kind = element["type"]
    names: Json = {"action_id": element["action_id"], "block_id": block["block_id"], "action_ts": slack.ts()}
    if kind == "button":
        told: Json = {key: element[key] for key in ("text", "value") if key in element}
        return {"type": kind, **names, **told}
    like = "static_select" if kind == "overflow" else kind
    return {"type": kind, **names, FIELDS[like][0]: chosen(slack, {**element, "type": like}, value)}


def gesture(slack: Slack, user: User, kind: str) -> Json:
    """What every interaction carries, with a fresh trigger."""
    enterprise = {"id": slack.enterprise_id, "name": "City"} if slack.enterprise_id else None
    return {
        "type": kind,
        "api_app_id": APP_ID,
        "token": "deprecated",
        "enterprise": enterprise,
        "team": {"id": slack.team_id, "domain": "riverton"},
        "is_enterprise_install": False,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team},
        "trigger_id": slack.new_trigger(user.id),
    }
