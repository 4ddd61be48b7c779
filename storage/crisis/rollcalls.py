"""Roll calls: how each department says it is in a crisis."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, bindparam, insert, or_, select, update

from storage.base import Instant, Questions, metadata
from storage.crisis.records import crises
from storage.persons import OfPersons, by_key
from storage.prepared import Prepared

rollcalls = Table(
    "crisis_rollcalls",
    metadata,
    Column("crisis", String(20), ForeignKey("crises.ref"), primary_key=True),
    Column("department", String(40), primary_key=True),
    Column("asked", String(60), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("round", Integer, nullable=False),
    Column("answer", String(12)),
    Column("line", Text),
    Column("answered_by", String(60)),
    Column("answered_at", Instant),
    Column("answered_round", Integer),
    Index("ix_crisis_rollcalls_asked", "asked"),
)


@dataclass(frozen=True)
class Rollcall:
    """One department in one crisis: who was ``asked`` last, in which ``round``, and what it answered last: ok,
    affected, help or None. An answer of an earlier round is old."""

    crisis: str
    department: str
    asked: str
    asked_at: datetime
    round: int
    answer: str | None = None
    line: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    answered_round: int | None = None

    @property
    def is_silent(self) -> bool:
        """Whether the question of this round is not answered."""
        return self.answered_round != self.round


_ADD = Prepared(insert(rollcalls))
_ALL = select(rollcalls).where(rollcalls.c.crisis == bindparam("crisis_")).order_by(rollcalls.c.department)
_OF = Prepared(_ALL)
_TAKE_ALL = Prepared(_ALL.with_for_update())
_THIS = (rollcalls.c.crisis == bindparam("crisis_"), rollcalls.c.department == bindparam("department_"))
_TAKE = Prepared(select(rollcalls).where(*_THIS).with_for_update())
_CHANGE = Prepared(update(rollcalls).where(*_THIS))
_SILENT = (
    select(rollcalls)
    .join(crises, crises.c.ref == rollcalls.c.crisis)
    .where(
        crises.c.state == "active",
        or_(rollcalls.c.answered_round.is_(None), rollcalls.c.answered_round < rollcalls.c.round),
    )
    .order_by(rollcalls.c.asked_at)
)
_ASKED = OfPersons(_SILENT, rollcalls.c.asked)
_ALL_SILENT = Prepared(_SILENT)


class Rollcalls(Questions):
    def add_all(self, rollcalls: Sequence[Rollcall]) -> None:
        self.ask_each(_ADD, [vars(rollcall) for rollcall in rollcalls])

    def of(self, crisis: str) -> list[Rollcall]:
        """Every department of a crisis, by its id."""
        return [Rollcall(*row) for row in self.ask(_OF, {"crisis_": crisis})]

    def take(self, crisis: str, department: str) -> Rollcall | None:
        """One department, and nobody else changes it before this transaction ends."""
        row = self.ask(_TAKE, {"crisis_": crisis, "department_": department}).first()
        return Rollcall(*row) if row else None

    def take_all(self, crisis: str) -> list[Rollcall]:
        """Every department of a crisis, and nobody else changes one before this transaction ends."""
        return [Rollcall(*row) for row in self.ask(_TAKE_ALL, {"crisis_": crisis})]

    def ask_again(self, rollcalls: Sequence[Rollcall]) -> None:
        """Keep who is asked about each department in its new round, and when."""
        rows = [
            {
                "crisis_": rollcall.crisis, "department_": rollcall.department, "asked": rollcall.asked,
                "asked_at": rollcall.asked_at, "round": rollcall.round,
            }
            for rollcall in rollcalls
        ]  # fmt: skip
        self.ask_each(_CHANGE, rows)

    def change(self, rollcall: Rollcall, **values: Any) -> Rollcall:
        """Change some of its columns."""
        self.ask(_CHANGE, {"crisis_": rollcall.crisis, "department_": rollcall.department, **values})
        return replace(rollcall, **values)

    def silent(self) -> list[Rollcall]:
        """The questions of active crises that nobody has answered."""
        return [Rollcall(*row) for row in self.ask(_ALL_SILENT)]

    def asked_of(self, persons: Collection[str] | None) -> dict[str, list[Rollcall]]:
        """The questions of active crises that each of these people (None: anybody) was asked and has not answered."""
        rows = _ASKED.run(self.connection, persons)
        return by_key((Rollcall(*row) for row in rows), lambda rollcall: rollcall.asked)
