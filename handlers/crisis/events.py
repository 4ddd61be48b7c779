"""Crisis events: what the parts of a crisis tell each other; its end concerns other features too (kit/events)."""

from typing import TYPE_CHECKING

from handlers.kit.events import Event

if TYPE_CHECKING:
    from storage.crisis.pages import Page
    from storage.crisis.records import Crisis

BEGAN: "Event[[Crisis]]" = Event("crisis.began")
STARTED: "Event[[Crisis]]" = Event("crisis.started")
ROLE: "Event[[Crisis, str, str | None]]" = Event("crisis.role")  # this role has a new holder: a person, or nobody
ANSWERED: "Event[[Crisis, Page]]" = Event("crisis.answered")
PHONE: "Event[[Crisis, Page]]" = Event("crisis.phone")  # this page stays without an answer
