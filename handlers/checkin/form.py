"""Check-in form: what a department is asked, filled in with what it said before."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import create_model

from handlers.checkin.record import HEALTH, AnswerOf, department_name, numbers_of
from handlers.kit.city.checkin import Number
from handlers.kit.city.model import City
from handlers.kit.context import Request
from handlers.kit.forms import KEPT_FORMS, Form, Level, OpenForm, Options, ask
from handlers.kit.numbers import Amount, Change, spoken_number
from storage.checkin.records import Checkin

EMPTY_RISK, EMPTY_HELP = "In one line. Leave it empty if there is none", "Leave it empty if you need none"
NUMBER_LIMIT = 24  # characters; longer than any number that can be stored


def field_of(number: Number) -> str:
    """The name of the field that asks for a number."""
    return number.id.replace("-", "_")


def _kind(number: Number) -> Any:
    """What is read as an answer: an amount, or where the city says so, one that may be below zero."""
    return Change if number.below_zero else Amount


def _range_of(number: Number) -> str:
    return "A number, which may be below zero" if number.below_zero else "A number, 0 or more"


def _departments(city: City) -> Options:
    return tuple((department.id, department.name) for department in city.departments.values())


def _texts() -> dict[str, Any]:
    return {
        "risk": (str | None, ask("Is a risk emerging?", default=None, max_length=120, hint=EMPTY_RISK)),
        "help": (str | None, ask("What help do you need?", default=None, max_length=500, long=True, hint=EMPTY_HELP)),
    }


@lru_cache(maxsize=KEPT_FORMS)
def _whole(numbers: tuple[Number, ...], department: str) -> type[Form]:
    """The form of a department: its own numbers and nobody else's."""
    fields: dict[str, Any] = {
        "health": (Level, ask(f"How is the team of {department}?", scale=HEALTH)),
        **{
            field_of(number): (_kind(number), ask(number.name, max_length=NUMBER_LIMIT, hint=_range_of(number)))
            for number in numbers
        },
        **_texts(),
    }
    return create_model("Answer", __base__=Form, **fields)


@lru_cache(maxsize=KEPT_FORMS)
def typed_form(numbers: tuple[Number, ...]) -> type[Form]:
    """The form for a typed line: everything is optional, and the opened form asks for the rest."""
    fields: dict[str, Any] = {
        "department": (str | None, ask("For which department?", options=_departments, default=None)),
        "health": (Level | None, ask("How is the team? (1 struggling - 5 strong)", scale=HEALTH, default=None)),
        **{
            field_of(number): (_kind(number) | None, ask(number.name, max_length=NUMBER_LIMIT, default=None))
            for number in numbers
        },
        **_texts(),
    }
    return create_model("TypedAnswer", __base__=Form, **fields)


def whole_form(city: City, value: AnswerOf) -> type[Form]:
    """The form of the department whose check-in is answered."""
    return _whole(numbers_of(city, value.department), department_name(city, value.department))


def opened_form(request: Request, checkin: Checkin, given: Mapping[str, str]) -> OpenForm:
    """The form, filled in with the present answer, or else with last time's."""
    about = AnswerOf(checkin.department, checkin.day, checkin.version)
    return OpenForm("checkin.answer", {**_filled_in(request, checkin), **given}, about)


def _filled_in(request: Request, checkin: Checkin) -> dict[str, str]:
    """The present answer; else last time's, without a risk that was logged or help that was found since."""
    store = request.store.checkin.records
    last = checkin if checkin.answered_at else store.answered_before(checkin.department, checkin.day)
    if last is None:
        return {}
    kept = store.readings(last.day).get(last.department, {})
    own = {
        field_of(number): kept[number.id]
        for number in numbers_of(request.city, checkin.department)
        if number.id in kept
    }
    stands = last is checkin
    risk = last.risk if stands or not last.risk_ref else None
    help = last.help if stands or last.needs_help else None
    filled = {"health": last.health, **own, "risk": risk, "help": help}
    return {name: as_text(value) for name, value in filled.items() if value is not None}


def as_text(value: object) -> str:
    """An answer as people would type it."""
    return spoken_number(value) if isinstance(value, Decimal) else str(value)
