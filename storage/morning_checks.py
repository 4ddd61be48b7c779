"""Morning checks: each morning check with what stood in it, so that it can be brought up to date through the day."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Date, String, Table, Text, bindparam, delete, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

mornings = Table(
    "mornings",
    metadata,
    Column("day", Date, primary_key=True),
    Column("person", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("since", Instant, nullable=False),
    Column("content", Text, nullable=False),
)


@dataclass(frozen=True)
class Morning:
    """One morning check: when it was counted, from when on things are new, to whom it went, and its items as JSON."""

    day: date
    person: str
    at: datetime
    since: datetime
    content: str


_ADD = Prepared(insert(mornings))
_FORGET = Prepared(delete(mornings).where(mornings.c.day == bindparam("day_")))
_ON = Prepared(select(mornings).where(mornings.c.day == bindparam("day_")))
_BY_DAY = select(mornings).order_by(mornings.c.day.desc()).limit(1)
_NEWEST = Prepared(_BY_DAY)
_TAKE_NEWEST = Prepared(_BY_DAY.with_for_update())
_BEFORE = Prepared(_BY_DAY.where(mornings.c.day <= bindparam("day_"), mornings.c.at < bindparam("before")))
_CHANGE = Prepared(update(mornings).where(mornings.c.day == bindparam("day_")).values(content=bindparam("content_")))


class MorningChecks(Questions):
    def add(self, morning: Morning) -> None:
        """Keep a morning check; one sent again by hand takes the place of the one before."""
        self.ask(_FORGET, {"day_": morning.day})
        self.ask(_ADD, vars(morning))

    def on(self, day: date) -> Morning | None:
        """The morning check of a day."""
        row = self.ask(_ON, {"day_": day}).first()
        return Morning(*row) if row else None

    def newest(self) -> Morning | None:
        row = self.ask(_NEWEST).first()
        return Morning(*row) if row else None

    def before(self, day: date, moment: datetime) -> Morning | None:
        """The last one that was sent before a moment of a day, by whichever way."""
        row = self.ask(_BEFORE, {"day_": day, "before": moment}).first()
        return Morning(*row) if row else None

    def take_newest(self) -> Morning | None:
        """The newest one; nobody else changes it before this transaction ends."""
        row = self.ask(_TAKE_NEWEST).first()
        return Morning(*row) if row else None

    def change(self, morning: Morning, content: str) -> None:
        """Write its items again."""
        self.ask(_CHANGE, {"day_": morning.day, "content_": content})
