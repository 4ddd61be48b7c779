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
            weeks = (calendar.week_of(day) - WEEK * number for number in range(QUIET_WEEKS + 1))
            return next((_week(day, calendar) for day in weeks if _works(day, calendar)), None)
        case "quarterly":
            first = calendar.counts.begins(day, 3)
            aligned = first.month % 3 == 1  # a quarter of the calendar, whatever year the city gives it to
            key = f"{first.year}-Q{first.month // 3 + 1}" if aligned else f"{first:%Y-%m} quarter"
            return _months(key, first, 3)
        case "annually":
            first = calendar.counts.begins(day, 12)
            return _months(str(first.year) if first.month == 1 else f"{first:%Y-%m} year", first, 12)
        case _:
            month = month_of_week(calendar.week_of(day), calendar)
            this = _week_of_month(when, month, calendar)
            return this if this.first <= day else _week_of_month(when, before(month), calendar)


def in_month(when: Cadence, month: date, calendar: Calendar) -> Iterator[Period]:
    """The periods of a cadence that count in a month, or hold it, in order; ``month`` is its first day."""
    match when:
        case "daily":
            days = (month + timedelta(days=number) for number in range((after(month) - month).days))
            yield from (_day(day) for day in days if calendar.is_open(day))
        case "weekly":
            week = calendar.week_one(month)
            while month_of_week(week, calendar) == month:
                if _works(week, calendar):
                    yield _week(week, calendar)
                week += WEEK
        case "quarterly" | "annually":
            holds = newest(when, month, calendar)
            assert holds is not None, "every day has a quarter and a year"
            yield holds
        case _:
            yield _week_of_month(when, month, calendar)


def asked_on(period: Period, calendar: Calendar) -> date | None:
    """The day on which its owner is asked: the first working day from its beginning on."""
    return calendar.working_day(period.first)


def month_of_week(week: date, calendar: Calendar) -> date:
    """The month whose week 1 a week, by its first day, is or follows."""
    month = (week + timedelta(days=6)).replace(day=1)
    while calendar.week_one(month) > week:
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


def _week(first: date, calendar: Calendar) -> Period:
    """A week, by the number of its Monday in every calendar: a city that moves its first weekday keeps its ticks."""
    year, week, _ = calendar.counts.in_week(first, 0).isocalendar()
    return Period(f"{year}-W{week:02}", first, first + timedelta(days=6), month_of_week(first, calendar))


def _week_of_month(when: str, month: date, calendar: Calendar) -> Period:
    first = calendar.week_one(month) + WEEK * (int(when.removeprefix("week ")) - 1)
    return Period(f"{month:%Y-%m} {when}", first, first + timedelta(days=6), month)


def _months(key: str, first: date, count: int) -> Period:
    """So many months from a first one on."""
    last = first
    for _ in range(count - 1):
        last = after(last)
    return Period(key, first, _last_of(last), last)


def _works(first: date, calendar: Calendar) -> bool:
    """Whether the city works on any day of a week."""
    return any(calendar.is_open(first + timedelta(days=number)) for number in range(7))


def _last_of(month: date) -> date:
    return after(month) - timedelta(days=1)
