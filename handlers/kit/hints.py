"""Hints: what in a text looks like contact data, which belongs where it is kept sealed."""

import re
from collections.abc import Iterator

_EMAIL = re.compile(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+\.[^\W\d_]{2,}")
_DIGITS = re.compile(r"(?<![\w-])\+?\(?\d[\d\s().\-/\u2010-\u2015]{5,}\d(?!(?![xX] ?\d)[\w-])")  # x12: an extension
_NUMBERED = re.compile(r"(?:19|20)\d\d-\d{3,8}")  # how offices number what they write: 2026-000123
_NO_PHONE = re.compile(
    r"""(?<![\w.+()-])(?:
        (?:19|20)\d\d[-/.]\d\d?[-/.]\d\d? | \d\d?[-/.]\d\d?[-/.](?:19|20)?\d\d  # dates
        | (?:19|20)\d\d\s*[-/\u2013]\s*(?:19|20)\d\d  # from a year to another
        | (?:\d{1,3}\.){3}\d{1,3}  # addresses of machines
        | -?\d{1,3}\.\d{5,}  # degrees of a map
    )(?![\w-])(?!\.\d)""",
    re.VERBOSE,
)
PHONE = range(7, 16)  # digits of a telephone number; 15 are the most that ITU-T E.164 allows
CARD = range(13, 20)  # digits of a payment card (ISO/IEC 7812)


def personal(text: str) -> list[str]:
    """What a text seems to hold, in words: an e-mail address, a phone number, a card number; each once."""
    return list(dict.fromkeys(_found(text)))


def _found(text: str) -> Iterator[str]:
    if _EMAIL.search(text):
        yield "an e-mail address"
    for found in _DIGITS.finditer(_NO_PHONE.sub("|", text)):
        digits = re.sub(r"\D", "", found[0])
        if _NUMBERED.fullmatch(found[0].strip()):
            continue
        if len(digits) in CARD and _checks(digits):
            yield "a card number"
        elif len(digits) in PHONE:
            yield "a phone number"


def _checks(digits: str) -> bool:
    """Whether the last digit of a card's number is the one the others give (Luhn's formula)."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0
