"""Fact: a table of a city's TOML files, and the kinds of values that several of them have."""

import re
from datetime import time
from functools import partial
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from handlers.kit.alike import alike
from handlers.kit.errors import WrongFact
from handlers.kit.time.calendar import read_time
from handlers.kit.time.rules import MONTHS, WEEKDAYS, read_rule
from handlers.kit.time.worktime import Hours, read_hours

ID = r"^[a-z][a-z0-9-]{0,39}$"


Id = Annotated[str, Field(pattern=ID)]


def other_than(*words: str, beginning: tuple[str, ...] = ()) -> AfterValidator:
    """Refuse an id that the bot would take for a word of its own."""

    def check(name: str) -> str:
        if name in words or name.startswith(beginning):
            raise ValueError(f"{name!r} means something else to the bot; choose another id")
        return name

    return AfterValidator(check)


def _address(value: Any) -> Any:
    """An e-mail address without what is pasted along with it; raises ValueError when it still is none."""
    if not isinstance(value, str):
        return value
    plain = _PASTED.sub("", value.strip())
    plain = (pointed[1] if (pointed := _POINTED.fullmatch(plain)) else plain).strip().removeprefix("mailto:")
    if not _ADDRESS.fullmatch(plain):
        why = (
            "it has no @"
            if "@" not in plain
            else "it has a space in it"
            if re.search(r"\s", plain)
            else "it does not fit"
        )
        raise ValueError(f"{plain!r} is not an e-mail address: {why}; write one such as sam@city.example.org")
    return plain


_PASTED = re.compile("[\u200b-\u200f\u2060\ufeff]")  # without width: nobody sees that they are there
_POINTED = re.compile(r"[^<>]*<([^<>]+)>")  # Sam Rivers <sam@city.example.org>
_ADDRESS = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")
Address = Annotated[str, BeforeValidator(_address), Field(max_length=254)]


def _clock(value: Any) -> Any:
    """A time of day; raises ValueError for a number, which would be taken for seconds after midnight."""
    if isinstance(value, int):
        raise ValueError(f'{value} is not a time of day; write one in quotes such as "19:00"')
    return read_time(value) if isinstance(value, str) else value


Clock = Annotated[time, BeforeValidator(_clock)]


WorkHours = Annotated[Hours, BeforeValidator(lambda value: read_hours(value) if isinstance(value, str) else value)]


Most = Annotated[int, Field(ge=1, le=1_000_000)]


Amount = Annotated[int, Field(ge=1, le=10_000)]


DayRule = Annotated[str, AfterValidator(lambda words: read_rule(words).words)]


def _by_name(names: tuple[str, ...], what: str, value: Any) -> Any:
    """The one of these names that is meant, in any case and by its first three letters; raises ValueError."""
    words = str(value).strip().rstrip(".").lower()
    found = [name for name in names if len(words) >= 3 and name.lower().startswith(words)]
    if len(found) != 1:
        raise ValueError(f"{value!r} is not a {what}; write one such as {names[0]}")
    return found[0]


Weekday = Annotated[str, BeforeValidator(partial(_by_name, WEEKDAYS, "weekday"))]


Month = Annotated[str, BeforeValidator(partial(_by_name, MONTHS, "month"))]


class Repeats:
    """Written beside the type of a list that may hold the same thing more than once."""


class Fact(BaseModel):
    """A table. No list in it holds anything twice: what is named twice would be asked, paged or planned twice, or one
    would hide the other. Rows are the same when they agree in a field of ``DIFFER``; people choose by names."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    DIFFER: ClassVar[tuple[str, ...]] = ("id", "name")

    @model_validator(mode="before")
    @classmethod
    def _says_what_it_should(cls, values: Any) -> Any:
        for name, value in values.items() if isinstance(values, dict) else ():
            field = cls.model_fields.get(name)
            if isinstance(value, bool) and field is not None and field.annotation is not bool:
                raise WrongFact(name, f"{str(value).lower()} does not fit; write a number or a text")
            if name == "name" and isinstance(value, str) and not value.strip():
                raise WrongFact(name, "it is empty; write a name")
        return values

    @model_validator(mode="after")
    def _holds_nothing_twice(self) -> Self:
        for name, field in type(self).model_fields.items():
            values = getattr(self, name)
            if isinstance(values, tuple) and not any(mark is Repeats for mark in field.metadata):
                _refuse_doubles(name, values)
        return self


def _refuse_doubles(name: str, values: tuple[Any, ...]) -> None:
    """Raise WrongFact for the first value that is in a list twice."""
    known = set[tuple[str, str]]()
    for number, value in enumerate(values):
        for key, part in _told_apart_by(value):
            if (key, _plain(part)) in known:
                row = getattr(value, "id", None) or str(number)
                where = ".".join((name, row, key)).removesuffix(".id") if key else name
                what = f"the {key} {_spoken(part)}" if key else _spoken(part)
                raise WrongFact(where, f"{what} is there twice; change or remove one")
            known.add((key, _plain(part)))


def _told_apart_by(value: Any) -> list[tuple[str, Any]]:
    """What a value must not share with another value of its list: its own keys, or itself."""
    if not isinstance(value, Fact):
        return [("", value)]
    keys = [key for key in value.DIFFER if getattr(value, key, None) is not None]
    return [(key, getattr(value, key)) for key in keys] or [("", repr(value))]


def _plain(value: Any) -> str:
    """The value as it is compared: texts that people would take for the same are equal."""
    return alike(value) if isinstance(value, str) else repr(value)


def _spoken(value: Any) -> str:
    return repr(value) if isinstance(value, str) else str(value)
