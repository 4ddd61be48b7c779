"""Calendar: the city's time; the only place that knows about zones, clock changes, working days and holidays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RULES = ("working days", "every day", *(f"every {day}" for day in WEEKDAYS))


@dataclass(frozen=True)
class Calendar:
    """A zone and the days on which the city is closed (date -> the reason people read)."""

    zone: ZoneInfo
    closed: Mapping[date, str]

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

    def closed_because(self, day: date) -> str | None:
        """Why the city does not work on a day, or None when it does."""
        if day.weekday() >= 5:
            return WEEKDAYS[day.weekday()]
        return self.closed.get(day)

    def days(self, rule: str, first: date, count: int) -> Iterator[tuple[date, str | None]]:
        """The days of a rule from ``first`` on, within ``count`` days, each with the reason to skip it or None.

        A rule for working days names the closed weekdays it skips, and passes over weekends without a word.
        """
        for day in (first + timedelta(days=number) for number in range(count)):
            if rule == "every day" or rule == f"every {WEEKDAYS[day.weekday()]}":
                yield day, None
            elif rule == "working days" and day.weekday() < 5:
                yield day, self.closed_because(day)

    def clock(self, moment: datetime) -> str:
        """The time of day people read: 07:30."""
        return self.local(moment).strftime("%H:%M")

    def spoken(self, moment: datetime) -> str:
        """Day and time people read: Mon 23 Nov, 07:30."""
        local = self.local(moment)
        return f"{spoken_day(local.date())}, {local:%H:%M}"


def spoken_day(day: date) -> str:
    """The day people read: Mon 23 Nov."""
    return f"{day:%a} {day.day} {day:%b}"


def spoken_date(day: date) -> str:
    """The day with its year: Mon 23 Nov 2026."""
    return f"{spoken_day(day)} {day.year}"


def read_time(text: str) -> time:
    """07:30 as a time; raises ValueError."""
    return datetime.strptime(text, "%H:%M").time()
