"""Allowances: who may do more than the limits for a while, because somebody of the crisis team has said so."""

from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, bindparam, insert, or_, select

from storage.base import Instant, Questions, metadata
from storage.forgetting import forget_oldest
from storage.prepared import Prepared

allowances = Table(
    "allowances",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", String(60)),  # everybody, where it is empty
    Column("by", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False, index=True),
)
_ADD = Prepared(insert(allowances))
_HOLDS = Prepared(
    select(allowances.c.id)
    .where(
        allowances.c.until > bindparam("now_"),
        allowances.c.by != bindparam("person_"),  # nobody lifts it for themselves, nor by lifting it for all
        or_(allowances.c.person.is_(None), allowances.c.person == bindparam("person_")),
    )
    .limit(1)
)
_FORGET = forget_oldest(allowances.c.until, allowances.c.until < bindparam("before"))


class Allowances(Questions):
    def add(self, person: str | None, *, by: str, at: datetime, until: datetime) -> None:
        """Let somebody, or everybody, do more than the limits until a moment."""
        self.ask(_ADD, {"person": person, "by": by, "at": at, "until": until})

    def holds(self, person: str, now: datetime) -> bool:
        """Whether the limits do not hold for somebody now."""
        return self.ask(_HOLDS, {"person_": person, "now_": now}).first() is not None

    def forget(self, before: datetime, most: int) -> int:
        """Remove the oldest of those that ended before a moment; how many."""
        return self.ask(_FORGET, {"before": before, "most_": most}).changed
