"""Coming: what the bot will send by itself, when, and to whom: the routines as the city has them, day by day."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from handlers.kit.city.model import City
from handlers.kit.declared import Routine
from handlers.kit.duty import Duties
from handlers.kit.messages import Card, Text
from handlers.kit.time.calendar import Closed


@dataclass(frozen=True)
class Times:
    """When a routine speaks, as the city has it; ``late_until`` None is until the next one is due."""

    at: time
    on: str
    late_until: time | None
    closed: Closed


@dataclass(frozen=True)
class Coming:
    """One sending to come: when (city's wall clock), to which seat, who sits there, or the reason it is skipped."""

    routine: str
    local: datetime
    to: str
    person: str | None
    skipped: str | None


def times_of(routine: Routine, city: City) -> Times:
    """The routine's own times, with what city/routines.toml changes."""
    own = city.routines.get(routine.name)
    if own is None:
        return Times(routine.at, routine.on, routine.late_until, routine.closed)
    return Times(
        routine.at if own.at is None else own.at,
        own.on or routine.on,
        routine.late_until if own.late_until is None else own.late_until,
        own.closed or routine.closed,
    )


def missed_card(city: City, routine: Routine, due_at: datetime, why: str) -> Card:
    """What somebody reads in the place of a routine's card that came too late."""
    until = times_of(routine, city).late_until
    latest = f"It is sent by {city.calendar.style.time(until)} at the latest, and" if until else "It was not sent:"
    title = f"The {routine.spoken} of {city.calendar.spoken(due_at)} was not sent"
    return Card(title, Text(f"{latest} {why}."))


def seats_of(routine: Routine, city: City, day: date) -> Sequence[str]:
    """The seats that a routine addresses on a day, each once."""
    return [routine.to] if isinstance(routine.to, str) else list(dict.fromkeys(routine.to(city, day)))


def slots(routine: Routine, city: City, first: date, days: int) -> Iterator[tuple[date, datetime, str, str | None]]:
    """Every sending of a routine on these days: day, moment (UTC), seat, the reason to skip it or None."""
    times = times_of(routine, city)
    for day, skip in city.calendar.days(times.on, first, days, times.closed):
        for seat in seats_of(routine, city, day):
            yield day, city.calendar.instant(day, times.at), seat, skip


def schedule(
    routines: Iterable[Routine], city: City, first: date, days: int, duties: Callable[[date], Duties]
) -> list[Coming]:
    """What these routines send on these days, in order of time; ``duties`` gives who is asked on a day."""
    coming = []
    for routine in routines:
        for day, due_at, seat, skip in slots(routine, city, first, days):
            sits = duties(day).seat(seat)
            local = city.calendar.local(due_at)
            coming.append(Coming(routine.name, local, seat, sits.person, skip or sits.skipped))
    return in_order(coming)


def in_order(coming: Iterable[Coming]) -> list[Coming]:
    """Sendings in order of time."""
    return sorted(coming, key=lambda coming: (coming.local, coming.routine))
