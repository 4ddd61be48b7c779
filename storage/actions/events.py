"""Action events: what happened to each action, in order."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text, bindparam, insert, select

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

How = Literal[
    "added", "given", "moved", "done", "dropped", "reopened", "undone", "changed"
]  # what happens to an action

action_events = Table(
    "action_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("action", Integer, ForeignKey("actions.number"), nullable=False),
    Column("what", String(12), nullable=False),
    Column("person", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("owner", String(60)),
    Column("due_on", Date),
    Column("note", Text),
)
Index("ix_action_events_action", action_events.c.action, action_events.c.id)


@dataclass(frozen=True)
class Event:
    """One thing that happened: ``owner`` and ``due_on`` are those from then on, ``note`` is the reason stated."""

    what: How
    person: str
    at: datetime
    owner: str | None
    due_on: date | None
    note: str | None


_ADD = Prepared(insert(action_events))
_OF = Prepared(
    select(
        action_events.c.what,
        action_events.c.person,
        action_events.c.at,
        action_events.c.owner,
        action_events.c.due_on,
        action_events.c.note,
    )
    .where(action_events.c.action == bindparam("action_"))
    .order_by(action_events.c.id)
)


class ActionEvents(Questions):
    def add(self, action: int, event: Event) -> None:
        """Append an event."""
        self.ask(_ADD, {"action": action, **vars(event)})

    def of(self, action: int) -> list[Event]:
        """All that happened to an action, oldest first."""
        return [Event(*row) for row in self.ask(_OF, {"action_": action})]
