"""Answers: the kinds of answers that a form takes, each read from what people type."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, ValidationInfo

from handlers.kit.naming import which_of
from handlers.kit.time.dates import read_date

if TYPE_CHECKING:
    from handlers.kit.city.model import City

Kind = Literal["text", "long_text", "level", "choice", "date", "person", "reference"]
ACCOUNT = re.compile(r"@((?:slack|teams):[\w:.-]+)")  # how a door writes a mention


@dataclass(frozen=True)
class Reading:
    """What it takes to read an answer: the city, its date today, who ``@sam`` is, what they are called, and all who may
    be meant by a name."""

    city: "City"
    today: date
    find_person: Callable[[str], str | None]
    name: Callable[[str | None], str]
    namesakes: Callable[[str], Sequence[str]] = lambda _: ()


@dataclass(frozen=True)
class Asks:
    """Marks a type with the kind of question it is."""

    kind: Kind


def _reading(info: ValidationInfo) -> Reading:
    assert isinstance(info.context, Reading), "forms are read by read_form()"
    return info.context


def _read_date(value: Any, info: ValidationInfo) -> Any:
    return read_date(value, _reading(info).today)


def _read_end(value: Any, info: ValidationInfo) -> Any:
    """The last day of a range: a weekday is counted from the day before it in the form, with which the range begins."""
    begins = next((day for day in reversed(info.data.values()) if isinstance(day, date)), None)
    return read_date(value, _reading(info).today, begins)


def _read_person(value: str, info: ValidationInfo) -> str:
    person = _reading(info).find_person(value)
    if person is None and ACCOUNT.fullmatch(f"@{value.removeprefix('@')}"):
        raise ValueError("I do not know the person you mention there. Write their e-mail address instead.")
    if person is None:
        raise ValueError(which_of(value, _reading(info).namesakes(value)))
    return person


def _read_anybody(value: str, info: ValidationInfo) -> str:
    """Somebody's id; for a person who is not known any more, the words that were typed. Several people of one name are
    asked about."""
    person = _reading(info).find_person(value)
    if person is None and len(namesakes := _reading(info).namesakes(value)) > 1:
        raise ValueError(which_of(value, namesakes))
    return person or value.strip().removeprefix("@").strip()


def _read_reference(value: str) -> str:
    return value.upper()


Level = Annotated[int, BeforeValidator(int), Asks("level")]  # what was typed is read by its scale: see forms._fitting
Date = Annotated[date, BeforeValidator(_read_date), Asks("date")]
EndDate = Annotated[date, BeforeValidator(_read_end), Asks("date")]
PersonId = Annotated[str, BeforeValidator(_read_person), Asks("person")]
AnybodyId = Annotated[str, BeforeValidator(_read_anybody), Asks("person")]  # also of somebody who has left
Reference = Annotated[str, BeforeValidator(_read_reference), Asks("reference")]
