"""Notes: news for somebody that can wait for their next digest."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    exists,
    insert,
    or_,
    select,
    update,
)

from storage.base import Instant, Questions, metadata
from storage.chat.snoozes import snoozes
from storage.forgetting import forget_oldest
from storage.persons import OfPersons
from storage.prepared import Prepared

notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", String(60), nullable=False),
    Column("ref", String(120), nullable=False),
    Column("line", Text, nullable=False),
    Column("buttons", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("told_on", Date, index=True),
    Column("draws", String(200)),
)
Index("ix_notes_person", notes.c.person, notes.c.told_on)
Index("ix_notes_ref", notes.c.ref, notes.c.told_on)
Index("ix_notes_told", notes.c.told_on)


@dataclass(frozen=True)
class Note:
    """One line of news and when it was written; ``buttons`` are what they were given as. ``draws`` is how it is found
    out whether it still holds."""

    ref: str
    line: str
    buttons: Sequence[Mapping[str, Any]]
    at: datetime
    draws: str | None


@dataclass(frozen=True)
class NewNote:
    """A line for somebody's next digest, as :class:`Note`."""

    person: str
    ref: str
    line: str
    buttons: Sequence[Mapping[str, Any]]
    at: datetime
    draws: str | None = None


_THEIRS = notes.c.person == bindparam("person_")
_COLUMNS = (notes.c.ref, notes.c.line, notes.c.buttons, notes.c.at, notes.c.draws)
_ADD = Prepared(insert(notes).returning(notes.c.id))
_ADD_ALL = insert(notes).returning(notes.c.id)
_TOLD = select(notes.c.person, notes.c.ref).where(
    notes.c.ref.in_(bindparam("refs", expanding=True)), notes.c.at >= bindparam("since_")
)
_PUT_OFF = exists().where(
    snoozes.c.person == notes.c.person, snoozes.c.ref == notes.c.ref, snoozes.c.until > bindparam("day_")
)
_TELL = Prepared(
    update(notes)
    .where(notes.c.id.in_(bindparam("ids", expanding=True)), notes.c.told_on.is_(None))
    .values(told_on=bindparam("told_"))
)
_WAITING = OfPersons(
    select(notes.c.person, notes.c.id).where(notes.c.told_on.is_(None), ~_PUT_OFF).order_by(notes.c.id),
    notes.c.person,
)
_TAKE_BACK = Prepared(
    update(notes)
    .where(_THEIRS, notes.c.ref == bindparam("ref_"), notes.c.told_on == bindparam("day_"))
    .values(told_on=None)
)
_TAKE_BACK_ALL = Prepared(update(notes).where(_THEIRS, notes.c.told_on == bindparam("day_")).values(told_on=None))
_OF_DAY = OfPersons(
    select(notes.c.person, *_COLUMNS).where(notes.c.told_on == bindparam("day_")).order_by(notes.c.id), notes.c.person
)
_AND_UNTOLD = OfPersons(
    select(notes.c.person, *_COLUMNS)
    .where(or_(notes.c.told_on == bindparam("day_"), notes.c.told_on.is_(None)))
    .order_by(notes.c.id),
    notes.c.person,
)
_ALL = Prepared(select(*_COLUMNS).where(_THEIRS).order_by(notes.c.id.desc()))
_READERS = Prepared(
    select(notes.c.person)
    .where(notes.c.ref.in_(bindparam("refs", expanding=True)), notes.c.told_on == bindparam("day_"))
    .distinct()
)
_FORGET_TOLD = forget_oldest(notes.c.told_on, notes.c.told_on < bindparam("day_"))
_FORGET_UNTOLD = forget_oldest(notes.c.at, notes.c.told_on.is_(None), notes.c.at < bindparam("before"))


class Notes(Questions):
    def add(
        self,
        person: str,
        ref: str,
        line: str,
        buttons: Sequence[Mapping[str, Any]],
        at: datetime,
        draws: str | None = None,
    ) -> int:
        """Keep a line for somebody's next digest, and give its id."""
        [number] = self.add_all([NewNote(person, ref, line, buttons, at, draws)])
        return number

    def add_all(self, new: Sequence[NewNote]) -> list[int]:
        """Keep several lines, and give their ids."""
        rows = [{**vars(note), "buttons": json.dumps(list(note.buttons))} for note in new]
        if len(rows) == 1:
            return [int(self.ask(_ADD, rows[0]).scalar())]
        return sorted(self.connection.execute(_ADD_ALL, rows).scalars()) if rows else []

    def tell(self, waiting: Sequence[int], day: date) -> None:
        """Put these lines, of those that wait, into the digests of a day."""
        if waiting:
            self.ask(_TELL, {"ids": list(waiting), "told_": day})

    def told(self, persons: Collection[str], day: date, *, untold: bool = False) -> dict[str, list[Note]]:
        """What stands in the digests of these people of a day, oldest first, by person; with ``untold`` also what would
        be put into them now, and what was put off."""
        found: dict[str, list[Note]] = {}
        for row in (_AND_UNTOLD if untold else _OF_DAY).run(self.connection, persons, {"day_": day}):
            found.setdefault(row.person, []).append(_note(row))
        return found

    def waiting(self, persons: Collection[str], day: date) -> dict[str, list[int]]:
        """The ids of what waits for the digests of these people, by person, except what they have put off."""
        found: dict[str, list[int]] = {}
        for row in _WAITING.run(self.connection, persons, {"day_": day}):
            found.setdefault(row.person, []).append(row.id)
        return found

    def take_back(self, person: str, ref: str, day: date) -> None:
        """Have what somebody's digest of a day said about a reference told again."""
        self.ask(_TAKE_BACK, {"person_": person, "ref_": ref, "day_": day})

    def take_back_all(self, person: str, day: date) -> None:
        """Have all that somebody's digest of a day said told again."""
        self.ask(_TAKE_BACK_ALL, {"person_": person, "day_": day})

    def all(self, person: str) -> list[Note]:
        """Everything that is kept for somebody, told or not, newest first."""
        return [_note(row) for row in self.ask(_ALL, {"person_": person})]

    def told_since(self, refs: Collection[str], since: datetime) -> set[tuple[str, str]]:
        """Who was told about which of these references since a moment: (person, reference)."""
        asked = {"refs": list(refs), "since_": since}
        return {(row.person, row.ref) for row in self.connection.execute(_TOLD, asked)} if refs else set()

    def readers(self, refs: Collection[str], day: date) -> list[str]:
        """Whose digest of a day has a line of news about one of these references."""
        asked = {"refs": list(refs), "day_": day}
        return [row.person for row in self.ask(_READERS, asked)] if refs else []

    def forget(self, day: date, before: datetime, most: int) -> int:
        """Remove the oldest of what was told before a day, and of what was kept before a moment and told to nobody; how
        many."""
        told = self.ask(_FORGET_TOLD, {"day_": day, "most_": most}).changed
        return told + self.ask(_FORGET_UNTOLD, {"before": before, "most_": most - told}).changed


def _note(row: Any) -> Note:
    return Note(row.ref, row.line, json.loads(row.buttons), row.at, row.draws)
