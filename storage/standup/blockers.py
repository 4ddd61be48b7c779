"""Blockers: what stands in somebody's way, from the stand-up in which they said so until it is closed."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, Integer, String, Table, Text, bindparam, insert, select, update

from storage.base import Instant, Questions, metadata, partial_index
from storage.counters import Counters
from storage.prepared import Prepared

blockers = Table(
    "blockers",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("team", String(40), nullable=False),
    Column("day", Date, nullable=False),
    Column("person", String(60), nullable=False),
    Column("what", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("closed_by", String(60)),
    Column("closed_at", Instant),
)
_OPEN = blockers.c.state == "open"
partial_index("ix_blockers_open", blockers.c.team, blockers.c.number, where=_OPEN)


@dataclass(frozen=True)
class Blocker:
    """One blocker; ``state`` is open or closed, ``day`` the stand-up of the team in which it was first named."""

    number: int
    team: str
    day: date
    person: str
    what: str
    state: str
    created_at: datetime
    closed_by: str | None
    closed_at: datetime | None

    @property
    def ref(self) -> str:
        return f"B-{self.number}"


_ADD = Prepared(insert(blockers))
_CHANGE = Prepared(update(blockers).where(blockers.c.number == bindparam("number_")))
_THIS = select(blockers).where(blockers.c.number == bindparam("number_"))
_FIND = Prepared(_THIS)
_TAKE = Prepared(_THIS.with_for_update())
_ALL_OPEN = Prepared(select(blockers).where(_OPEN).order_by(blockers.c.number))
_OPEN_IN = Prepared(select(blockers).where(_OPEN, blockers.c.team == bindparam("team_")).order_by(blockers.c.number))


def _number(ref: str) -> int:
    digits = ref.upper().removeprefix("B-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


class Blockers(Questions):
    def add(self, team: str, day: date, person: str, what: str, at: datetime) -> Blocker:
        number = Counters(self.connection).next("blocker")
        blocker = Blocker(number, team, day, person, what, "open", at, None, None)
        self.ask(_ADD, vars(blocker))
        return blocker

    def find(self, ref: str) -> Blocker | None:
        """The blocker of a reference such as B-1; None when there is none."""
        return self._one(_FIND, ref)

    def take(self, ref: str) -> Blocker | None:
        """The same, and nobody else changes it before this transaction ends."""
        return self._one(_TAKE, ref)

    def _one(self, question: Prepared, ref: str) -> Blocker | None:
        row = self.ask(question, {"number_": _number(ref)}).first()
        return Blocker(*row) if row else None

    def reword(self, blocker: Blocker, what: str) -> Blocker:
        return self._change(blocker, what=what)

    def close(self, blocker: Blocker, *, by: str, at: datetime) -> Blocker:
        return self._change(blocker, state="closed", closed_by=by, closed_at=at)

    def _change(self, blocker: Blocker, **values: Any) -> Blocker:
        self.ask(_CHANGE, {"number_": blocker.number, **values})
        return replace(blocker, **values)

    def give(self, blocker: Blocker, person: str) -> Blocker:
        """Somebody else looks after it from now on."""
        return self._change(blocker, person=person)

    def open(self) -> list[Blocker]:
        """Every open blocker, the oldest first."""
        return [Blocker(*row) for row in self.ask(_ALL_OPEN)]

    def open_in(self, team: str) -> list[Blocker]:
        """The open blockers of a team, the oldest first."""
        return [Blocker(*row) for row in self.ask(_OPEN_IN, {"team_": team})]
