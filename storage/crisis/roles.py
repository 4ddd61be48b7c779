"""Crisis roles: who has which role in a crisis, and had it before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, String, Table, bindparam, insert, select, update

from storage.base import Instant, Questions, metadata, one_of
from storage.crisis.records import crises
from storage.prepared import Prepared

roles = Table(
    "crisis_roles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("crisis", String(20), ForeignKey("crises.ref"), nullable=False, index=True),
    Column("role", String(40), nullable=False),
    Column("person", String(60), nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("stands_in", String(60)),
    Column("why", String(20)),
)


@dataclass(frozen=True)
class Holding:
    """Somebody has a role since ``taken_at``, until ``ended_at``; ``stands_in`` is who was told last to do its work
    for them, and ``why``: left, switched off, unreachable, away, silent."""

    id: int
    crisis: str
    role: str
    person: str
    taken_at: datetime
    ended_at: datetime | None = None
    stands_in: str | None = None
    why: str | None = None


_ADD = Prepared(insert(roles).returning(roles.c.id))
_OF = Prepared(select(roles).where(roles.c.crisis == bindparam("crisis_")).order_by(roles.c.id))
_HELD = (
    select(roles.c.crisis, roles.c.role, roles.c.person)
    .where(roles.c.crisis.in_(bindparam("crises_", expanding=True)), roles.c.ended_at.is_(None))
    .order_by(roles.c.id)
)
_END = Prepared(
    update(roles)
    .where(roles.c.crisis == bindparam("crisis_"), roles.c.role == bindparam("role_"), roles.c.ended_at.is_(None))
    .values(ended_at=bindparam("at_"))
)
_NOW = Prepared(
    select(roles)
    .join(crises, crises.c.ref == roles.c.crisis)
    .where(roles.c.ended_at.is_(None), one_of(crises.c.state, "alarm", "active"))
    .order_by(roles.c.id)
)
_PASS_ON = Prepared(
    update(roles).where(roles.c.id == bindparam("id_")).values(stands_in=bindparam("stands_in_"), why=bindparam("why_"))
)


class CrisisRoles(Questions):
    def take(self, crisis: str, role: str, person: str, at: datetime) -> Holding:
        """Give somebody a role, in place of the person who has it."""
        self.ask(_END, {"crisis_": crisis, "role_": role, "at_": at})
        row = {"crisis": crisis, "role": role, "person": person, "taken_at": at}
        return Holding(int(self.ask(_ADD, row).scalar()), **row)  # type: ignore[arg-type]

    def leave(self, crisis: str, role: str, at: datetime) -> None:
        """Nobody has the role any more."""
        self.ask(_END, {"crisis_": crisis, "role_": role, "at_": at})

    def pass_on(self, holding: Holding, stands_in: str | None, why: str | None) -> None:
        """Keep who was told to do the work of a role for its holder; None when the holder does it again."""
        self.ask(_PASS_ON, {"id_": holding.id, "stands_in_": stands_in, "why_": why})

    def of(self, crisis: str) -> list[Holding]:
        """Who had a role in a crisis, in the order in which they took it."""
        return [Holding(*row) for row in self.ask(_OF, {"crisis_": crisis})]

    def now(self) -> list[Holding]:
        """Who has which role in the crises that are not over."""
        return [Holding(*row) for row in self.ask(_NOW)]

    def held(self, crisis: str) -> dict[str, str]:
        """Who has which role now: the person by role."""
        return {holding.role: holding.person for holding in self.of(crisis) if holding.ended_at is None}

    def held_each(self, crises: Collection[str]) -> dict[str, dict[str, str]]:
        """The same in each of these crises, by its reference."""
        found: dict[str, dict[str, str]] = {}
        for row in self.connection.execute(_HELD, {"crises_": list(crises)}) if crises else ():
            found.setdefault(row.crisis, {})[row.role] = row.person
        return found
