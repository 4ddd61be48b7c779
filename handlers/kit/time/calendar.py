"""Calendar: the city's time; the only place that knows about zones, clock changes, working days and holidays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from handlers.kit.lists import counted
from handlers.kit.time.rules import EVERY_DAY, WEEKDAYS, WORKING_DAYS, Counts, read_rule, week_one
from handlers.kit.time.style import Style

Closed = Literal["skip", "previous working day", "next working day", "send anyway"]
CLOSED = get_args(Closed)
LONGEST_CLOSING = timedelta(days=21)  # a day is moved over no more closed days than these


@dataclass(frozen=True)
class Calendar:
    """A zone, the days on which the city is closed (date -> the reason people read), how it counts weeks, and how it
    writes days and times."""

    zone: ZoneInfo
    closed: Mapping[date, str]
    counts: Counts = field(default_factory=Counts)
    style: Style = field(default_factory=Style)

    def instant(self, day: date, at: time) -> datetime:
        """The moment (aware, UTC) of a wall clock time on a day.

        A time that a clock change skips moves forward by the gap; a time that comes twice is the first one. Both
        follow from fold=0, which takes the offset in force before the change (PEP 495).
        """
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def local(self, moment: datetime) -> datetime:
        """A moment on the city's wall clock."""
        return moment.astimezone(self.zone)

    def today(self, moment: datetime) -> date:
        return self.local(moment).date()

    def quiet_until(self, moment: datetime, begin: time, end: time) -> datetime | None:
        """When the quiet hours that hold a moment end (aware, UTC); None outside quiet hours.

        They last each day from ``begin`` to ``end``, over midnight when ``end`` is the earlier; there are none when
        both are the same.
        """
        for day in (self.today(moment) - timedelta(days=1), self.today(moment)):
            last = day + timedelta(days=1) if end < begin else day
            if self.instant(day, begin) <= moment < (over := self.instant(last, end)):
                return over
        return None

    def closed_because(self, day: date) -> str | None:
        """Why the city does not work on a day, or None when it does."""
        return self.closed.get(day) if self.counts.works_on(day) else WEEKDAYS[day.weekday()]

    def is_open(self, day: date) -> bool:
        return self.closed_because(day) is None

    def week_of(self, day: date) -> date:
        """The first day of the city's week that holds a day."""
        return self.counts.week_of(day)

    def week_one(self, month: date) -> date:
        """The first day of week 1 of a month, by its first day."""
        return week_one(month, self.is_open, self.counts)

    def working_day(self, day: date, step: int = 1) -> date | None:
        """The day itself or the nearest working day after it (before it with ``step`` -1); None when none is near."""
        days = (day + timedelta(days=number * step) for number in range(LONGEST_CLOSING.days))
        return next((day for day in days if self.is_open(day)), None)

    def open_day(self, day: date, step: int = 1) -> date:
        """The same, and the day itself when no working day is near."""
        return self.working_day(day, step) or day

    def days(self, rule: str, first: date, count: int, closed: Closed = "skip") -> Iterator[tuple[date, str | None]]:
        """The days of a rule within ``count`` days from ``first``, in order, each with the reason to skip it or None.

        ``closed`` is what becomes of a day on which the city is closed; a day that moves onto another day of the rule
        is sent once. "every day" means closed days too, and working days leave out weekends without a reason.
        """
        last = first + timedelta(days=count - 1)
        nominal = read_rule(rule).days(first - LONGEST_CLOSING, last + LONGEST_CLOSING, self.is_open, self.counts)
        sent: dict[date, str | None] = {}
        for day in nominal:
            why = None if closed == "send anyway" or rule == EVERY_DAY else self.closed_because(day)
            if rule == WORKING_DAYS and not self.counts.works_on(day):
                continue
            to = self._moved(day, closed) if why else day
            if to is not None and to != day:
                sent.setdefault(day, f"{why}; sent on {self.spoken_day(to)} instead")
                sent[to] = None
            elif to is None:
                sent.setdefault(day, why)
            else:
                sent[day] = None
        yield from ((day, sent[day]) for day in sorted(sent) if first <= day <= last)

    def _moved(self, day: date, closed: Closed) -> date | None:
        """Where a closed day goes; None when nothing is sent for it."""
        if closed == "previous working day":
            return self.working_day(day, -1)
        return self.working_day(day) if closed == "next working day" else None

    def clock(self, moment: datetime) -> str:
        """The time of day people read, such as 07:30."""
        return self.style.time(self.local(moment))

    def spoken(self, moment: datetime, today: date | None = None) -> str:
        """Day and time people read, such as Mon 23 Nov, 07:30; with the year when it is not the one of ``today``."""
        local = self.local(moment)
        return f"{self.spoken_day(local.date(), today)}, {self.style.time(local)}"

    def spoken_day(self, day: date, today: date | None = None) -> str:
        """The day people read, such as Mon 23 Nov; with its year when it is not of the year of ``today``."""
        return self.spoken_date(day) if today and day.year != today.year else self.style.day(day)

    def spoken_date(self, day: date) -> str:
        """The day with its year, such as Mon 23 Nov 2026."""
        return self.style.date(day)


def read_time(text: str) -> time:
    """07:30 as a time; raises ValueError that says how to write one."""
    try:
        return datetime.strptime(text, "%H:%M").time()
    except ValueError:
        raise ValueError(f'"{text}" is not a time of day; write one such as 07:30') from None


def hours_since(moment: datetime, now: datetime) -> str:
    """How long ago something was: 40 minutes, 3 hours, 5 days."""
    minutes = int((now - moment).total_seconds() // 60)
    for size, unit in ((24 * 60, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return counted(minutes // size, unit)
    return counted(minutes, "minute")
