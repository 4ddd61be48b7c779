"""Seen: what a person has in front of them, whatever door they stand at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientResponse


@dataclass(frozen=True)
class Seen:
    """A message: its title, all its text, and its buttons by label. ``raw`` is the door's own form of it, ``place``
    the channel it is in, where ``raw`` does not say so, and ``status`` the word for how bad it is."""

    title: str
    text: str
    buttons: Mapping[str, Any] = field(default_factory=dict)
    raw: Any = None
    place: str = ""
    status: str = ""


class Unsaid(Seen):
    """No message, as some gestures get no answer: it counts as false, and a test that reads it fails."""

    def __init__(self, gesture: str) -> None:
        vars(self)["gesture"] = gesture

    def __bool__(self) -> bool:
        return False

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"nothing was said to {self.gesture!r}")

    def __repr__(self) -> str:
        return f"nothing, to {self.gesture!r}"


@dataclass(frozen=True)
class SeenForm:
    """A form that is open: its fields by name with what is filled in, and the sentences beside them."""

    title: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    raw: Any = None


def saved_as(got: ClientResponse) -> str:
    """The name under which a browser saves what it was given."""
    told = got.content_disposition
    assert told is not None
    assert told.type == "attachment"
    return str(told.filename)
