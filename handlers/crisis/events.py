"""Events of a crisis, on which its parts act; that it is over matters to other features too (kit/events)."""

from typing import TYPE_CHECKING

from handlers.kit.events import Event

if TYPE_CHECKING:
    from storage.crisis.pages import Page
    from storage.crisis.records import Crisis

BEGAN: "Event[[Crisis]]" = Event("crisis.began")
STARTED: "Event[[Crisis]]" = Event("crisis.started")
ROLE: "Event[[Crisis, str, str | None]]" = Event("crisis.role")  # who has this role changed: a person, or nobody
ANSWERED: "Event[[Crisis, Page]]" = Event("crisis.answered")
PHONE: "Event[[Crisis, Page]]" = Event("crisis.phone")  # nobody answers this page
