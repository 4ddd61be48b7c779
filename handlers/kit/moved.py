"""Moved: which duties pass to somebody else today, because their holder cannot be asked."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import partial

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from handlers.kit.duty import AWAY, Asked, Duties
from handlers.kit.held import Fallen, Held, Holding
from handlers.kit.morning import Line, Section, section
from handlers.kit.parts import Broken, Part, missing_line
from handlers.kit.persons import Persons
from handlers.kit.seats import holders, spoken_seat


@dataclass(frozen=True)
class Moved:
    """What passed from its holder to who is asked now (ids): of a seat, or records of these departments.

    ``who`` says who cannot be asked and why, ``what`` for how much somebody else is.
    """

    of: str
    holder: str
    asked: str
    who: str
    what: str = ""
    departments: frozenset[str] = frozenset()

    @property
    def ref(self) -> str:
        return f"duty {self.of} {self.holder} {self.asked}"[:120]

    def line(self, asked: str) -> str:
        """The line that people read."""
        return f"{self.who}: {asked} is asked instead{self.what}"


def fallen(context: Context, name: str) -> list[Fallen]:
    """What of a feature is held by people who cannot be asked, with who is asked; worked out once a transaction."""
    known = context.roster.fallen
    if name not in known:
        known[name] = _fallen(context, catalogue.holdings[name])
    return known[name]


def falls_to(context: Context, name: str, persons: Persons) -> dict[str, list[Held]]:
    """What of a feature passes to each of these people today, by id."""
    found = dict[str, list[Held]]()
    for thing in fallen(context, name):
        if thing.asked.person in persons:
            found.setdefault(thing.asked.person, []).append(thing.held)
    return found


def for_whom(context: Context, held: Held) -> str:
    """For whom somebody else is asked, as words to add to the line; nothing when the holder is asked."""
    if context.duties.why_not(held.holder) is None:
        return ""
    return f" (for {context.name(held.holder)}, who {context.duties.reason(held.holder)})"


def moved_duties(context: Context) -> tuple[Section, ...]:
    """Which seats and records have passed from their holder to somebody else, to whom, and why; not those of people
    who are only away and have a deputy."""
    found, lost = all_moved(context)
    lines = [*(duty.line(context.name(duty.asked)) for duty in found), *lost]
    return section("Duties passed to somebody else", [Line(text=line) for line in lines], "city handover")


def all_moved(context: Context) -> tuple[list[Moved], list[str]]:
    """The same, each with who is asked now, and a line for each feature that could not be read."""
    records, lost = _records(context)
    return [*_seats(context), *records], lost


def _fallen(context: Context, holding: Holding) -> list[Fallen]:
    duties = context.duties
    cannot = [holder for holder in holding.holders(context) if duties.why_not(holder)]
    found = holding.function(context, cannot) if cannot else []
    return [Fallen(held, _asked(context, holding, held)) for held in found]


def _asked(context: Context, holding: Holding, held: Held) -> Asked:
    """Who is asked for something: who stands in already, else of those next in line the first who can have it."""
    if held.stands_in and context.duties.why_not(held.stands_in) is None:
        return Asked(held.stands_in, held.holder, context.duties.why_not(held.holder))
    line = list(context.duties.line([held.holder], department=held.department))
    fitting = (person for person in line if person != held.holder and not holding.stays(context, held, person))
    return Asked(next(fitting, line[0]), held.holder, context.duties.why_not(held.holder))


def _seats(context: Context) -> list[Moved]:
    duties, found = context.duties, list[Moved]()
    seats = ["city_manager", *(f"department:{department}" for department in context.city.departments)]
    for seat in seats:
        sits, holder = duties.seat(seat), holders(context.city, seat)[0]
        if sits.person and sits.instead_of and not _is_usual(duties, holder, sits.person):
            who = f"{context.name(holder)} ({spoken_seat(context.city, seat)}) {duties.reason(holder)}"
            found.append(Moved(seat, holder, sits.person, who))
    return found


def _records(context: Context) -> tuple[list[Moved], list[str]]:
    """For each holder who cannot be asked: how much of what they hold, and who is asked for it."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    departments: dict[tuple[str, str], set[str]] = defaultdict(set)
    holdings = sorted(catalogue.holdings.values(), key=lambda holding: (holding.order, holding.name))
    parts = [Part(f"duties {holding.name}", partial(fallen, context, holding.name)) for holding in holdings]
    lost = list[str]()
    for holding, things in zip(holdings, context.each_apart(parts), strict=True):
        if isinstance(things, Broken):
            lost.append(missing_line(holding.name))
            continue
        for thing in things:
            holder, asked = thing.held.holder, thing.asked.person
            if not _is_usual(context.duties, holder, asked):
                counts[holder, asked][holding.name] += 1
                departments[holder, asked].add(thing.held.department or _department(context, holder))
    found = [
        Moved(
            "records",
            holder,
            asked,
            f"{context.name(holder)} {context.duties.reason(holder)}",
            " for " + ", ".join(f"{name} ({count})" for name, count in held.items()),
            frozenset(departments[holder, asked] - {""}),
        )
        for (holder, asked), held in counts.items()
    ]
    return found, lost


def _department(context: Context, person: str) -> str:
    known = context.city.people.get(person)
    return known.department or "" if known else ""


def _is_usual(duties: Duties, holder: str, asked: str) -> bool:
    return duties.why_not(holder) == AWAY and asked in duties.deputies(holder)
