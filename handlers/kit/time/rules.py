"""Rules: on which days a routine speaks, in words: every Monday, week 2 of the month, last Friday of the quarter."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
WORKING_DAYS, EVERY_DAY = "working days", "every day"
KNOWN = (
    '"working days", "every day", "every Monday", "first working day of the month", "last Friday of the quarter", '
    '"second Monday of September", "week 2 of the month" or "Thursday of week 2 of the month"'
)
_NTH = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_NTH_DAY = re.compile(
    rf"({'|'.join(_NTH)}) (working day|day|{'|'.join(WEEKDAYS)}) of (?:the )?(month|quarter|year|{'|'.join(MONTHS)})"
)
_WEEK = re.compile(rf"(?:({'|'.join(WEEKDAYS)}) of )?week ([1-4]) of the month")
IsOpen = Callable[[date], bool]


@dataclass(frozen=True)
class Counts:
    """How a city counts: its working days of the week (Monday is 0), the day on which its week begins, and the month
    (1 to 12) in which its fiscal year does."""

    working: frozenset[int] = frozenset(range(5))
    first_weekday: int = 0
    fiscal_start: int = 1

    def week_of(self, day: date) -> date:
        """The first day of the week that holds a day."""
        return day - timedelta(days=(day.weekday() - self.first_weekday) % 7)

    def in_week(self, first: date, weekday: int | None) -> date:
        """A weekday of the week that begins on a day; with None, its first working day, holidays or not."""
        days = [first + timedelta(days=number) for number in range(7)]
        return next(day for day in days if day.weekday() == weekday or (weekday is None and self.works_on(day)))

    def works_on(self, day: date) -> bool:
        """Whether the city works on such a day of the week."""
        return day.weekday() in self.working

    def begins(self, month: date, length: int) -> date:
        """The first month of the stretch of so many months (3 or 12) of the fiscal year that holds a month."""
        back = (month.month - self.fiscal_start) % length
        years, left = divmod(month.year * 12 + month.month - 1 - back, 12)
        return date(years, left + 1, 1)


@dataclass(frozen=True)
class Rule:
    """One rule: ``kind`` is daily, weekly, nth or week; the rest is what that kind needs."""

    words: str
    kind: str
    weekday: int | None = None
    number: int = 0
    of: str = "month"
    working: bool = False

    def days(self, first: date, last: date, is_open: IsOpen, counts: Counts) -> Iterator[date]:
        """The rule's days from ``first`` to ``last``, both included; ``is_open`` says on which days the city works."""
        if self.kind in ("daily", "weekly"):
            for day in _span(first, last):
                if self.weekday in (None, day.weekday()):
                    yield day
            return
        month = (first.replace(day=1) - timedelta(days=1)).replace(day=1)  # week 1 may begin in the month before
        if self.of in ("quarter", "year"):  # the last day of a period lies far from its first month
            month = counts.begins(month, 12)
        while month <= last + timedelta(days=7):
            found = self._in(month, is_open, counts)
            if found and first <= found <= last:
                yield found
            month = _next(month)

    def _in(self, month: date, is_open: IsOpen, counts: Counts) -> date | None:
        """The rule's day for the period that begins with this month, if one does."""
        if self.kind == "week":
            week = week_one(month, is_open, counts) + timedelta(weeks=self.number - 1)
            return counts.in_week(week, self.weekday)
        length = {"month": 1, "quarter": 3, "year": 12}.get(self.of, 1)
        if (self.of in MONTHS and month.month != MONTHS.index(self.of) + 1) or counts.begins(month, length) != month:
            return None
        end = month
        for _ in range(length):
            end = _next(end)
        days = [day for day in _span(month, end - timedelta(days=1)) if self._counts(day, is_open)]
        return days[self.number] if days else None

    def _counts(self, day: date, is_open: IsOpen) -> bool:
        return is_open(day) if self.working else self.weekday in (None, day.weekday())


def week_one(month: date, is_open: IsOpen, counts: Counts) -> date:
    """The first day of week 1: the city's week that holds the month's first working day."""
    days = _span(month, _next(month) - timedelta(days=1))
    return counts.week_of(next((day for day in days if is_open(day)), month))


@lru_cache(maxsize=256)  # more than the city's files name at any time
def read_rule(words: str) -> Rule:
    """A rule from its words; raises ValueError that says which words are known."""
    plain = " ".join(words.split())
    if plain in (WORKING_DAYS, EVERY_DAY):
        return Rule(plain, "daily")
    if plain.removeprefix("every ") in WEEKDAYS and plain.startswith("every "):
        return Rule(plain, "weekly", WEEKDAYS.index(plain.removeprefix("every ")))
    if nth := _NTH_DAY.fullmatch(plain):
        weekday = WEEKDAYS.index(nth[2]) if nth[2] in WEEKDAYS else None
        return Rule(plain, "nth", weekday, _NTH[nth[1]], nth[3], nth[2] == "working day")
    if week := _WEEK.fullmatch(plain):
        return Rule(plain, "week", WEEKDAYS.index(week[1]) if week[1] else None, int(week[2]))
    raise ValueError(f'no day rule "{words}"; write one such as {KNOWN}')


def _span(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
