"""Crisis follow-ups: what is still to be done because of a crisis, by whom and until when."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    update,
)

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

follow_ups = Table(
    "crisis_follow_ups",
    metadata,
    Column("crisis", String(20), ForeignKey("crises.ref"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("what", Text, nullable=False),
    Column("owner", String(60), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("created_by", String(60), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("done_by", String(60)),
    Column("done_at", Instant),
)
_OPEN = follow_ups.c.done_at.is_(None)
Index("ix_crisis_follow_ups_open", follow_ups.c.owner, sqlite_where=_OPEN, postgresql_where=_OPEN)


@dataclass(frozen=True)
class FollowUp:
    """One action; it stays when the crisis is over, until it is done."""

    crisis: str
    number: int
    what: str
    owner: str
    due_on: date
    created_by: str
    created_at: datetime
    done_by: str | None = None
    done_at: datetime | None = None

    @property
    def ref(self) -> str:
        return f"{self.crisis}.{self.number}"


_ADD = Prepared(insert(follow_ups))
_THIS = (follow_ups.c.crisis == bindparam("crisis_"), follow_ups.c.number == bindparam("number_"))
_TAKE = Prepared(select(follow_ups).where(*_THIS).with_for_update())
_CHANGE = Prepared(update(follow_ups).where(*_THIS))
_COUNT = Prepared(select(func.count()).select_from(follow_ups).where(follow_ups.c.crisis == bindparam("crisis_")))
_OF = Prepared(select(follow_ups).where(follow_ups.c.crisis == bindparam("crisis_")).order_by(follow_ups.c.number))
_ALL_OPEN = Prepared(
    select(follow_ups).where(_OPEN).order_by(follow_ups.c.due_on, follow_ups.c.crisis, follow_ups.c.number)
)
_OWED = Prepared(
    select(follow_ups)
    .where(_OPEN, follow_ups.c.owner == bindparam("owner_"))
    .order_by(follow_ups.c.due_on, follow_ups.c.crisis, follow_ups.c.number)
)


class CrisisFollowUps(Questions):
    def add(self, crisis: str, *, what: str, owner: str, due_on: date, by: str, at: datetime) -> FollowUp:
        """Keep an action under the next number of its crisis, which the caller has taken."""
        number = int(self.ask(_COUNT, {"crisis_": crisis}).scalar()) + 1
        follow_up = FollowUp(crisis, number, what, owner, due_on, by, at)
        self.ask(_ADD, vars(follow_up))
        return follow_up

    def take(self, ref: str) -> FollowUp | None:
        """The action of a reference such as CR-2026-01.2, taken for a change; None when there is none."""
        crisis, _, number = ref.partition(".")
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            return None
        row = self.ask(_TAKE, {"crisis_": crisis.upper(), "number_": int(number)}).first()
        return FollowUp(*row) if row else None

    def finish(self, follow_up: FollowUp, by: str, at: datetime) -> FollowUp:
        """Mark it as done."""
        done = replace(follow_up, done_by=by, done_at=at)
        self.ask(_CHANGE, {"crisis_": follow_up.crisis, "number_": follow_up.number, "done_by": by, "done_at": at})
        return done

    def give(self, follow_up: FollowUp, owner: str) -> FollowUp:
        """Somebody else is to do it from now on."""
        self.ask(_CHANGE, {"crisis_": follow_up.crisis, "number_": follow_up.number, "owner": owner})
        return replace(follow_up, owner=owner)

    def open(self) -> list[FollowUp]:
        """What anybody still has to do, the nearest due first."""
        return [FollowUp(*row) for row in self.ask(_ALL_OPEN)]

    def of(self, crisis: str) -> list[FollowUp]:
        """All that follows from a crisis, in the order of their numbers."""
        return [FollowUp(*row) for row in self.ask(_OF, {"crisis_": crisis})]

    def owed_by(self, person: str) -> list[FollowUp]:
        """What somebody still has to do, the nearest due first."""
        return [FollowUp(*row) for row in self.ask(_OWED, {"owner_": person})]
