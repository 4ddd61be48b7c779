"""Periods: the days, weeks, quarters and years to which the items of a checklist belong; pure calendar.

An item is owed once in each of its periods. A period goes on being the item's newest until the next one begins, so
what was not ticked in time is carried over until then, and nothing has to be made ahead. Where holidays push week 1 of
a month behind its first seven days, its week 4 may be the next month's week 1 as well: then both are asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from handlers.kit.time.calendar import Calendar
from handlers.kit.time.rules import week_one

Cadence = Literal["daily", "weekly", "week 1", "week 2", "week 3", "week 4", "quarterly", "annually"]
WEEK = timedelta(weeks=1)
QUIET_WEEKS = 3  # weeks in a row in which a city may be closed as a whole


@dataclass(frozen=True)
class Period:
    """The days from ``first`` to ``last``, both included, by the key under which ticks are kept.

    ``month`` is the month (by its first day) in whose share it counts: a day in its own, a week in the one whose week 1
    it is or follows, a quarter and a year in their last.
    """

    key: str
    first: date
    last: date
    month: date


def newest(when: Cadence, day: date, calendar: Calendar) -> Period | None:
    """The newest period of a cadence that has begun by a day; None when the city was closed for weeks."""
    match when:
        case "daily":
            working = calendar.working_day(day, -1)
            return _day(working) if working else None
        case "weekly":
            weeks = (monday_of(day) - WEEK * number for number in range(QUIET_WEEKS + 1))
            return next((_week(day, calendar) for day in weeks if _works(day, calendar)), None)
        case "quarterly":
            first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
            month = date(day.year, first.month + 2, 1)
            return Period(f"{day.year}-Q{first.month // 3 + 1}", first, _last_of(month), month)
        case "annually":
            return Period(str(day.year), date(day.year, 1, 1), date(day.year, 12, 31), date(day.year, 12, 1))
        case _:
            month = month_of_week(monday_of(day), calendar)
            this = _week_of_month(when, month, calendar)
            return this if this.first <= day else _week_of_month(when, before(month), calendar)


def in_month(when: Cadence, month: date, calendar: Calendar) -> Iterator[Period]:
    """The periods of a cadence that count in a month, or hold it, in order; ``month`` is its first day."""
    match when:
        case "daily":
            days = (month + timedelta(days=number) for number in range((after(month) - month).days))
            yield from (_day(day) for day in days if calendar.is_open(day))
        case "weekly":
            monday = week_one(month, calendar.is_open)
            while month_of_week(monday, calendar) == month:
                if _works(monday, calendar):
                    yield _week(monday, calendar)
                monday += WEEK
        case "quarterly" | "annually":
            holds = newest(when, month, calendar)
            assert holds is not None, "every day has a quarter and a year"
            yield holds
        case _:
            yield _week_of_month(when, month, calendar)


def asked_on(period: Period, calendar: Calendar) -> date | None:
    """The day on which its owner is asked: the first working day from its beginning on."""
    return calendar.working_day(period.first)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def month_of_week(monday: date, calendar: Calendar) -> date:
    """The month whose week 1 a week is or follows."""
    month = (monday + timedelta(days=6)).replace(day=1)
    while week_one(month, calendar.is_open) > monday:
        month = before(month)
    return month


def before(month: date) -> date:
    """The month before, by its first day."""
    return (month - timedelta(days=1)).replace(day=1)


def after(month: date) -> date:
    """The month after, by its first day."""
    return (month + timedelta(days=31)).replace(day=1)


def _day(day: date) -> Period:
    return Period(day.isoformat(), day, day, day.replace(day=1))


def _week(monday: date, calendar: Calendar) -> Period:
    year, week, _ = monday.isocalendar()
    return Period(f"{year}-W{week:02}", monday, monday + timedelta(days=6), month_of_week(monday, calendar))


def _week_of_month(when: str, month: date, calendar: Calendar) -> Period:
    monday = week_one(month, calendar.is_open) + WEEK * (int(when.removeprefix("week ")) - 1)
    return Period(f"{month:%Y-%m} {when}", monday, monday + timedelta(days=6), month)


def _works(monday: date, calendar: Calendar) -> bool:
    """Whether the city works on any day of a week."""
    return any(calendar.is_open(monday + timedelta(days=number)) for number in range(7))


def _last_of(month: date) -> date:
    return after(month) - timedelta(days=1)
