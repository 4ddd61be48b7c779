"""Dates: a day as people type it (friday, tomorrow, in 3 days, Dec 1, 2026-12-01) turned into a date."""

import re
from calendar import monthrange
from datetime import date, timedelta

from handlers.kit.numbers import IN_WORDS

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_DAY, _MONTH, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<month>[a-z]{3,9})\.?", r"(?:,?\s+(?P<year>\d{4}))?"
_BY_NAME = (
    re.compile(rf"(?:the )?{_DAY}\s*(?:of )?{_MONTH}{_YEAR}", re.ASCII),
    re.compile(rf"{_MONTH} (?:the )?{_DAY}{_YEAR}", re.ASCII),
)
_BESIDE_A_DAY = re.compile(r"(?P<weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]*,? (?P<day>.*\d.*)", re.ASCII)
_IN_FIGURES = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?", re.ASCII)
_SPAN = re.compile(r"in (?P<count>\d{1,4}|an?|[a-z]{3,5}) (?P<unit>day|week|month|year)s?", re.ASCII)
_FIGURES_OF_A_YEAR = re.compile(r"\d{4}", re.ASCII)
_JUST_PAST = 90  # days; without a year, a day that was so lately may be meant as well as the coming one
_LEAP = 8  # years until there surely is a 29 February again
_LITTLE = ("on ", "by ", "until ", "next ", "this ")  # what people write before a day
HINT = 'Write a day as 2026-12-01, "Dec 1", "tomorrow", "friday" or "in 3 days".'


class PastDay(ValueError):
    """A day without a year that has just passed, so that the coming one is most likely not meant."""


def read_date(text: str, today: date, begins: date | None = None) -> date:
    """The day that ``text`` means on ``today``; a weekday is the next one, never today, and a day without a year the
    next such day, which may be today. As the end of a range that ``begins`` on a day, a weekday is the first one from
    that day on, or from today.

    Raises ValueError with a sentence for the person when it is no day, or could be two; PastDay, which is one, for a
    day without a year that was in the last 90 days.
    """
    words = _without_little(_DASHES.sub("-", text).strip().lower())
    if words in ("today", "tomorrow"):
        return today + timedelta(days=1 if words == "tomorrow" else 0)
    weekdays = [number for number, name in enumerate(_WEEKDAYS) if len(words) >= 3 and name.startswith(words)]
    if len(weekdays) == 1:
        first = max(begins, today) if begins else today + timedelta(days=1)
        return first + timedelta(days=(weekdays[0] - first.weekday()) % 7)
    if beside := _BESIDE_A_DAY.fullmatch(words):
        return _on_weekday(beside["weekday"], read_date(beside["day"], today))
    if (counted := _SPAN.fullmatch(words)) and (after := _after(today, counted["count"], counted["unit"])):
        return after
    days = _named(words, today) + _in_figures(words, today)
    if len(days) > 1:
        meant = " or ".join(f"{_MONTHS[day.month - 1].capitalize()[:3]} {day.day}" for day in days)
        raise ValueError(f'"{text}" could be {meant}. Write the month by its name, such as Dec 1.')
    if days and not _FIGURES_OF_A_YEAR.search(words):
        _check_not_just_past(days[0], today)
    try:
        return days[0] if days else date.fromisoformat(words)
    except ValueError:
        raise ValueError(f'"{text}" is not a day I can read. {HINT}') from None


def _without_little(words: str) -> str:
    for little in _LITTLE:
        words = words.removeprefix(little)
    return words


def _after(today: date, counted: str, unit: str) -> date | None:
    """The day so many days, weeks, months or years after today; a month that is too short has its last day. None for
    what is no number, or a day that no calendar has."""
    count = 1 if counted in ("a", "an") else IN_WORDS.index(counted) + 1 if counted in IN_WORDS else -1
    count = int(counted) if counted.isdigit() else count
    if count < 0:
        return None
    if unit in ("day", "week"):
        return today + timedelta(days=count * (7 if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 + count * (12 if unit == "year" else 1)
    year, month = months // 12, months % 12 + 1
    if year > date.max.year:
        return None
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def _on_weekday(short: str, day: date) -> date:
    """The day, if it is this day of the week, as the bot itself writes a day; raises ValueError."""
    if not _WEEKDAYS[day.weekday()].startswith(short):
        raise ValueError(f"{day} is a {_WEEKDAYS[day.weekday()].capitalize()}. Write the day you mean, such as {day}.")
    return day


def _named(words: str, today: date) -> list[date]:
    """The day of ``1 dec``, ``december 1st`` or ``1 december 2026``, if it is one."""
    found = next((match for pattern in _BY_NAME if (match := pattern.fullmatch(words))), None)
    months = [number for number, name in enumerate(_MONTHS, 1) if found and name.startswith(found["month"])]
    return _days(found["year"], months[0], int(found["day"]), today) if found and months else []


def _in_figures(words: str, today: date) -> list[date]:
    """The days that ``12/1`` could be: people write the month first or the day first."""
    if not (found := _IN_FIGURES.fullmatch(words)):
        return []
    number, other = int(found[1]), int(found[2])
    first = _days(found[3], number, other, today)
    return first if number == other else first + _days(found[3], other, number, today)


def _days(year: str | None, month: int, day: int, today: date) -> list[date]:
    """This day, of the year or else the next one from today on; none when no calendar has it."""
    for number in [int(year)] if year else range(today.year, today.year + _LEAP + 1):
        try:
            found = date(number, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return [found]
    return []


def _check_not_just_past(coming: date, today: date) -> None:
    """Raise PastDay when the last such day before the coming one was in the last 90 days."""
    lately = (today - timedelta(days=number) for number in range(1, min(_JUST_PAST, today.toordinal() - 1) + 1))
    past = next((day for day in lately if (day.month, day.day) == (coming.month, coming.day)), None)
    if past is None:
        return
    names = {today.year: "this year", today.year + 1: "next year"}
    year = names.get(coming.year, str(coming.year))
    raise PastDay(f"{past} is in the past. Write {coming} if you mean {year}.")


def is_written_out(text: str) -> bool:
    """Whether a text is a day as a date field takes it: 2026-12-01."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
