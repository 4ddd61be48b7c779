"""Checklists: what is owed, by whom, and whether it is done; all worked out from the calendar and the ticks."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.kit.city.checklists import ChecklistItem
from handlers.kit.city.model import City
from handlers.kit.context import Context
from handlers.kit.seats import holders, spoken_seat
from handlers.kit.time.periods import Period, asked_on, in_month, newest
from handlers.kit.values import Carried, Rest, written
from storage.checklist.ticks import Tick

ROUTINE = "checklist"  # the routine that asks the owners; items are owed from the first day it was planned for


@dataclass(frozen=True)
class ItemOf(Carried):
    """An item of a checklist in one of its periods, by the key under which ticks are stored."""

    item: str
    period: Rest


@dataclass(frozen=True)
class Owed:
    """An item in one of its periods, and its tick if it has one."""

    item: ChecklistItem
    period: Period
    tick: Tick | None

    @property
    def carried(self) -> ItemOf:
        """The value that a button carries."""
        return ItemOf(self.item.id, self.period.key)

    @property
    def ref(self) -> str:
        """The reference of this item, written from the same value."""
        return written(self.carried)

    @property
    def is_skipped(self) -> bool:
        """Whether it is not to be done this time: it counts neither as done nor as missed."""
        return self.tick is not None and self.tick.skipped is not None

    @property
    def is_done(self) -> bool:
        return self.tick is not None and not self.is_skipped

    def carried_over(self, day: date) -> bool:
        """Whether its period is over on a day but it can still be done; a missed daily item is not carried over."""
        return self.item.when != "daily" and self.period.last < day


@dataclass(frozen=True)
class Share:
    """How much was done: how many items were due, how many of them were done, and how many of those late; and how many
    besides were skipped for a reason."""

    due: int
    done: int
    late: int
    skipped: int = 0

    @property
    def percent(self) -> int | None:
        """Percent done, rounded down, so that only all done gives 100; None when nothing was due."""
        return self.done * 100 // self.due if self.due else None


def owners(city: City, day: date) -> list[str]:
    """The owners of items that are asked for the first time on that day."""
    cadences = {item.when for item in city.checklists.item}
    begun = {when: newest(when, day, city.calendar) for when in cadences}
    new = {when for when, period in begun.items() if period and asked_on(period, city.calendar) == day}
    return list(dict.fromkeys(item.owner for item in city.checklists.item if item.when in new))


def current(context: Context, day: date, seats: Collection[str] | None = None) -> list[Owed]:
    """Every item of these owners (or of all) in its newest period on a day, in the order of the city's file."""
    items = [item for item in context.city.checklists.item if seats is None or item.owner in seats]
    begun = {when: newest(when, day, context.calendar) for when in {item.when for item in items}}
    found = [(item, period) for item in items if (period := begun[item.when])]
    return _with_ticks(context, found)


def of_days(context: Context, first: date, last: date) -> list[Owed]:
    """The daily items on each working day from ``first`` to ``last``, both included."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    periods = [period for day in days if (period := newest("daily", day, context.calendar)) and period.first == day]
    daily = [item for item in context.city.checklists.item if item.when == "daily"]
    return _with_ticks(context, [(item, period) for item in daily for period in periods])


def of_month(context: Context, month: date) -> list[Owed]:
    """Every item in each of its periods that belong to a month or contain it; ``month`` is its first day."""
    calendar = context.calendar
    periods = {
        when: list(in_month(when, month, calendar)) for when in {item.when for item in context.city.checklists.item}
    }
    return _with_ticks(
        context, [(item, period) for item in context.city.checklists.item for period in periods[item.when]]
    )


def begun_in(owed: Iterable[Owed], month: date, by: date) -> list[Owed]:
    """What belongs to a month and had begun by a day."""
    return [entry for entry in owed if entry.period.month == month and entry.period.first <= by]


def share(context: Context, owed: Iterable[Owed], month: date, by: date) -> Share:
    """How much was done of what belongs to a month and had begun by a day."""
    begun = begun_in(owed, month, by)
    due = [entry for entry in begun if not entry.is_skipped]
    done, late = (entry.is_done for entry in due), (is_late(context, entry) for entry in due)
    return Share(len(due), sum(done), sum(late), len(begun) - len(due))


def is_late(context: Context, owed: Owed) -> bool:
    """Whether it was done after its period was over."""
    return owed.tick is not None and owed.is_done and context.calendar.today(owed.tick.at) > owed.period.last


def since(context: Context) -> date:
    """The day from which items are owed: nobody has missed what was due before the bot came."""
    first = context.store.time.occurrences.first_day(ROUTINE)
    return min(first, context.today) if first else context.today


def holds(context: Context, person: str, seat: str) -> bool:
    """Whether a seat's items belong to somebody: they hold the seat, or stand in for its holder."""
    those = holders(context.city, seat)
    named = [known.deputy for holder in those if (known := context.city.people.get(holder))]
    return person in (*those, *named, context.duties.seat(seat).person)


def seats_held(context: Context, person: str) -> list[str]:
    """The seats whose items belong to somebody, in the order of the city's file."""
    seats = dict.fromkeys(item.owner for item in context.city.checklists.item)
    return [seat for seat in seats if holds(context, person, seat)]


def owner_name(context: Context, seat: str) -> str:
    """Who answers for a seat's items today, and in which role: Victor Mensah (Finance)."""
    return f"{context.name(context.duties.seat(seat).person)} ({spoken_seat(context.city, seat)})"


def line(context: Context, owed: Owed, day: date, *, named: bool) -> str:
    """An item in one line of a list, as of a day; with ``named`` it says whose it is."""
    about = [owed.item.name]
    if owed.tick:
        about.append(f"{'skipped' if owed.is_skipped else 'done'} {done_by(context, owed.tick, day)}")
    elif named:
        about.append(owner_name(context, owed.item.owner))
    if is_late(context, owed) if owed.tick else owed.carried_over(day):
        about.append(f"was due {context.calendar.spoken_day(owed.period.last, day)}")
    return ", ".join(about)


def done_by(context: Context, tick: Tick, day: date) -> str:
    """Say who ticked it and when: by Tom Okafor at 09:12, or the day if it was not that day."""
    calendar = context.calendar
    when = f"at {calendar.clock(tick.at)}"
    if calendar.today(tick.at) != day:
        when = f"on {calendar.spoken_day(calendar.today(tick.at), day)}"
    why = f": {tick.skipped}" if tick.skipped else ""
    return f"by {context.name(tick.person)} {when}{why}"


def _with_ticks(context: Context, found: Sequence[tuple[ChecklistItem, Period]]) -> list[Owed]:
    """What is owed, with its ticks; without items that were over before the bot came, unless they are ticked."""
    ticks = context.store.checklist.ticks.of({period.key for _, period in found})
    start = since(context)
    owed = [Owed(item, period, ticks.get((item.id, period.key))) for item, period in found]
    return [entry for entry in owed if entry.tick or entry.period.last >= start]
