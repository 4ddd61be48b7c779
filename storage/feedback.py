"""Feedback: what residents told the city."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, Text, bindparam, func, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.counters import Counters

feedback = Table(
    "feedback",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("what", Text, nullable=False),
    Column("category", String(40), nullable=False),
    Column("place_in_town", String(300)),
    Column("reached_us_by", String(60), nullable=False),
    Column("state", String(12), nullable=False),
    Column("answer", Text),
    Column("created_by", String(60), nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    Column("closed_by", String(60)),
    Column("closed_at", Instant),
)
_OPEN = feedback.c.state == "open"
Index("ix_feedback_open", feedback.c.number, sqlite_where=_OPEN, postgresql_where=_OPEN)


@dataclass(frozen=True)
class Item:
    """One piece of feedback; ``state`` is open, closed or withdrawn."""

    number: int
    what: str
    category: str
    place_in_town: str | None
    reached_us_by: str
    state: str
    answer: str | None
    created_by: str
    created_at: datetime
    closed_by: str | None
    closed_at: datetime | None

    @property
    def ref(self) -> str:
        return f"F-{self.number}"


_ADD = insert(feedback)
_FIND = select(feedback).where(feedback.c.number == bindparam("number_"))
_TAKE = _FIND.with_for_update()
_OLDEST = (
    select(feedback).where(_OPEN).order_by(feedback.c.number).limit(bindparam("limit_")).offset(bindparam("offset_"))
)
_COUNT = select(func.count()).select_from(feedback).where(_OPEN)
_SINCE = (
    select(feedback)
    .where(feedback.c.created_at > bindparam("since_"), feedback.c.state != "withdrawn")
    .order_by(feedback.c.number)
)


def _number(ref: str) -> int | None:
    digits = ref.upper().removeprefix("F-").removeprefix("F")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


class Feedback(Questions):
    def add(
        self, *, what: str, category: str, place_in_town: str | None, reached_us_by: str, by: str, at: datetime
    ) -> Item:
        number = Counters(self.connection).next("feedback")
        values: dict[str, Any] = {
            "number": number, "what": what, "category": category, "place_in_town": place_in_town,
            "reached_us_by": reached_us_by, "state": "open", "answer": None, "created_by": by, "created_at": at,
            "closed_by": None, "closed_at": None,
        }  # fmt: skip
        self.connection.execute(_ADD, values)
        return Item(**values)

    def find(self, ref: str) -> Item | None:
        """The item of a reference such as F-1; None when there is none."""
        return self._one(_FIND, ref)

    def take(self, ref: str) -> Item | None:
        """The same, and nobody else changes it before this transaction ends."""
        return self._one(_TAKE, ref)

    def _one(self, question: Any, ref: str) -> Item | None:
        row = self.connection.execute(question, {"number_": _number(ref) or 0}).one_or_none()
        return Item(*row) if row else None

    def change(self, item: Item, **values: Any) -> Item:
        """Write these values and give the item as it is now."""
        self.connection.execute(update(feedback).where(feedback.c.number == item.number).values(**values))
        return Item(**{**vars(item), **values})

    def oldest_first(self, offset: int, limit: int) -> list[Item]:
        """Open items, the one that waits longest first."""
        return [Item(*row) for row in self.connection.execute(_OLDEST, {"offset_": offset, "limit_": limit})]

    def open_count(self) -> int:
        return int(self.connection.execute(_COUNT).scalar_one())

    def since(self, moment: datetime) -> list[Item]:
        """What was logged after a moment, oldest first; not the withdrawn ones."""
        return [Item(*row) for row in self.connection.execute(_SINCE, {"since_": moment})]
