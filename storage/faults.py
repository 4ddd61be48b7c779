"""Faults: parts that broke and were set aside, so that the rest goes on and somebody is told."""

from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Column, Integer, String, Table, bindparam, delete, select, text

from storage.base import LEFT, Instant, Questions, fit, metadata
from storage.prepared import Prepared

PART, ABOUT, ERROR = 160, 160, 400  # characters

faults = Table(
    "faults",
    metadata,
    Column("part", String(PART), primary_key=True),
    Column("about", String(ABOUT), nullable=False),
    Column("error", String(ERROR), nullable=False),
    Column("since", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)


def in_words(problem: Exception) -> str:
    """An exception as a fault is kept with it, and as IT reads it."""
    return f"{type(problem).__name__}: {problem}"


@dataclass(frozen=True)
class Fault:
    """A part that was set aside, such as "routine standup"; ``about`` is whom or what it broke over first."""

    part: str
    about: str
    error: str
    since: datetime
    last_at: datetime
    count: int


_ALL = Prepared(select(*faults.c).order_by(faults.c.since, faults.c.part))
_NOTE = Prepared(
    text(
        "INSERT INTO faults (part, about, error, since, last_at, count) VALUES (:part, :about, :error, :at, :at, 1) "
        "ON CONFLICT (part) DO UPDATE SET error = excluded.error, last_at = excluded.last_at, count = faults.count + 1"
    ).bindparams(bindparam("at", type_=Instant()))
)
_CLEAR = Prepared(delete(faults).where(faults.c.part == bindparam("part_")))


class Faults(Questions):
    """A transaction that only reads leaves what it finds for the writer (see Database.read)."""

    def note(self, part: str, error: str, at: datetime, about: str = "") -> None:
        """Say that a part broke: it is kept with when it broke first and last, and how often."""
        found = Fault(fit(part, PART), fit(about, ABOUT), fit(error, ERROR), at, at, 1)
        row = {"part": found.part, "about": found.about, "error": found.error, "at": at}
        if self._write(lambda store: store.ask(_NOTE, row)):
            self._found[found.part] = found

    def clear(self, part: str) -> None:
        """Say that a part works again, or that somebody has seen to it."""
        if self._write(lambda store: store.ask(_CLEAR, {"part_": fit(part, PART)})):
            self._found[fit(part, PART)] = None

    def all(self) -> list[Fault]:
        """What is set aside, the longest first; also what this transaction leaves for the writer."""
        known = {row.part: Fault(*row) for row in self.ask(_ALL)}
        for part, found in self._found.items():
            if found is None:
                known.pop(part, None)
            else:
                known[part] = _once_more(known[part], found) if part in known else found
        return list(known.values())

    @cached_property
    def _found(self) -> dict[str, Fault | None]:
        """What is left for the writer, by part: the fault, or None for a part that works again."""
        return {}

    @cached_property
    def broken(self) -> frozenset[tuple[str, str]]:
        """The parts that were set aside before this transaction, each with what it broke over."""
        return frozenset((fault.part, fault.about) for fault in self.all())

    def none(self) -> None:
        """Say that nothing is set aside, as somebody has just read in this transaction."""
        self.broken = frozenset()

    def sound(self, part: str, about: str = "") -> None:
        """Say that a part has worked: it is set aside no more when it works for what it broke over."""
        if self.broken and (fit(part, PART), fit(about, ABOUT)) in self.broken:
            self.clear(part)

    def sound_of(self, part: str, abouts: Container[str]) -> None:
        """Say that a part has worked for all of these: it is set aside no more when it broke over one of them."""
        if any(name == fit(part, PART) and about in abouts for name, about in self.broken):
            self.clear(part)

    def _write(self, work: "Callable[[Faults], Any]") -> bool:
        """Do it, or leave it for the writer; whether it was left."""
        left = self.connection.info.get(LEFT)
        if left is None:
            work(self)
        else:
            left.append(lambda store: work(store.faults))
        return left is not None


def _once_more(before: Fault, found: Fault) -> Fault:
    return replace(before, error=found.error, last_at=found.last_at, count=before.count + 1)
