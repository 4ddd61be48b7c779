"""Snoozes: what somebody does not want to read in their digest before a day."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Column, Date, String, Table, bindparam, insert, select, update

from storage.base import Questions, metadata
from storage.forgetting import forget_oldest
from storage.persons import OfPersons
from storage.prepared import Prepared

snoozes = Table(
    "snoozes",
    metadata,
    Column("person", String(60), primary_key=True),
    Column("ref", String(120), primary_key=True),
    Column("until", Date, nullable=False),
    sqlite_with_rowid=False,
)
_ADD = Prepared(insert(snoozes))
_MOVE = Prepared(
    update(snoozes)
    .where(snoozes.c.person == bindparam("person_"), snoozes.c.ref == bindparam("ref_"))
    .values(until=bindparam("until_"))
)
_ON = OfPersons(select(snoozes.c.person, snoozes.c.ref).where(snoozes.c.until > bindparam("day_")), snoozes.c.person)
_FORGET = forget_oldest(snoozes.c.until, snoozes.c.until <= bindparam("day_"))


class Snoozes(Questions):
    def put_off(self, person: str, ref: str, until: date) -> None:
        """Hide what a reference is about from somebody's digest until a day, which shows it again."""
        if not self.ask(_MOVE, {"person_": person, "ref_": ref, "until_": until}).changed:
            self.ask(_ADD, {"person": person, "ref": ref, "until": until})

    def on(self, persons: Collection[str], day: date) -> dict[str, set[str]]:
        """The references that are hidden from the digests of these people on a day, by person."""
        found: dict[str, set[str]] = {}
        for row in _ON.run(self.connection, persons, {"day_": day}):
            found.setdefault(row.person, set()).add(row.ref)
        return found

    def forget(self, day: date, most: int) -> int:
        """Remove the oldest of those that hide nothing from a day on; how many."""
        return self.ask(_FORGET, {"day_": day, "most_": most}).changed
