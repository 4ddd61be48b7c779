"""Retry-After: how long somebody asks us to wait, in seconds or as a date (RFC 9110, 10.2.3), and at most an hour.

A mistyped header must not hold a message for years, and a message that waits says for how long it was asked to.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.post import Wait

LONGEST = 3600.0  # seconds


def asked_to_wait(why: str, headers: Mapping[str, str], longest: float = LONGEST) -> Wait:
    """The result when somebody takes nothing now; ``why`` also names the time they asked for, if that was too long."""
    asked = _asked(headers)
    if asked is not None and asked > longest:
        return Wait(f"{why}, for {asked:.0f} seconds; it is tried again after {longest:.0f}", longest)
    return Wait(why, asked)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds to wait, when the header says something that makes sense; never more than an hour."""
    return asked_to_wait("", headers).seconds


def _asked(headers: Mapping[str, str]) -> float | None:
    said = _header(headers, "retry-after")
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", said):
        return float(said)
    until = read_date(said)
    if until is None:
        return None
    there = read_date(_header(headers, "date")) or datetime.now(UTC)  # their clock, for it is their date
    return max(0.0, (until - there).total_seconds())


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((str(value).strip() for key, value in headers.items() if key.lower() == name), "")


def read_date(said: str) -> datetime | None:
    """The moment that a header says; None when that makes no sense."""
    try:
        found = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
