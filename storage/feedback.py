"""Feedback: what residents told the city."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, Text, bindparam, func, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.counters import Counters
from storage.prepared import Prepared

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
    Column("source", Text),
)
_OPEN = feedback.c.state == "open"
Index("ix_feedback_open", feedback.c.number, sqlite_where=_OPEN, postgresql_where=_OPEN)


@dataclass(frozen=True)
class Item:
    """One piece of feedback; ``state`` is open, closed or withdrawn, ``source`` links to the message it was made of."""

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
    source: str | None

    @property
    def ref(self) -> str:
        return f"F-{self.number}"


_ADD = Prepared(insert(feedback))
_CHANGE = Prepared(update(feedback).where(feedback.c.number == bindparam("number_")))
_THIS = select(feedback).where(feedback.c.number == bindparam("number_"))
_FIND = Prepared(_THIS)
_TAKE = Prepared(_THIS.with_for_update())
_OLDEST = Prepared(
    select(feedback).where(_OPEN).order_by(feedback.c.number).limit(bindparam("limit_")).offset(bindparam("offset_"))
)
_COUNT = Prepared(select(func.count()).select_from(feedback).where(_OPEN))
_SINCE = Prepared(
    select(feedback)
    .where(feedback.c.created_at > bindparam("since_"), feedback.c.state != "withdrawn")
    .order_by(feedback.c.number)
)
_ABOUT = feedback.c.category.in_(bindparam("categories", expanding=True))
_OPEN_ABOUT = select(feedback).where(_OPEN, _ABOUT).order_by(feedback.c.number).limit(bindparam("limit_"))
_COUNT_ABOUT = select(func.count()).select_from(feedback).where(_OPEN, _ABOUT)


def _number(ref: str) -> int | None:
    digits = ref.upper().removeprefix("F-").removeprefix("F")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


class Feedback(Questions):
    def add(
        self,
        *,
        what: str,
        category: str,
        place_in_town: str | None,
        reached_us_by: str,
        by: str,
        at: datetime,
        source: str | None = None,
    ) -> Item:
        number = Counters(self.connection).next("feedback")
        values: dict[str, Any] = {
            "number": number, "what": what, "category": category, "place_in_town": place_in_town,
            "reached_us_by": reached_us_by, "state": "open", "answer": None, "created_by": by, "created_at": at,
            "closed_by": None, "closed_at": None, "source": source,
        }  # fmt: skip
        self.ask(_ADD, values)
        return Item(**values)

    def find(self, ref: str) -> Item | None:
        """The item of a reference such as F-1; None when there is none."""
        return self._one(_FIND, ref)

    def take(self, ref: str) -> Item | None:
        """The same, and nobody else changes it before this transaction ends."""
        return self._one(_TAKE, ref)

    def _one(self, question: Any, ref: str) -> Item | None:
        row = self.ask(question, {"number_": _number(ref) or 0}).first()
        return Item(*row) if row else None

    def change(self, item: Item, **values: Any) -> Item:
        """Write these values and give the item as it is now."""
        self.ask(_CHANGE, {"number_": item.number, **values})
        return Item(**{**vars(item), **values})

    def oldest_first(self, offset: int, limit: int) -> list[Item]:
        """Open items, the one that waits longest first."""
        return [Item(*row) for row in self.ask(_OLDEST, {"offset_": offset, "limit_": limit})]

    def open_count(self) -> int:
        return int(self.ask(_COUNT).scalar())

    def since(self, moment: datetime) -> list[Item]:
        """What was logged after a moment, oldest first; not the withdrawn ones."""
        return [Item(*row) for row in self.ask(_SINCE, {"since_": moment})]

    def open_about(self, categories: Collection[str], limit: int) -> tuple[list[Item], int]:
        """Open items of these categories, the one that waits longest first, and how many there are in all."""
        if not categories:
            return [], 0
        asked = {"categories": list(categories)}
        rows = self.connection.execute(_OPEN_ABOUT, {**asked, "limit_": limit})
        items = [Item(*row) for row in rows]
        count = len(items) if len(items) < limit else self.connection.execute(_COUNT_ABOUT, asked).scalar_one()
        return items, int(count)
