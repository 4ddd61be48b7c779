"""Shapes: what must be there in Slack's payloads for us to read them; anything else in them is let be."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field, ValidationError

Some = dict[str, Any] | None


class _Account(BaseModel):
    id: str


class _Slash(BaseModel):
    command: str
    channel_id: str
    user_id: str
    trigger_id: str
    text: str | None = None


class _Event(BaseModel):
    type: str


class _Said(_Event):
    channel: str
    user: str | None = None
    text: str | None = None
    message: Some = None
    previous_message: Some = None


class _Profile(_Event):
    user: dict[str, Any]


class _Opened(_Event):
    user: str


class _EventCallback(BaseModel):
    event_id: str
    event: _Event


class _View(BaseModel):
    type: str
    id: str
    callback_id: str
    private_metadata: str | None = None


class _Block(BaseModel):
    type: str
    block_id: str = ""


class _State(BaseModel):
    values: dict[str, dict[str, Some] | None] | None = None


class _Form(_View):
    blocks: list[_Block]
    state: _State | None = None


class _Submission(BaseModel):
    user: _Account
    view: _Form


class _Closed(BaseModel):
    view: _View


class _Pressed(BaseModel):
    action_id: str


class _Press(BaseModel):
    user: _Account
    trigger_id: str
    actions: list[_Pressed] = Field(min_length=1)
    view: _View | None = None
    container: Some = None
    channel: Some = None
    message: Some = None


class _Shortcut(BaseModel):
    user: _Account
    callback_id: str
    trigger_id: str


class _FromMessage(_Shortcut):
    channel: Some = None
    message: Some = None


PAYLOADS: Mapping[str, type[BaseModel]] = {
    "event_callback": _EventCallback,
    "block_actions": _Press,
    "view_submission": _Submission,
    "view_closed": _Closed,
    "message_action": _FromMessage,
    "shortcut": _Shortcut,
    "block_suggestion": _Pressed,
}
EVENTS: Mapping[str, type[_Event]] = {
    "message": _Said, "app_mention": _Said, "app_home_opened": _Opened, "user_change": _Profile, "team_join": _Profile,
}  # fmt: skip


def is_whole(body: Mapping[str, Any]) -> bool:
    """Whether all is there that we read of a payload; one of a kind that we know nothing of is whole."""
    kind = str(body.get("type"))
    shape = _Slash if "command" in body else PAYLOADS.get(kind)
    try:
        if shape is not None:
            read = shape.model_validate(body)
            if isinstance(read, _EventCallback) and read.event.type in EVENTS:
                EVENTS[read.event.type].model_validate(body["event"])
    except ValidationError:
        return False
    return True
