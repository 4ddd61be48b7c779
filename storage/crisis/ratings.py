"""Crisis ratings: how those who came say a crisis was handled."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, bindparam, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

ratings = Table(
    "crisis_ratings",
    metadata,
    Column("crisis", String(20), ForeignKey("crises.ref"), primary_key=True),
    Column("person", String(60), primary_key=True),
    Column("rating", Integer, nullable=False),
    Column("line", Text),
    Column("at", Instant, nullable=False),
)


@dataclass(frozen=True)
class Rating:
    """What somebody said last; ``rating`` is 1 (badly) to 5 (very well)."""

    crisis: str
    person: str
    rating: int
    line: str | None
    at: datetime


_ADD = Prepared(insert(ratings))
_THIS = (ratings.c.crisis == bindparam("crisis_"), ratings.c.person == bindparam("person_"))
_CHANGE = Prepared(update(ratings).where(*_THIS))
_FIND = Prepared(select(ratings).where(*_THIS))
_OF = Prepared(select(ratings).where(ratings.c.crisis == bindparam("crisis_")).order_by(ratings.c.at, ratings.c.person))


class CrisisRatings(Questions):
    def give(self, crisis: str, person: str, *, rating: int, line: str | None, at: datetime) -> Rating:
        """Keep what somebody says, in the place of what they said before; the caller has taken the crisis."""
        given = {"rating": rating, "line": line, "at": at}
        if self.find(crisis, person):
            self.ask(_CHANGE, {"crisis_": crisis, "person_": person, **given})
        else:
            self.ask(_ADD, {"crisis": crisis, "person": person, **given})
        return Rating(crisis, person, rating, line, at)

    def find(self, crisis: str, person: str) -> Rating | None:
        row = self.ask(_FIND, {"crisis_": crisis, "person_": person}).first()
        return Rating(*row) if row else None

    def of(self, crisis: str) -> list[Rating]:
        """What everybody said of a crisis, the oldest first."""
        return [Rating(*row) for row in self.ask(_OF, {"crisis_": crisis})]
