"""Forms: what a command asks, declared once and shown by every door.

A form is a pydantic model whose fields are made by ``ask()``. The same declaration gives each door its form,
the command line its one-line grammar, help its text and every field its error sentence.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from handlers.kit.errors import FieldErrors
from handlers.kit.lists import counted
from handlers.kit.naming import which_of
from handlers.kit.options import chosen, meant
from handlers.kit.scale import read_scale
from handlers.kit.signs import bare, closed, is_blank, storable
from handlers.kit.time.dates import read_date
from handlers.kit.values import Carried

if TYPE_CHECKING:
    from handlers.kit.city.model import City

TEXT_LIMIT = 3000  # the longest text every door can take in one field (Slack's plain_text_input)
KEPT_FORMS = 256  # that are made of the city's texts or for the columns of a sheet: more than a city has at any time
LINE_LIMIT = 4000  # the longest text that is taken from a line, where no field limits it
Kind = Literal["text", "long_text", "level", "choice", "date", "person", "reference"]
Options = tuple[tuple[str, str], ...]  # (value, what people read)
Choices = Callable[["City"], Options]
Hint = str | Callable[["City"], str]


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
class Question:
    """One field as a door shows it; ``suggests`` is what is answered most often, where anything else may be typed, and
    ``moment`` says that it asks for a day and a time."""

    name: str
    label: str
    kind: Kind
    required: bool
    max_length: int = TEXT_LIMIT
    options: Options = ()
    hint: str = ""
    private: bool = False
    former: bool = False
    suggests: Options = ()
    moment: bool = False


@dataclass(frozen=True)
class FormPage:
    """A form to be shown: ``target`` is the command or action it belongs to, ``values`` what is filled in already.

    A target may carry what it is about after a bar: ``risk.change|R-1``. ``nonce`` makes one form one record,
    however often it is sent.
    """

    title: str
    submit: str
    target: str
    nonce: str
    questions: tuple[Question, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    intro: str = ""

    @property
    def private(self) -> frozenset[str]:
        """The fields whose answers are kept nowhere on the way."""
        return frozenset(question.name for question in self.questions if question.private)


@dataclass(frozen=True)
class OpenForm:
    """What a handler returns to have a form opened: the command or action it belongs to, what is filled in, and what
    it is about."""

    target: str
    values: Mapping[str, str] = field(default_factory=dict)
    about: Carried | str = ""


@dataclass(frozen=True)
class _Asks:
    """Marks a type with the kind of question it is."""

    kind: Kind


def _reading(info: ValidationInfo) -> Reading:
    assert isinstance(info.context, Reading), "forms are read by read_form()"
    return info.context


def _read_date(value: Any, info: ValidationInfo) -> Any:
    return read_date(value, _reading(info).today)


def _read_person(value: str, info: ValidationInfo) -> str:
    person = _reading(info).find_person(value)
    if person is None and _ACCOUNT.fullmatch(f"@{value.removeprefix('@')}"):
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


Level = Annotated[int, BeforeValidator(int), _Asks("level")]  # what was typed is read by its scale: see _fitting
Date = Annotated[date, BeforeValidator(_read_date), _Asks("date")]
PersonId = Annotated[str, BeforeValidator(_read_person), _Asks("person")]
AnybodyId = Annotated[str, BeforeValidator(_read_anybody), _Asks("person")]  # also of somebody who has left
Reference = Annotated[str, BeforeValidator(_read_reference), _Asks("reference")]
SCALE: Options = tuple((str(number), str(number)) for number in range(1, 6))


def ask(
    label: str,
    *,
    default: Any = PydanticUndefined,
    max_length: int = TEXT_LIMIT,
    long: bool = False,
    options: Options | Choices | None = None,
    scale: Options | Choices = SCALE,
    hint: Hint = "",
    private: bool = False,
    former: bool = False,
    moment: Options = (),
) -> Any:
    """One question of a form.

    ``label`` is read by people; ``options`` are (value, label) pairs, or a function that gives the city's; ``scale``
    says what the numbers 1 to 5 mean, and ``hint`` what else there is to know, here or from the city's files;
    ``private`` means that the answer is given in the form alone: a line does not give it, and nothing on the way keeps
    it or hands it back. ``former`` takes besides the options an id that was one of them, in the row of a sheet
    (:func:`check_former`). ``moment`` asks for a day and a time, and is what is answered most often.
    """
    shown = {"options": options, "scale": scale, "hint": hint, "moment": moment}
    extra: dict[str, Any] = {**shown, "private": private, "former": former, "limit": max_length, "long": long}
    return Field(default=default, title=label, json_schema_extra=extra)


class Form(BaseModel):
    """The base of every form; read it with :func:`read_form`."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        defer_build=True,  # one command fills one form of ninety
    )

    def values(self) -> dict[str, Any]:
        """The answers by field, ready for storage."""
        return dict(self)


