"""Occurrences: each sending of a routine, once for its date and seat."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    Integer,
    Select,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    text,
    update,
)

from storage.base import Instant, Questions, fit, metadata, one_of, partial_index
from storage.forgetting import forget_oldest
from storage.prepared import Prepared

REASON = 400  # characters

occurrences = Table(
    "occurrences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("routine", String(60), nullable=False),
    Column("day", Date, nullable=False),
    Column("seat", String(120), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", String(REASON)),
    Column("person", String(60)),
    Column("fired_at", Instant),
    UniqueConstraint("routine", "day", "seat"),
)
partial_index(
    "ix_occurrences_planned",
    occurrences.c.due_at,
    where=occurrences.c.state == "planned",
)
PAST = one_of(occurrences.c.state, "sent", "skipped", "expired", "needs_human", "by_hand")
partial_index("ix_occurrences_past", occurrences.c.due_at, where=PAST)


@dataclass(frozen=True)
class Occurrence:
    id: int
    routine: str
    day: date
    seat: str
    due_at: datetime


@dataclass(frozen=True)
class Planned:
    """What is known of one occurrence that was planned."""

    id: int
    day: date
    seat: str
    due_at: datetime
    state: str
    reason: str | None
    fired_at: datetime | None

    def is_moved(self, due_at: datetime, skip: str | None) -> bool:
        """Whether it is to be sent at another time, or skipped for another reason, and nothing has become of it yet."""
        wanted = (due_at, "skipped" if skip else "planned", skip)
        return self.fired_at is None and (self.due_at, self.state, self.reason) != wanted


_ADD = Prepared(insert(occurrences).returning(occurrences.c.id))
_PLAN = text(
    "INSERT INTO occurrences (routine, day, seat, due_at, state, reason) "
    "VALUES (:routine, :day, :seat, :due_at, :state, :reason) ON CONFLICT (routine, day, seat) DO NOTHING"
).bindparams(bindparam("day", type_=Date()), bindparam("due_at", type_=Instant()))
_FROM = Prepared(
    select(
        occurrences.c.id,
        occurrences.c.day,
        occurrences.c.seat,
        occurrences.c.due_at,
        occurrences.c.state,
        occurrences.c.reason,
        occurrences.c.fired_at,
    ).where(
        occurrences.c.routine == bindparam("routine_"),
        occurrences.c.day >= bindparam("day_"),
        occurrences.c.state != "by_hand",
    )
)
_DUE = (
    select(occurrences.c.id, occurrences.c.routine, occurrences.c.day, occurrences.c.seat, occurrences.c.due_at)
    .where(occurrences.c.state == "planned", occurrences.c.due_at <= bindparam("now_"))
    .order_by(occurrences.c.due_at, occurrences.c.id)
    .limit(bindparam("most_"))
)
_NEXT_DUE = Prepared(
    select(occurrences.c.due_at).where(occurrences.c.state == "planned").order_by(occurrences.c.due_at).limit(1)
)
_DUE_OF = _DUE.where(occurrences.c.routine.in_(bindparam("routines", expanding=True)))
_DUE_OF_OTHERS = _DUE.where(occurrences.c.routine.not_in(bindparam("routines", expanding=True)))
_TAKE = Prepared(
    select(occurrences.c.id)
    .where(
        occurrences.c.id == bindparam("id_"),
        or_(
            and_(occurrences.c.state == "planned", occurrences.c.due_at <= bindparam("now_")),
            occurrences.c.state == "by_hand",
        ),
    )
    .with_for_update()
)
_NEWER = Prepared(
    select(occurrences.c.id)
    .where(
        occurrences.c.routine == bindparam("routine_"),
        occurrences.c.seat == bindparam("seat_"),
        occurrences.c.day > bindparam("day_"),
        occurrences.c.state == "planned",
        occurrences.c.due_at <= bindparam("now_"),
    )
    .limit(1)
)
_FOLLOWED = Prepared(
    select(occurrences.c.id)
    .where(
        occurrences.c.routine == bindparam("routine_"),
        occurrences.c.seat == bindparam("seat_"),
        occurrences.c.day > bindparam("day_"),
        one_of(occurrences.c.state, "planned", "sent"),
        occurrences.c.due_at <= bindparam("now_"),
    )
    .limit(1)
)
_UNSENT = one_of(occurrences.c.state, "planned", "skipped")
_REPLAN = Prepared(
    update(occurrences)
    .where(occurrences.c.id == bindparam("id_"), _UNSENT)
    .values(due_at=bindparam("due_"), state=bindparam("state_"), reason=bindparam("reason_"))
)
_DROP = Prepared(delete(occurrences).where(occurrences.c.id == bindparam("id_"), _UNSENT))
_END = Prepared(
    update(occurrences)
    .where(occurrences.c.id == bindparam("id_"), occurrences.c.state == "planned")
    .values(
        state=bindparam("state_"), reason=bindparam("reason_"), person=bindparam("person_"), fired_at=bindparam("at_")
    )
)
_FIRST = Prepared(
    select(occurrences.c.day)
    .where(occurrences.c.routine == bindparam("routine_"), occurrences.c.state != "by_hand")
    .order_by(occurrences.c.day)
    .limit(1)
)
_DROP_UNKNOWN = delete(occurrences).where(
    occurrences.c.state == "planned",
    occurrences.c.routine.not_in(bindparam("known", expanding=True)),
)
_SAME = occurrences.alias("same")
_DAYS = select(_SAME.c.day).where(_SAME.c.routine == occurrences.c.routine).limit(1)
_FIRST_DAY = _DAYS.where(_SAME.c.state != "by_hand").order_by(_SAME.c.day).scalar_subquery()
_LAST_DAY = _DAYS.where(_SAME.c.state == "sent").order_by(_SAME.c.day.desc()).scalar_subquery()
_FORGET = forget_oldest(
    occurrences.c.due_at,
    PAST,
    occurrences.c.due_at < bindparam("before"),
    occurrences.c.day.is_distinct_from(_FIRST_DAY),
    occurrences.c.day.is_distinct_from(_LAST_DAY),
)


class Occurrences(Questions):
    def next_due(self) -> datetime | None:
        """When the next one that is planned is due; None when none is."""
        moment: datetime | None = self.ask(_NEXT_DUE).scalar()
        return moment

    def from_day(self, routine: str, day: date) -> dict[tuple[date, str], Planned]:
        """What was planned for a routine from a day on, by (day, seat), whatever became of it."""
        rows = [Planned(*row) for row in self.ask(_FROM, {"routine_": routine, "day_": day})]
        return {(planned.day, planned.seat): planned for planned in rows}

    def plan(self, routine: str, day: date, seat: str, due_at: datetime, skip: str | None) -> None:
        """Plan an occurrence, unless it is; ``skip`` is the reason it will not be sent."""
        self.plan_all(routine, [(day, due_at, seat, skip)])

    def plan_all(self, routine: str, slots: Sequence[tuple[date, datetime, str, str | None]]) -> None:
        """Plan several occurrences, each a day, when it is due, its seat and the reason to skip it."""
        rows = [
            {
                "routine": routine, "day": day, "seat": seat, "due_at": due_at, "reason": skip,
                "state": "skipped" if skip else "planned",
            }
            for day, due_at, seat, skip in slots
        ]  # fmt: skip
        if rows:
            self.connection.execute(_PLAN, rows)

    def replan(self, planned: Planned, due_at: datetime, skip: str | None) -> None:
        """Move an occurrence that nothing has become of yet."""
        if planned.is_moved(due_at, skip):
            state = "skipped" if skip else "planned"
            self.ask(_REPLAN, {"id_": planned.id, "due_": due_at, "state_": state, "reason_": skip})

    def drop(self, planned: Planned) -> bool:
        """Take back an occurrence that was planned and not sent; whether it was."""
        return self.ask(_DROP, {"id_": planned.id}).changed == 1

    def due_of(self, routines: Collection[str], now: datetime, most: int) -> list[Occurrence]:
        """The next ones of these routines that are due, oldest first."""
        return self._due(_DUE_OF, routines, now, most)

    def due(self, now: datetime, most: int, besides: Collection[str] = ()) -> list[Occurrence]:
        """The next ones that are due, besides those of some routines, oldest first."""
        return self._due(_DUE_OF_OTHERS, besides, now, most)

    def _due(self, asked: Select[Any], routines: Collection[str], now: datetime, most: int) -> list[Occurrence]:
        values = {"routines": list(routines), "now_": now, "most_": most}
        return [Occurrence(*row) for row in self.connection.execute(asked, values)]

    def take(self, occurrence: int, now: datetime) -> bool:
        """Whether one is still to be sent now, or is sent by hand; nobody else works on it before this transaction
        ends."""
        return self.ask(_TAKE, {"id_": occurrence, "now_": now}).first() is not None

    def newer(self, occurrence: Occurrence, now: datetime) -> bool:
        """Whether a later one of the same routine and seat is due as well."""
        key = {"routine_": occurrence.routine, "seat_": occurrence.seat, "day_": occurrence.day, "now_": now}
        return self.ask(_NEWER, key).first() is not None

    def is_followed(self, routine: str, day: date, seat: str, now: datetime) -> bool:
        """Whether one of a later day was due by now, of the same routine and seat, sent or not."""
        key = {"routine_": routine, "seat_": seat, "day_": day, "now_": now}
        return self.ask(_FOLLOWED, key).first() is not None

    def end(
        self, occurrence: int, state: str, at: datetime, *, reason: str | None = None, person: str | None = None
    ) -> bool:
        """Say what became of a planned one: sent, skipped, expired, needs_human. False when somebody else was first."""
        reason = reason and fit(reason, REASON)
        row = {"id_": occurrence, "state_": state, "reason_": reason, "person_": person, "at_": at}
        return self.ask(_END, row).changed == 1

    def by_hand(self, routine: str, day: date, seat: str, at: datetime, person: str | None) -> int:
        """Record a sending that somebody asked for, and give its id; its seat is marked, so it never stands for the
        planned one."""
        row = {
            "routine": routine,
            "day": day,
            "seat": f"{seat} by hand {at.isoformat()}",
            "due_at": at,
            "state": "by_hand",
        }
        return int(self.ask(_ADD, {**row, "person": person, "fired_at": at}).scalar())

    def first_day(self, routine: str) -> date | None:
        """The first day for which a routine was ever planned; None when it never was."""
        day: date | None = self.ask(_FIRST, {"routine_": routine}).scalar()
        return day

    def drop_unknown(self, known: list[str]) -> None:
        """Take back what was planned for routines that are no longer there."""
        self.connection.execute(_DROP_UNKNOWN, {"known": known or [""]})

    def forget(self, before: datetime, most: int) -> int:
        """Remove the oldest that were due before a moment and do not wait any more; how many. Of each routine its first
        day and the last on which it was sent stay, however old they are."""
        return self.ask(_FORGET, {"before": before, "most_": most}).changed
