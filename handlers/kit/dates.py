"""Dates: a day as people type it (friday, tomorrow, in 3 days, 2026-12-01) turned into a date."""

import re
from datetime import date, timedelta

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
HINT = 'Write a day as 2026-12-01, "tomorrow", "friday" or "in 3 days".'


def read_date(text: str, today: date) -> date:
    """The day that ``text`` means on ``today``; a weekday is the next one, never today.

    Raises ValueError with a sentence for the person when it is no day.
    """
    words = _DASHES.sub("-", text).strip().lower().removeprefix("next ").removeprefix("on ")
    if words in ("today", "tomorrow"):
        return today + timedelta(days=1 if words == "tomorrow" else 0)
    weekdays = [number for number, name in enumerate(_WEEKDAYS) if len(words) >= 3 and name.startswith(words)]
    if len(weekdays) == 1:
        return today + timedelta(days=(weekdays[0] - today.weekday() - 1) % 7 + 1)
    if counted := re.fullmatch(r"in (\d{1,4}) (day|week)s?", words):
        return today + timedelta(days=int(counted[1]) * (7 if counted[2] == "week" else 1))
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise ValueError(f'"{text}" is not a day I can read. {HINT}') from None


def is_written_out(text: str) -> bool:
    """Whether a text is a day as a date field takes it: 2026-12-01."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
