"""Numbers: a number as people type it (1,250, 12.5, 12,5 %) turned into an exact one, and how people read it."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator

DIGITS, DECIMALS = 12, 3  # before and after the point: as many as every database keeps exactly
IN_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_UNITS = " \u00a0\u202f%$€£"  # what stands before or after a number and says what it counts
_BY_SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f'\u2019](?=\d{3}(?!\d))", re.ASCII)
_BY_COMMAS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", re.ASCII)
_WITH_COMMA = re.compile(r"-?\d+,\d{1,2}", re.ASCII)
_PLAIN = re.compile(r"-?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_EITHER = re.compile(r"(-?[1-9]\d{0,2})\.(\d{3})", re.ASCII)  # 1.250: a thousand and more, or a little more than 1


def read_number(text: str) -> Decimal:
    """The number that a text means: a comma before three digits separates thousands, before one or two it is a point.

    A percent or currency sign around it is left out. Raises ValueError with a sentence for the person, also for 1.250,
    which could be two numbers.
    """
    plain = _BY_SPACES.sub("", _DASHES.sub("-", text).strip(_UNITS))
    if _BY_COMMAS.fullmatch(plain):
        plain = plain.replace(",", "")
    elif _WITH_COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    if not _PLAIN.fullmatch(plain):
        raise ValueError(f'"{text}" is not a number I can read. Write only the number, such as 1,250 or 12.5.')
    if could_be := _EITHER.fullmatch(plain):
        whole, small = "".join(could_be.groups()), f"{Decimal(plain).normalize():f}"
        fine = small if small != plain else f"{plain}0"
        raise ValueError(f'"{text}" could be {int(whole):,} or {small}. Write {whole} or {fine}.')
    number = Decimal(plain)
    if number.copy_abs() >= 10**DIGITS:
        raise ValueError(f'"{text}" is too large. At most {DIGITS} digits fit before the point.')
    if number != round(number, DECIMALS):
        raise ValueError(f'"{text}" has too many decimals. At most {DECIMALS} digits fit after the point.')
    return number


def read_amount(text: str) -> Decimal:
    """The same for what cannot be below zero. Raises ValueError with a sentence for the person."""
    number = read_number(text)
    if number < 0:
        raise ValueError(f'"{text}" is below zero, and this is counted from 0 up. Write 0 or more.')
    return number


def read_whole(text: str) -> int:
    """The same for what is counted in whole ones. Raises ValueError with a sentence for the person."""
    number = read_amount(text)
    if number != int(number):
        raise ValueError(f'"{text}" is not a whole number. Write it without a part after the point.')
    return int(number)


def spoken_number(number: Decimal) -> str:
    """The number people read: 1,250 or 12.5. Where three digits after the point could be thousands, a 0 follows."""
    spoken = f"{number.normalize() + 0:,f}"
    return f"{spoken}0" if _EITHER.fullmatch(spoken) else spoken


def spoken_change(now: Decimal, before: Decimal | None) -> str:
    """How a number changed: +3, -0.5 or same; empty when there is nothing to compare with."""
    if before is None:
        return ""
    return f"{(now - before).normalize():+,f}" if now != before else "same"


Amount = Annotated[Decimal, BeforeValidator(read_amount)]
Count = Annotated[int, BeforeValidator(read_whole)]
Change = Annotated[Decimal, BeforeValidator(read_number)]  # an amount that may be below zero, such as a balance
