"""Worktime: time as a department works it: only its hours on working days count, in the city's zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.kit.time.calendar import Calendar, read_time

LONGEST_WAIT = 366 * 3  # days; a target that is not reached by then is a mistake in the city's file


@dataclass(frozen=True)
class Hours:
    """When a department works, by the city's wall clock: from ``opens`` to ``closes`` on every working day."""

    opens: time
    closes: time

    def on(self, calendar: Calendar, day: date) -> tuple[datetime, datetime] | None:
        """The moments (UTC) at which a day's work begins and ends; None on a closed day."""
        if not calendar.is_open(day):
            return None
        return calendar.instant(day, self.opens), calendar.instant(day, self.closes)


def read_hours(text: str) -> Hours:
    """08:00-17:00 as hours; raises ValueError."""
    opens, dash, closes = text.partition("-")
    hours = Hours(read_time(opens.strip()), read_time(closes.strip())) if dash else None
    if hours is None or hours.closes <= hours.opens:
        raise ValueError('write hours as "08:00-17:00", the later one last')
    return hours


def spoken_span(span: timedelta) -> str:
    """Working time as people say it: 3 h 20 min."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    return f"{hours} h {minutes} min" if hours and minutes else f"{hours} h" if hours else f"{minutes} min"


def worked(calendar: Calendar, hours: Hours, begin: datetime, end: datetime) -> timedelta:
    """How much working time lies between two moments; none when they are the wrong way round."""
    total = timedelta()
    for opens, closes in _days(calendar, hours, begin):
        if opens >= end:
            break
        total += max(timedelta(), min(closes, end) - max(opens, begin))
    return total


def after(calendar: Calendar, hours: Hours, begin: datetime, span: timedelta) -> datetime:
    """The moment at which so much working time has passed since ``begin``; raises ValueError when it never comes."""
    left = span
    for opens, closes in _days(calendar, hours, begin):
        there = max(opens, begin)
        if closes - there >= left and closes > there:
            return there + left
        left -= max(timedelta(), closes - there)
    raise ValueError(f"{span} of working time do not come within {LONGEST_WAIT} days")


def _days(calendar: Calendar, hours: Hours, begin: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The working hours of each working day from the day of a moment on."""
    first = calendar.today(begin)
    for number in range(LONGEST_WAIT):
        if span := hours.on(calendar, first + timedelta(days=number)):
            yield span