F = TypeVar("F", bound=Form)
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")  # of something in the city's files
_ACCOUNT = re.compile(r"@((?:slack|teams):[\w:.-]+)")  # how a door writes a mention


def questions(form: type[Form], city: "City") -> tuple[Question, ...]:
    """The form's fields in order, with the city's own choices filled in."""
    known: tuple[Question, ...] | None = city.asked.get(form)
    if known is None:
        known = tuple(
            replace(
                question,
                options=choices(city) if choices else question.options,
                hint=hint(city) if callable(hint) else question.hint,
            )
            for question, choices, hint in _declared(form)
        )
        if len(city.asked) >= 2 * KEPT_FORMS:
            city.asked.clear()
        city.asked[form] = known
    return known


@lru_cache(maxsize=2 * KEPT_FORMS)  # and those that are declared
def _declared(form: type[Form]) -> tuple[tuple[Question, Choices | None, Hint], ...]:
    """The fields as they were declared, each with what gives the city's own choices and its hint."""
    return tuple(_question(name, info) for name, info in form.model_fields.items())


def _question(name: str, info: FieldInfo) -> tuple[Question, Choices | None, Hint]:
    extra: dict[str, Any] = info.json_schema_extra  # type: ignore[assignment]  # made by ask()
    kind = _kind(info, extra)
    choices = extra["scale"] if kind == "level" else extra["options"] or ()
    question = Question(
        name=name,
        label=info.title or name,
        kind=kind,
        required=info.is_required(),
        max_length=extra["limit"],
        options=() if callable(choices) else choices,
        hint="" if callable(extra["hint"]) else extra["hint"],
        private=extra["private"],
        former=extra["former"],
        suggests=extra["moment"],
        moment=bool(extra["moment"]),
    )
    return question, choices if callable(choices) else None, extra["hint"]


def _kind(info: FieldInfo, extra: dict[str, Any]) -> Kind:
    if extra["options"]:
        return "choice"
    optional = [note for part in get_args(info.annotation) for note in getattr(part, "__metadata__", ())]
    for note in (*info.metadata, *optional):
        if isinstance(note, _Asks):
            return note.kind
    return "long_text" if extra["long"] else "text"


def read_form(form: type[F], values: Mapping[str, str], reading: Reading, *, line: bool = False) -> F:
    """The form from what somebody typed; raises FieldErrors with one sentence per field that does not fit.

    A ``line`` may hold longer texts than a field of a form.
    """
    asked = {question.name: question for question in questions(form, reading.city)}
    errors = {name: f'"{name}" is not asked here.' for name in values if name not in asked}
    given: dict[str, str] = {}
    for name, question in asked.items():
        value = _given(question, values[name]) if name in values else ""
        try:
            if value:
                given[name] = _fitting(question, value, reading, line)
            elif question.required:
                errors[name] = "Please fill this in."
        except ValueError as problem:
            errors[name] = str(problem)
    try:
        answers = form.model_validate(given, context=reading)
    except ValidationError as problems:
        for details in problems.errors():
            errors.setdefault(str(details["loc"][0]), str(details.get("ctx", {}).get("error", details["msg"])))
    if errors:
        raise FieldErrors(errors)
    return answers


def _given(question: Question, typed: str) -> str:
    """What somebody typed, as it can be kept and shown beside what others wrote; nothing where nobody sees it."""
    value = storable(typed).strip()
    if is_blank(value):
        return ""
    return closed(value, question.max_length) if question.kind in ("text", "long_text") else bare(value)


def _fitting(question: Question, value: str, reading: Reading, line: bool) -> str:
    if question.kind in ("text", "long_text"):
        value = with_names(value, reading)
    most = LINE_LIMIT if line and question.max_length == TEXT_LIMIT else question.max_length
    if len(value) > most:
        raise ValueError(f"This is {counted(len(value) - most, 'character')} too long; at most {most:,} fit.")
    if question.kind == "level":
        return read_scale(value, question.options)
    if question.former and meant(question.options, value) is None and _ID.fullmatch(value):
        return value
    return chosen(question.options, value) if question.kind == "choice" else value


def with_names(text: str, reading: Reading) -> str:
    """The text with each mentioned person by name, not by a platform's account."""
    return _ACCOUNT.sub(lambda found: _named(found[1], reading), text)


def _named(account: str, reading: Reading) -> str:
    """Somebody mentioned inside a text, by name; an account that is nobody's stays as it is."""
    person = reading.find_person(account)
    return f"@{reading.name(person)}" if person else f"@{account.partition(':')[2]}"
