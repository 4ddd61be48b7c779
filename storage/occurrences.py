"""Occurrences: each sending of a routine, once for its date and seat."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.base import Instant, Questions, metadata, one_of
from storage.prepared import Prepared

occurrences = Table(
    "occurrences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("routine", String(60), nullable=False),
    Column("day", Date, nullable=False),
    Column("seat", String(120), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", String(400)),
    Column("person", String(60)),
    Column("fired_at", Instant),
    UniqueConstraint("routine", "day", "seat"),
)
Index(
    "ix_occurrences_planned",
    occurrences.c.due_at,
    sqlite_where=occurrences.c.state == "planned",
    postgresql_where=occurrences.c.state == "planned",
)


@dataclass(frozen=True)
class Occurrence:
    id: int
    routine: str
    day: date
    seat: str
    due_at: datetime


_KEY = (
    occurrences.c.routine == bindparam("routine_"),
    occurrences.c.day == bindparam("day_"),
    occurrences.c.seat == bindparam("seat_"),
)
_ADD = Prepared(insert(occurrences))
_FIND = Prepared(select(occurrences.c.id, occurrences.c.state, occurrences.c.due_at).where(*_KEY))
_DUE = Prepared(
    select(occurrences.c.id, occurrences.c.routine, occurrences.c.day, occurrences.c.seat, occurrences.c.due_at)
    .where(occurrences.c.state == "planned", occurrences.c.due_at <= bindparam("now_"))
    .order_by(occurrences.c.due_at, occurrences.c.id)
    .limit(50)
)
_REPLAN = Prepared(
    update(occurrences)
    .where(occurrences.c.id == bindparam("id_"), one_of(occurrences.c.state, "planned", "skipped"))
    .values(due_at=bindparam("due_"), state=bindparam("state_"), reason=bindparam("reason_"))
)
_END = Prepared(
    update(occurrences)
    .where(occurrences.c.id == bindparam("id_"), occurrences.c.state == "planned")
    .values(
        state=bindparam("state_"), reason=bindparam("reason_"), person=bindparam("person_"), fired_at=bindparam("at_")
    )
)
_FIRST = Prepared(
    select(func.min(occurrences.c.day)).where(
        occurrences.c.routine == bindparam("routine_"), occurrences.c.state != "by_hand"
    )
)
_LAST = Prepared(
    select(occurrences.c.fired_at)
    .where(
        occurrences.c.routine == bindparam("routine_"),
        occurrences.c.state == "sent",
        occurrences.c.fired_at < bindparam("before"),
    )
    .order_by(occurrences.c.fired_at.desc())
    .limit(1)
)
_PLANNED_FROM = delete(occurrences).where(
    occurrences.c.state == "planned",
    occurrences.c.routine.not_in(bindparam("known", expanding=True)),
)

_DROP_OTHERS = delete(occurrences).where(
    occurrences.c.routine == bindparam("routine_"),
    one_of(occurrences.c.state, "planned", "skipped"),
    occurrences.c.day >= bindparam("first_"),
    or_(occurrences.c.seat != bindparam("seat_"), occurrences.c.day.not_in(bindparam("days_", expanding=True))),
)

_FAILED = Prepared(
    select(occurrences.c.routine, occurrences.c.day, occurrences.c.reason).where(occurrences.c.state == "needs_human")
)


class Occurrences(Questions):
    def plan(self, routine: str, day: date, seat: str, due_at: datetime, skip: str | None) -> None:
        """Plan an occurrence, or move one that has not been sent; ``skip`` is the reason it will not be."""
        state = "skipped" if skip else "planned"
        row = self.ask(_FIND, {"routine_": routine, "day_": day, "seat_": seat}).first()
        if row is None:
            planned = {"routine": routine, "day": day, "seat": seat, "due_at": due_at, "state": state, "reason": skip}
            self.ask(_ADD, planned)
        elif row.state in ("planned", "skipped") and (row.due_at, row.state) != (due_at, state):
            self.ask(_REPLAN, {"id_": row.id, "due_": due_at, "state_": state, "reason_": skip})

    def due(self, now: datetime) -> list[Occurrence]:
        """The next 50 that are due, oldest first."""
        return [Occurrence(*row) for row in self.ask(_DUE, {"now_": now})]

    def end(
        self, occurrence: int, state: str, at: datetime, *, reason: str | None = None, person: str | None = None
    ) -> bool:
        """Say what became of a planned occurrence: sent, expired, needs_human. False when somebody else was first."""
        row = {"id_": occurrence, "state_": state, "reason_": reason, "person_": person, "at_": at}
        return self.ask(_END, row).changed == 1

    def by_hand(self, routine: str, day: date, seat: str, at: datetime, person: str) -> None:
        """Record a sending that somebody asked for; its seat is marked, so it never stands for the planned one."""
        row = {
            "routine": routine,
            "day": day,
            "seat": f"{seat} by hand {at.isoformat()}",
            "due_at": at,
            "state": "by_hand",
        }
        self.ask(_ADD, {**row, "person": person, "fired_at": at})

    def first_day(self, routine: str) -> date | None:
        """The first day for which a routine was planned; None when it never was."""
        day: date | None = self.ask(_FIRST, {"routine_": routine}).scalar()
        return day

    def drop_others(self, routine: str, seat: str, first: date, days: Collection[date]) -> None:
        """Take back what was planned from ``first`` on for other days or another seat than the routine has now."""
        row = {"routine_": routine, "seat_": seat, "first_": first, "days_": list(days) or [first - timedelta(days=1)]}
        self.connection.execute(_DROP_OTHERS, row)

    def last_sent(self, routine: str, before: datetime) -> datetime | None:
        """When a routine was last sent, before the sending of this moment."""
        moment: datetime | None = self.ask(_LAST, {"routine_": routine, "before": before}).scalar()
        return moment

    def drop_unknown(self, known: list[str]) -> None:
        """Take back what was planned for routines that are no longer there."""
        self.connection.execute(_PLANNED_FROM, {"known": known or [""]})

    def failed(self) -> list[tuple[str, date, str]]:
        """Sendings that broke: routine, day, error."""
        return [(row.routine, row.day, row.reason or "") for row in self.ask(_FAILED)]
