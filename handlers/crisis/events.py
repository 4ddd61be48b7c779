"""Crisis events: what the parts of a crisis tell each other; its end concerns other features too (kit/events)."""

from typing import TYPE_CHECKING

from handlers.kit.events import Event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.kit.context import Context
    from storage.crisis.pages import Page
    from storage.crisis.records import Crisis

BEGAN: "Event[Context, [Crisis]]" = Event("crisis.began")
STARTED: "Event[Context, [Crisis]]" = Event("crisis.started")
CHANGED: "Event[Context, [Crisis]]" = Event("crisis.changed")  # its level, title or place
ROLE: "Event[Context, [Crisis, str, str | None]]" = Event("crisis.role")  # its new holder: a person, or nobody
LEFT: "Event[Context, [Crisis, Iterable[str]]]" = Event("crisis.left")  # what these people read when it is over
ANSWERED: "Event[Context, [Crisis, Page]]" = Event("crisis.answered")
PHONE: "Event[Context, [Crisis, Page]]" = Event("crisis.phone")  # this page stays without an answer
