"""Crisis asks: what somebody with a role was asked for in a crisis and has not acted on, and since when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, String, Table, bindparam, delete, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.persons import by_key
from storage.prepared import Prepared

asks = Table(
    "crisis_asks",
    metadata,
    Column("crisis", String(20), ForeignKey("crises.ref"), primary_key=True),
    Column("person", String(60), primary_key=True, index=True),
    Column("asked_at", Instant, nullable=False),
    Column("silent_at", Instant),
)


@dataclass(frozen=True)
class Ask:
    """Somebody was asked for something, first at ``asked_at``; from ``silent_at`` on somebody else is asked."""

    crisis: str
    person: str
    asked_at: datetime
    silent_at: datetime | None


_ADD = Prepared(insert(asks))
_THIS = (asks.c.crisis == bindparam("crisis_"), asks.c.person == bindparam("person_"))
_FIND = Prepared(select(asks).where(*_THIS))
_OF = Prepared(select(asks).where(asks.c.crisis == bindparam("crisis_")).order_by(asks.c.asked_at, asks.c.person))
_OF_EACH = (
    select(asks).where(asks.c.crisis.in_(bindparam("crises_", expanding=True))).order_by(asks.c.asked_at, asks.c.person)
)
_FOR = Prepared(select(asks).where(asks.c.person == bindparam("person_")).order_by(asks.c.crisis))
_SILENT = Prepared(update(asks).where(*_THIS).values(silent_at=bindparam("at_")))
_ACTED = Prepared(delete(asks).where(asks.c.person == bindparam("person_")))
_OVER = Prepared(delete(asks).where(asks.c.crisis == bindparam("crisis_")))


class CrisisAsks(Questions):
    def add(self, crisis: str, person: str, at: datetime) -> None:
        """Somebody is asked for something; what they were asked for before and still owe counts from then."""
        if self.ask(_FIND, {"crisis_": crisis, "person_": person}).first() is None:
            self.ask(_ADD, {"crisis": crisis, "person": person, "asked_at": at, "silent_at": None})

    def of(self, crisis: str) -> list[Ask]:
        """Those who have not acted since they were asked, the longest waiting first."""
        return [Ask(*row) for row in self.ask(_OF, {"crisis_": crisis})]

    def of_each(self, crises: Collection[str]) -> dict[str, list[Ask]]:
        """The same for each of these crises, by its reference."""
        rows = self.connection.execute(_OF_EACH, {"crises_": list(crises)}) if crises else ()
        return by_key((Ask(*row) for row in rows), lambda ask: ask.crisis)

    def of_person(self, person: str) -> list[Ask]:
        """In which crises somebody was asked and has not acted since."""
        return [Ask(*row) for row in self.ask(_FOR, {"person_": person})]

    def silent(self, crisis: str, person: str, at: datetime) -> None:
        """Somebody else is asked from now on."""
        self.ask(_SILENT, {"crisis_": crisis, "person_": person, "at_": at})

    def acted(self, person: str) -> None:
        """Somebody has done something: they owe no answer."""
        self.ask(_ACTED, {"person_": person})

    def over(self, crisis: str) -> None:
        """Nobody owes an answer in a crisis any more."""
        self.ask(_OVER, {"crisis_": crisis})
