"""Feedback events: all that happened to each piece of feedback, in order; they alone make it what it is."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, Text, bindparam, insert, select

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

feedback_events = Table(
    "feedback_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("item", Integer, nullable=False),
    Column("what", String(20), nullable=False),
    Column("person", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("note", Text),
    Column("changed", Text, nullable=False),
)
Index("ix_feedback_events_item", feedback_events.c.item, feedback_events.c.id)


@dataclass(frozen=True)
class Event:
    """One thing that happened: ``what`` in a word of ours, ``note`` the reason stated, ``values`` the columns."""

    what: str
    person: str
    at: datetime
    note: str | None
    values: Mapping[str, Any]


_ADD = Prepared(insert(feedback_events))
_OF = Prepared(
    select(feedback_events).where(feedback_events.c.item == bindparam("item_")).order_by(feedback_events.c.id)
)


class FeedbackEvents(Questions):
    def add(self, item: int, what: str, person: str, at: datetime, note: str | None, values: Mapping[str, Any]) -> None:
        """Append an event; dates and moments are kept in ISO form."""
        text = json.dumps(dict(values), default=_as_text, ensure_ascii=False)
        self.ask(_ADD, {"item": item, "what": what, "person": person, "at": at, "note": note, "changed": text})

    def of(self, item: int) -> list[Event]:
        """All events of an item, oldest first."""
        rows = self.ask(_OF, {"item_": item})
        return [Event(row.what, row.person, row.at, row.note, json.loads(row.changed)) for row in rows]

    def of_many(self, items: Collection[int]) -> dict[int, list[Event]]:
        """The same for several items, by their numbers."""
        found: dict[int, list[Event]] = {}
        rows = select(feedback_events).where(feedback_events.c.item.in_(items)).order_by(feedback_events.c.id)
        for row in self.connection.execute(rows):
            event = Event(row.what, row.person, row.at, row.note, json.loads(row.changed))
            found.setdefault(row.item, []).append(event)
        return found


def _as_text(value: Any) -> str:
    assert isinstance(value, date), "an event holds texts, numbers, days and moments"
    return value.isoformat()
