"""Absences: who is away from when to when, and who is asked instead."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Column, Date, Integer, String, Table, bindparam, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

absences = Table(
    "absences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", String(60), nullable=False, index=True),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("deputy", String(60)),
    Column("made_by", String(60), nullable=False),
    Column("made_at", Instant, nullable=False),
)


@dataclass(frozen=True)
class Absence:
    """Somebody's days away, ``first`` and ``last`` included; a day that is covered twice goes by the newer one."""

    id: int
    person: str
    first: date
    last: date
    deputy: str | None
    made_by: str = ""


_COLUMNS = (
    absences.c.id, absences.c.person, absences.c.first, absences.c.last, absences.c.deputy, absences.c.made_by
)  # fmt: skip
_ADD = Prepared(insert(absences).returning(absences.c.id))
_ON = Prepared(
    select(*_COLUMNS)
    .where(
        absences.c.person == bindparam("person_"),
        absences.c.first <= bindparam("day_"),
        absences.c.last >= bindparam("day_"),
    )
    .order_by(absences.c.id.desc())
    .limit(1)
)
_SAID = Prepared(
    select(absences.c.id)
    .where(
        absences.c.person == bindparam("person_"),
        absences.c.first <= bindparam("day_"),
        absences.c.last >= bindparam("day_"),
        absences.c.made_by != bindparam("not_by_"),
    )
    .limit(1)
)
_OF_DAY = Prepared(
    select(*_COLUMNS)
    .where(absences.c.first <= bindparam("day_"), absences.c.last >= bindparam("day_"))
    .order_by(absences.c.id)
)
_FROM = Prepared(
    select(*_COLUMNS)
    .where(absences.c.last >= bindparam("day_"), absences.c.last >= absences.c.first)
    .order_by(absences.c.first, absences.c.id)
)
_OF = Prepared(
    select(*_COLUMNS)
    .where(
        absences.c.person == bindparam("person_"),
        absences.c.last >= bindparam("day_"),
        absences.c.last >= absences.c.first,
    )
    .order_by(absences.c.first, absences.c.id)
)
_THIS = absences.c.id == bindparam("id_")
_FIND = Prepared(select(*_COLUMNS).where(_THIS))
_SHORTEN = Prepared(update(absences).where(_THIS).values(last=bindparam("last_")))
_CHANGE = Prepared(update(absences).where(_THIS))


class Absences(Questions):
    def add(self, person: str, first: date, last: date, deputy: str | None, *, by: str, at: datetime) -> Absence:
        """Keep an absence."""
        row = {"person": person, "first": first, "last": last, "deputy": deputy, "made_by": by, "made_at": at}
        return Absence(int(self.ask(_ADD, row).scalar()), person, first, last, deputy, by)

    def find(self, absence: int) -> Absence | None:
        row = self.ask(_FIND, {"id_": absence}).first()
        return Absence(*row) if row else None

    def on(self, person: str, day: date) -> Absence | None:
        """The absence of somebody on a day."""
        row = self.ask(_ON, {"person_": person, "day_": day}).first()
        return Absence(*row) if row else None

    def said_by_others(self, person: str, day: date, other_than: str) -> bool:
        """Whether somebody is away on a day, as anybody but ``other_than`` has said."""
        return self.ask(_SAID, {"person_": person, "day_": day, "not_by_": other_than}).first() is not None

    def of_day(self, day: date) -> dict[str, Absence]:
        """Everybody's absence on a day, by person."""
        return {row.person: Absence(*row) for row in self.ask(_OF_DAY, {"day_": day})}

    def from_day(self, day: date) -> list[Absence]:
        """All absences that are not over on a day, the nearest first."""
        return [Absence(*row) for row in self.ask(_FROM, {"day_": day})]

    def of(self, person: str, day: date) -> list[Absence]:
        """Somebody's absences that are not over on a day, the nearest first."""
        return [Absence(*row) for row in self.ask(_OF, {"person_": person, "day_": day})]

    def end(self, absence: int, last: date) -> None:
        """Let an absence end with ``last``; one that ends before it began is none."""
        self.ask(_SHORTEN, {"id_": absence, "last_": last})

    def change(
        self, absence: Absence, first: date, last: date, deputy: str | None, *, by: str, at: datetime
    ) -> Absence:
        """Change the days of an absence and who is asked instead; who changes it has entered it from then on."""
        self.ask(
            _CHANGE,
            {"id_": absence.id, "first": first, "last": last, "deputy": deputy, "made_by": by, "made_at": at},
        )
        return replace(absence, first=first, last=last, deputy=deputy, made_by=by)

    def put_back(self, again: Absence) -> None:
        """Let an absence be again as it was."""
        row = {"first": again.first, "last": again.last, "deputy": again.deputy, "made_by": again.made_by}
        self.ask(_CHANGE, {"id_": again.id, **row})
