"""Duty: who is asked today for what somebody holds: they themselves, or who stands in while they cannot be asked.

Duty follows the seat, never a person who is gone. The order is everywhere the same: the person; the deputy named for
their absence, then the one of people.toml, and theirs in turn; for a role of a crisis the next of its people; the head
of the department; the city manager; at last an admin. Each of them has deputies too.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from handlers.kit.city.model import City
from handlers.kit.seats import EVERYBODY, NOBODY, holders
from storage.chat.people import COLLEAGUES
from storage.time.absences import Absence

LEFT, OFF, UNREACHABLE, AWAY = "left", "switched off", "unreachable", "away"  # why somebody is not asked
SILENT = "silent"  # the same in a crisis: asked for something, and nothing was done
GONE = (LEFT, OFF)  # nothing is written to them any more
ABOVE = ("city_manager", "admin")  # who is asked when nobody else can be
_WORDS = {LEFT: "has left", OFF: "has no active account", UNREACHABLE: "cannot be reached", AWAY: "is away"}


@dataclass(frozen=True)
class Asked:
    """Who is asked (an id), in whose place, and why that person is not asked."""

    person: str
    instead_of: str | None = None
    why: str | None = None


@dataclass(frozen=True)
class Sitting:
    """The same for a seat; nobody where everybody is addressed, and why nobody is asked where that is so."""

    person: str | None
    instead_of: str | None = None
    why: str | None = None
    skipped: str | None = None


@dataclass(frozen=True)
class Known:
    """What the database says of who can be asked on a day; without one, everybody of the city's files can be."""

    away: Mapping[str, Absence] = field(default_factory=dict)
    off: Collection[str] = frozenset()
    unreachable: Collection[str] = frozenset()
    is_colleague: Callable[[str], bool] = lambda _person: False


@dataclass(frozen=True)
class Duties:
    """Who is asked on a day."""

    city: City
    day: date
    known: Known = Known()
    _sittings: dict[str, Sitting] = field(default_factory=dict, init=False, repr=False, compare=False)

    def why_not(self, person: str) -> str | None:
        """Why somebody is not asked themselves: left, switched off, unreachable, away; None when they are."""
        if not self.is_here(person):
            return LEFT
        if person in self.known.off:
            return OFF
        if person in self.known.unreachable:
            return UNREACHABLE
        return AWAY if person in self.known.away else None

    def is_here(self, person: str) -> bool:
        """Whether somebody still works for the city: they are in its files, or a colleague whom it admits."""
        if person in self.city.people:
            return True
        admitted = person.startswith(COLLEAGUES) and self.city.facts.unknown_people == "staff"
        return admitted and self.known.is_colleague(person)

    def is_gone(self, person: str) -> bool:
        """Whether nothing can be written to somebody any more: they have left, or their account is switched off."""
        return self.why_not(person) in GONE

    def reason(self, person: str) -> str:
        """Why somebody is not asked, to be said after "who": is away until Fri 27 Nov."""
        why = self.why_not(person)
        until = f" until {self.city.calendar.spoken_day(self.known.away[person].last, self.day)}" if why == AWAY else ""
        return f"{_WORDS[why]}{until}" if why else "is asked"

    def of(self, person: str | None, *, department: str | None = None) -> Asked:
        """Who is asked for what somebody holds in a department (an id; theirs when it is not given)."""
        if person and self.why_not(person) is None:
            return Asked(person)
        return self._asked(person, next(self.line([person] if person else [], department=department)))

    def each(self, persons: Iterable[str]) -> list[str]:
        """Who is asked for each of these people, each once."""
        return list(dict.fromkeys(self.of(person).person for person in persons))

    def not_gone(self, persons: Iterable[str]) -> list[str]:
        """Those of these people to whom something can be written, each once."""
        return [person for person in dict.fromkeys(persons) if not self.is_gone(person)]

    def head(self, department: str | None) -> Asked:
        """Who is asked as the head of a department; the city manager where there is none."""
        known = self.city.departments.get(department or "")
        return self.of(known.head if known else None)

    def seat(self, seat: str) -> Sitting:
        """Who sits on a seat. A team member is not replaced: while they cannot be asked, nobody is."""
        if seat not in self._sittings:  # lists by owner ask again for each person
            self._sittings[seat] = self._sitting(seat)
        return self._sittings[seat]

    def _sitting(self, seat: str) -> Sitting:
        kind, _, name = seat.rpartition(":")
        if seat in (EVERYBODY, NOBODY):
            return Sitting(None)
        if kind == "member":
            member = name.partition("/")[2]
            return Sitting(member, skipped=self._skipped(member))
        those = holders(self.city, seat)
        sits = self._asked(those[0] if those else None, next(self.line(those)))
        return Sitting(sits.person) if sits.person in those else Sitting(sits.person, sits.instead_of, sits.why)

    def line(self, persons: Iterable[str], *, then: Iterable[str] = (), department: str | None = None) -> Iterator[str]:
        """Everybody who can be asked for what these people hold, in order, each once; at least one person.

        ``then`` are those who come before the head of the department. Those who are only away come last: they can be
        written to, where nobody else is left.
        """
        everybody = list(dict.fromkeys(self._order(list(persons), then, department)))
        able = [person for person in everybody if self.why_not(person) is None]
        away = [person for person in everybody if self.why_not(person) == AWAY]
        yield from [*able, *away] or sorted(everybody, key=self._hopeless)[:1]

    def _order(self, persons: list[str], then: Iterable[str], department: str | None) -> Iterator[str]:
        yield from persons
        for person in persons:
            yield from self.deputies(person)
        yield from then
        own = next((known.department for known in map(self.city.people.get, persons) if known), None)
        known = self.city.departments.get(department or own or "")
        above = [known.head] if known else []
        for superior in (*above, *(person.id for role in ABOVE for person in self.city.with_role(role))):
            yield superior
            yield from self.deputies(superior)

    def deputies(self, person: str) -> list[str]:
        """The deputies of somebody, and theirs in turn, whether they can be asked or not."""
        return list(self._deputies(person, {person}))

    def _deputies(self, person: str, seen: set[str]) -> Iterator[str]:
        absence, known = self.known.away.get(person), self.city.people.get(person)
        for deputy in (absence.deputy if absence else None, known.deputy if known else None):
            if deputy is not None and deputy not in seen:
                seen.add(deputy)
                yield deputy
                yield from self._deputies(deputy, seen)

    def _hopeless(self, person: str) -> int:
        """The order in which people are asked who cannot be, when nobody else is left: lowest first."""
        return (UNREACHABLE, OFF, LEFT).index(self.why_not(person) or UNREACHABLE)

    def _asked(self, person: str | None, asked: str) -> Asked:
        if person is None or asked == person:
            return Asked(asked)
        return Asked(asked, person, self.why_not(person))

    def _skipped(self, member: str) -> str | None:
        if self.why_not(member) is None:
            return None
        name = self.city.people[member].name if member in self.city.people else member
        return f"{name} {self.reason(member)}"
