"""Cell text: what stands in a cell of a spreadsheet, as the spreadsheet shows it."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from handlers.kit.sheets.writing import CONTROL

DIGITS = 15  # of a number, as many as a spreadsheet keeps
_CONTROL_AS_XML = re.compile(r"_x([0-9A-F]{4})_")
_PERCENT = re.compile(r"[#0,. ]*%", re.ASCII)
_ZEROS = re.compile(r"0{2,}", re.ASCII)  # such as a ZIP code
_PLAIN = re.compile(r"(?:General|@|[#0,. ?_()\-*/]|E[+\-]0+|\[\w+\])*%?", re.ASCII)
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]')
_MONEY = re.compile(r"\b[A-Z]{3}\b|[$\u00a2-\u00a5\u20a0-\u20cf]", re.ASCII)


def shown(value: Any, number_format: str = "General") -> str:
    """The text of a cell's value: a day, a time, yes or no as TRUE or FALSE, 12.5% or $1250 where it is shown so."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case datetime():
            return _day_and_time(value)
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("seconds" if value.second else "minutes")
        case timedelta():
            return _span(value)
        case int() | float():
            return _number(value, number_format)
    return _CONTROL_AS_XML.sub(_as_written, str(value))


def _as_written(found: re.Match[str]) -> str:
    """A character that XML cannot hold, from how a spreadsheet file writes it; anything else stays."""
    character = chr(int(found[1], 16))
    return character if CONTROL.match(character) else found[0]


def is_plain(number_format: str) -> bool:
    """Whether a number in this format is shown with nothing that :func:`shown` leaves out."""
    return bool(_PLAIN.fullmatch(_MONEY.sub("", _said(number_format), count=1)))


def _day_and_time(value: datetime) -> str:
    if value.time() == time.min:
        return value.date().isoformat()
    return value.isoformat(" ", "seconds" if value.second else "minutes")


def _span(value: timedelta) -> str:
    """Hours and minutes, as many hours as there are."""
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if seconds else f"{hours}:{minutes:02}"


def _number(value: float, number_format: str) -> str:
    positive = number_format.split(";")[0]
    if _PERCENT.fullmatch(positive):
        return f"{_digits(value * 100)}%"
    if _ZEROS.fullmatch(positive) and float(value).is_integer():
        return str(int(value)).zfill(len(positive))
    return f"{_money(number_format)}{_digits(value)}"


def _said(number_format: str) -> str:
    """The format of a number that is not negative, with what it says in quotes."""
    positive = number_format.split(";")[0]
    return _LITERAL.sub(lambda found: found[3] or found[1] or found[2] or "", positive)


def _money(number_format: str) -> str:
    """The currency that is shown with a number, before it; empty for none."""
    found = _MONEY.search(_said(number_format))
    return (f"{found[0]} " if found[0].isalpha() else found[0]) if found else ""


def _digits(value: float) -> str:
    """A number without an exponent or the noise of a binary fraction."""
    return str(value) if isinstance(value, int) else f"{Decimal(f'{value:.{DIGITS}g}'):f}"
