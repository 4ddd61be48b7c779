"""Crisis endings: what became of each request to stand a crisis down."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, bindparam, func, insert, select

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

endings = Table(
    "crisis_endings",
    metadata,
    Column("crisis", String(20), ForeignKey("crises.ref"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("answer", String(12), nullable=False),
    Column("answered_by", String(60), nullable=False),
    Column("answered_at", Instant, nullable=False),
    Column("why", Text),
)


@dataclass(frozen=True)
class Ending:
    """A request that is answered: ``agreed``, ``refused`` (with ``why``), or ``withdrawn`` by the person who asked.

    The one that still waits is kept with the crisis; its number is :meth:`CrisisEndings.next`.
    """

    crisis: str
    number: int
    answer: str
    answered_by: str
    answered_at: datetime
    why: str | None = None


_ADD = Prepared(insert(endings))
_COUNT = Prepared(select(func.count()).select_from(endings).where(endings.c.crisis == bindparam("crisis_")))
_COUNT_EACH = (
    select(endings.c.crisis, func.count().label("answered"))
    .where(endings.c.crisis.in_(bindparam("crises_", expanding=True)))
    .group_by(endings.c.crisis)
)
_FIND = Prepared(
    select(endings).where(endings.c.crisis == bindparam("crisis_"), endings.c.number == bindparam("number_"))
)


class CrisisEndings(Questions):
    def add(self, crisis: str, answer: str, *, by: str, at: datetime, why: str | None = None) -> Ending:
        """Keep the answer to the request that waits; the caller has taken the crisis."""
        ending = Ending(crisis, self.next(crisis), answer, by, at, why)
        self.ask(_ADD, vars(ending))
        return ending

    def next(self, crisis: str) -> int:
        """The number of the request that waits, or of the next one; they count from 1."""
        return int(self.ask(_COUNT, {"crisis_": crisis}).scalar()) + 1

    def next_each(self, crises: Collection[str]) -> dict[str, int]:
        """The same for each of these crises, by its reference."""
        rows = self.connection.execute(_COUNT_EACH, {"crises_": list(crises)}) if crises else ()
        answered = {row.crisis: row.answered for row in rows}
        return {crisis: answered.get(crisis, 0) + 1 for crisis in crises}

    def find(self, crisis: str, number: int) -> Ending | None:
        row = self.ask(_FIND, {"crisis_": crisis, "number_": number}).first()
        return Ending(*row) if row else None
