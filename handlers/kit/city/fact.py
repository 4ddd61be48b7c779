"""Fact: a table of a city's TOML files, and the kinds of values that several of them have."""

from datetime import time
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from handlers.kit.errors import WrongFact
from handlers.kit.time.calendar import read_time
from handlers.kit.time.rules import read_rule
from handlers.kit.time.worktime import Hours, read_hours

ID = r"^[a-z][a-z0-9-]{0,39}$"


Id = Annotated[str, Field(pattern=ID)]


Clock = Annotated[time, BeforeValidator(lambda value: read_time(value) if isinstance(value, str) else value)]


WorkHours = Annotated[Hours, BeforeValidator(lambda value: read_hours(value) if isinstance(value, str) else value)]


Most = Annotated[int, Field(ge=1, le=1_000_000)]


Amount = Annotated[int, Field(ge=1, le=10_000)]


DayRule = Annotated[str, AfterValidator(lambda words: read_rule(words).words)]


class Repeats:
    """Written beside the type of a list that may hold the same thing more than once."""


class Fact(BaseModel):
    """A table. No list in it holds anything twice: what is named twice would be asked, paged or planned twice, or one
    would hide the other. Rows are the same when they agree in a field of ``DIFFER``; people choose by names."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    DIFFER: ClassVar[tuple[str, ...]] = ("id", "name")

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
    return " ".join(value.casefold().split()) if isinstance(value, str) else repr(value)


def _spoken(value: Any) -> str:
    return repr(value) if isinstance(value, str) else str(value)
