"""Moments: a time as people write it (14:00, 2 pm, in 4 hours, tomorrow 9:00), and whether it is still to come."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from handlers.kit.context import Context
from handlers.kit.errors import FieldErrors
from handlers.kit.messages import capitalized
from handlers.kit.time.dates import PastDay, read_date

SOON = tuple(
    (span, span) for span in ("in 30 minutes", "in 1 hour", "in 2 hours", "in 4 hours", "in 8 hours", "in 1 day")
)
HINT = "14:00, 2 pm, in 2 hours or tomorrow 09:00"
FAR = timedelta(days=366)  # a later moment is most likely a typing mistake
_TIME = r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s?(?P<half>am|pm)?"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dt\d\d:\d\dz", re.ASCII)  # as a platform's picker gives it
_DAYS = re.compile(r"[\w ,]+ or \d{4}-\d\d-\d\d(?:[;.] *|$)", re.ASCII)  # how a day may be written, in a hint
_ALONE = re.compile(_TIME, re.ASCII)
_AFTER_DAY = re.compile(rf"(?P<day>.+?)[ ,]+(?:at )?{_TIME}", re.ASCII)
_BEFORE_DAY = re.compile(rf"{_TIME}[ ,]+(?P<day>.+)", re.ASCII)
_SPAN = re.compile(r"(?:in )?(?P<count>\d{1,3}|an?|half an) ?(?P<unit>minute|min|hour|h|day)s?", re.ASCII)
_MINUTES = {"minute": 1, "min": 1, "hour": 60, "h": 60, "day": 24 * 60}
_WEEKDAY = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.ASCII)
_WORDS = {"a": 1.0, "an": 1.0, "half an": 0.5}


def with_own_times(answers: Mapping[str, str], ending: str) -> dict[str, str]:
    """The answers, in which a time that somebody gave in a field of its own (its name has this ending) stands in the
    place of a suggested one."""
    own = {name.removesuffix(ending): time for name, time in answers.items() if name.endswith(ending) and time}
    return {name: answer for name, answer in answers.items() if not name.endswith(ending)} | own


def read_moment(context: Context, field: str, text: str) -> datetime:
    """The instant that is meant, in the city's time; a clock time alone is the next such time. Raises FieldErrors for
    the ``field`` when it cannot be read, is over, or is more than a year ahead."""
    try:
        moment = _read(context, " ".join(text.lower().split()))
    except PastDay as problem:
        raise FieldErrors({field: str(problem)}) from None
    if moment is None:
        raise FieldErrors({field: f'I cannot read "{text}" as a time. Write it like {HINT}.'})
    if moment <= context.now:
        raise FieldErrors({field: f"{context.calendar.spoken(moment)} has passed. Write a later time."})
    if moment - context.now > FAR:
        raise FieldErrors({field: "That is more than a year ahead. Write an earlier time."})
    return moment


def beside_choices(hint: str) -> str:
    """What a hint says beside days or times to choose from, where nobody needs to know how one is written."""
    rest = hint.removeprefix(HINT).lstrip(". ")
    written = _DAYS.match(rest)
    return capitalized(rest[written.end() :] if written else rest)


def check_begun(context: Context, field: str, text: str) -> None:
    """Ask back about a "since" that is still to come; raises FieldErrors for the ``field``. Words that are no time, and
    a weekday, which is the last one here, are taken as they stand."""
    try:
        moment = _began(context, _plain(text.lower().removeprefix("since ")))
    except PastDay:
        return
    if moment is not None and moment > context.now:
        said = "Write when it began, for example 08:40 or yesterday 22:00."
        raise FieldErrors({field: f'"{text}" is still to come. {said}'})


def _began(context: Context, words: str) -> datetime | None:
    """The instant that a "since" names: a day's begin, or a clock time, today where no day is named."""
    if _WEEKDAY.search(words) or (_SPAN.fullmatch(words) and not words.startswith("in ")):
        return None
    instant, alone = context.calendar.instant, _ALONE.fullmatch(words)
    if alone:
        at = _time(alone)
        return instant(context.today, at) if at else None
    day = _day(words, context.today)
    return instant(day, time()) if day else _read(context, words)


def _plain(text: str) -> str:
    text = " ".join(text.split()).replace("a.m.", "am").replace("p.m.", "pm").removeprefix("at ")
    return text.replace("noon", "12:00").replace("midnight", "0:00")


def _read(context: Context, text: str) -> datetime | None:
    if _INSTANT.fullmatch(text):
        return _instant(text)
    text = _plain(text)
    if span := _SPAN.fullmatch(text):
        count = _WORDS.get(span["count"]) or float(span["count"])
        return context.now + timedelta(minutes=count * _MINUTES[span["unit"]])
    found = _ALONE.fullmatch(text) or _AFTER_DAY.fullmatch(text) or _BEFORE_DAY.fullmatch(text)
    at = _time(found) if found else None
    if found is None or at is None:
        return None
    calendar, today = context.calendar, context.today
    if "day" in found.groupdict():
        day = _day(found["day"], today)
        return calendar.instant(day, at) if day else None
    moment = calendar.instant(today, at)
    return moment if moment > context.now else calendar.instant(today + timedelta(days=1), at)


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def _day(words: str, today: date) -> date | None:
    """The day of these words, None when they are none. Raises PastDay."""
    try:
        day = read_date(words, today)
    except PastDay:
        raise
    except ValueError:
        return None
    return min(day, today + 2 * FAR)  # the last days of the calendar have no instant everywhere on earth


def _time(found: re.Match[str]) -> time | None:
    """The time of day; a bare number is none, because it could be anything."""
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half or found["minute"] is None:
        return None
    return time(hour, minute) if hour < 24 and minute < 60 else None
