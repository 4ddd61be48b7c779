"""Moments: a time as people write it (14:00, in 2 hours, tomorrow 09:00) as an instant."""

import re
from datetime import datetime, timedelta

from handlers.kit.calendar import read_time
from handlers.kit.context import Context
from handlers.kit.dates import read_date
from handlers.kit.errors import FieldErrors

HINT = "14:00, in 2 hours or tomorrow 09:00"
_SPAN = re.compile(r"in (\d{1,3}) ?(minutes?|min|hours?|h|days?)", re.IGNORECASE)
_AT = re.compile(r"(?:(?P<day>.+?)[ ,]+)?(?:at )?(?P<time>\d{1,2}:\d{2})", re.IGNORECASE)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def read_moment(context: Context, field: str, text: str) -> datetime:
    """The instant that is meant, in the city's time; a time of the clock alone is the next one. Raises FieldErrors for
    the ``field`` when it cannot be read, or is over."""
    moment = _read(context, text.strip())
    if moment is None:
        raise FieldErrors({field: f'I cannot read "{text}" as a time. Write it like {HINT}.'})
    if moment <= context.now:
        raise FieldErrors({field: f"{context.city.calendar.spoken(moment)} is over. Write a time to come."})
    return moment


def _read(context: Context, text: str) -> datetime | None:
    if span := _SPAN.fullmatch(text):
        return context.now + timedelta(**{_UNITS[span[2][0].lower()]: int(span[1])})
    found = _AT.fullmatch(text)
    if found is None:
        return None
    try:
        time = read_time(found["time"].zfill(5))
        day = read_date(found["day"], context.today) if found["day"] else context.today
    except ValueError:
        return None
    moment = context.city.calendar.instant(day, time)
    if found["day"] is None and moment <= context.now:
        moment = context.city.calendar.instant(day + timedelta(days=1), time)
    return moment
