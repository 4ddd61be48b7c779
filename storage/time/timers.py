"""Timers: what is due later, once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, UniqueConstraint, bindparam, func, select, text, update

from storage.base import Instant, Questions, fit, metadata, one_of, partial_index
from storage.forgetting import forget_oldest
from storage.prepared import Prepared

ERROR = 400  # characters

timers = Table(
    "timers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(80), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("step", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("error", String(ERROR)),
    UniqueConstraint("kind", "subject", "step"),
)
partial_index(
    "ix_timers_waiting",
    timers.c.due_at,
    where=timers.c.state == "waiting",
)
ENDED = one_of(timers.c.state, "fired", "failed", "cancelled")
partial_index("ix_timers_ended", timers.c.due_at, where=ENDED)


@dataclass(frozen=True)
class NewTimer:
    """What is to be done at a moment: the kind of timer, what it is about, and the step."""

    kind: str
    subject: str
    due_at: datetime
    step: int = 0


@dataclass(frozen=True)
class DueTimer:
    id: int
    kind: str
    subject: str
    step: int


_ADD = Prepared(
    text(
        "INSERT INTO timers (kind, subject, step, due_at, state) VALUES (:kind, :subject, :step, :due_at, 'waiting') "
        "ON CONFLICT (kind, subject, step) DO NOTHING"
    ).bindparams(bindparam("due_at", type_=Instant()))
)
_DUE_ROWS = (
    select(timers.c.id, timers.c.kind, timers.c.subject, timers.c.step)
    .where(timers.c.state == "waiting", timers.c.due_at <= bindparam("now_"))
    .order_by(timers.c.due_at, timers.c.id)
    .limit(bindparam("most_"))
)
_DUE = Prepared(_DUE_ROWS)
_DUE_OF = Prepared(_DUE_ROWS.where(timers.c.kind.in_(bindparam("kinds", expanding=True))))
_END = Prepared(
    update(timers)
    .where(timers.c.id == bindparam("id_"), timers.c.state == "waiting")
    .values(state=bindparam("state_"), error=bindparam("error_"))
)
_AGAIN = Prepared(
    update(timers)
    .where(timers.c.kind == bindparam("kind_"), timers.c.subject == bindparam("subject_"), timers.c.step == 0)
    .values(due_at=bindparam("due_at_"), state="waiting", error=None)
)
_CANCEL = Prepared(
    update(timers)
    .where(timers.c.kind == bindparam("kind_"), timers.c.subject == bindparam("subject_"), timers.c.state == "waiting")
    .values(state="cancelled")
)
_CANCEL_ANY = (
    update(timers)
    .where(timers.c.kind == bindparam("kind_"), timers.c.subject.in_(bindparam("subjects_", expanding=True)))
    .where(timers.c.state == "waiting")
    .values(state="cancelled")
)
_NEXT_DUE = Prepared(
    select(timers.c.due_at)
    .where(timers.c.kind == bindparam("kind_"), timers.c.subject == bindparam("subject_"), timers.c.state == "waiting")
    .order_by(timers.c.due_at)
    .limit(1)
)
_FIRST_DUE = Prepared(select(timers.c.due_at).where(timers.c.state == "waiting").order_by(timers.c.due_at).limit(1))
_ALL_DUE = Prepared(
    select(timers.c.subject, timers.c.due_at)
    .where(timers.c.kind == bindparam("kind_"), timers.c.state == "waiting")
    .order_by(timers.c.due_at.desc())
)
_LAST_STEP = Prepared(
    select(func.max(timers.c.step)).where(
        timers.c.kind == bindparam("kind_"), timers.c.subject == bindparam("subject_")
    )
)
_FORGET = forget_oldest(timers.c.due_at, ENDED, timers.c.due_at < bindparam("before"))


class Timers(Questions):
    def add(self, kind: str, subject: str, step: int, due_at: datetime) -> None:
        """Plan a timer; the same (kind, subject, step) is planned once."""
        self.ask(_ADD, {"kind": kind, "subject": subject, "step": step, "due_at": due_at})

    def add_all(self, new: Sequence[NewTimer]) -> None:
        """Plan several timers, each of them once."""
        self.ask_each(_ADD, [vars(timer) for timer in new])

    def again(self, kind: str, subject: str, due_at: datetime) -> None:
        """Plan the one timer of this kind and subject, which comes again and again, for its next time."""
        if not self.ask(_AGAIN, {"kind_": kind, "subject_": subject, "due_at_": due_at}).changed:
            self.add(kind, subject, 0, due_at)

    def cancel(self, kind: str, *subjects: str) -> None:
        """Cancel every step that still waits for one of these subjects."""
        if len(subjects) == 1:
            self.ask(_CANCEL, {"kind_": kind, "subject_": subjects[0]})
        elif subjects:
            self.connection.execute(_CANCEL_ANY, {"kind_": kind, "subjects_": subjects})

    def first_due(self) -> datetime | None:
        """When the first of all timers that wait is due; None when none waits."""
        moment: datetime | None = self.ask(_FIRST_DUE).scalar()
        return moment

    def due(self, now: datetime, most: int) -> list[DueTimer]:
        """The next ones that are due, oldest first."""
        return [DueTimer(*row) for row in self.ask(_DUE, {"now_": now, "most_": most})]

    def due_of(self, kinds: Collection[str], now: datetime, most: int) -> list[DueTimer]:
        """The next ones of these kinds that are due, oldest first."""
        asked = {"kinds": list(kinds), "now_": now, "most_": most}
        return [DueTimer(*row) for row in self.ask(_DUE_OF, asked)]

    def next_due(self, kind: str, subject: str) -> datetime | None:
        """When the next timer of this kind that waits for a subject is due; None when none waits."""
        moment: datetime | None = self.ask(_NEXT_DUE, {"kind_": kind, "subject_": subject}).scalar()
        return moment

    def all_due(self, kind: str) -> dict[str, datetime]:
        """When the next timer of this kind is due, for every subject for which one waits."""
        return {row.subject: row.due_at for row in self.ask(_ALL_DUE, {"kind_": kind})}

    def next_step(self, kind: str, subject: str) -> int:
        """A step that no timer of this kind and subject has had, for what is planned again and again."""
        last = self.ask(_LAST_STEP, {"kind_": kind, "subject_": subject}).scalar()
        return 0 if last is None else int(last) + 1

    def end(self, timer: int, state: str, error: str | None = None) -> bool:
        """Say that a waiting timer ``fired`` or ``failed``; False when somebody else was first."""
        row = {"id_": timer, "state_": state, "error_": error and fit(error, ERROR)}
        return self.ask(_END, row).changed == 1

    def forget(self, before: datetime, most: int) -> int:
        """Remove the oldest of those that ended and were due before a moment; how many."""
        return self.ask(_FORGET, {"before": before, "most_": most}).changed
