"""Forms: what a command asks, declared once and shown by every door.

A form is a pydantic model whose fields are made by ``ask()``. The same declaration gives each door its form,
the command line its one-line grammar, help its text and every field its error sentence.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from handlers.kit.answers import ACCOUNT, Asks
from handlers.kit.answers import AnybodyId as AnybodyId
from handlers.kit.answers import Date as Date
from handlers.kit.answers import EndDate as EndDate
from handlers.kit.answers import Kind as Kind
from handlers.kit.answers import Level as Level
from handlers.kit.answers import PersonId as PersonId
from handlers.kit.answers import Reading as Reading
from handlers.kit.answers import Reference as Reference
from handlers.kit.errors import FieldErrors
from handlers.kit.lists import counted
from handlers.kit.options import Said, as_chosen, chosen, meant
from handlers.kit.scale import on_scale, read_scale
from handlers.kit.signs import bare, closed, is_blank, storable
from handlers.kit.values import Carried

if TYPE_CHECKING:
    from handlers.kit.city.model import City

TEXT_LIMIT = 3000  # the longest text every door can take in one field (Slack's plain_text_input)
KEPT_FORMS = 256  # that are made of the city's texts or for the columns of a sheet: more than a city has at any time
LINE_LIMIT = 4000  # the longest text that is taken from a line, where no field limits it
Options = tuple[tuple[str, str], ...]  # (value, what people read)
Choices = Callable[["City"], Options]
Words = Callable[["City"], Said]
Hint = str | Callable[["City"], str]


@dataclass(frozen=True)
class Question:
    """One field as a door shows it; ``suggests`` is what is answered most often, where anything else may be typed, and
    ``moment`` says that it asks for a day and a time. ``said`` is what people say for its options besides."""

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
    said: Said = field(default_factory=dict, hash=False)

    def filled_in(self, typed: str) -> str:
        """What somebody typed as a form shows it: a choice or a place on a scale by its value, where that is known."""
        if self.kind == "level":
            return on_scale(typed, self.options)
        return as_chosen(self.options, typed, self.said) if self.kind == "choice" else typed


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


SCALE: Options = tuple((str(number), str(number)) for number in range(1, 6))


def ask(
    label: str,
    *,
    default: Any = PydanticUndefined,
    max_length: int = TEXT_LIMIT,
    long: bool = False,
    options: Options | Choices | None = None,
    said: Words | None = None,
    scale: Options | Choices = SCALE,
    hint: Hint = "",
    private: bool = False,
    former: bool = False,
    moment: Options = (),
) -> Any:
    """One question of a form.

    ``label`` is read by people; ``options`` are (value, label) pairs, or a function that gives the city's, and ``said``
    a function that gives what people say for them besides (words.toml); ``scale`` says what the numbers 1 to 5 mean,
    and ``hint`` what else there is to know, here or from the city's files; ``private`` means that the answer is given
    in the form alone: a line does not give it, and nothing on the way keeps it or hands it back. ``former`` takes
    besides the options an id that was one of them, in the row of a sheet with a reference. ``moment`` asks for a day
    and a time, and is what is answered most often.
    """
    shown = {"options": options, "said": said, "scale": scale, "hint": hint, "moment": moment}
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


def questions(form: type[Form], city: "City") -> tuple[Question, ...]:
    """The form's fields in order, with the city's own choices filled in."""
    known: tuple[Question, ...] | None = city.asked.get(form)
    if known is None:
        known = tuple(
            replace(
                question,
                options=choices(city) if choices else question.options,
                said=said(city) if said else question.said,
                hint=hint(city) if callable(hint) else question.hint,
            )
            for question, choices, said, hint in _declared(form)
        )
        if len(city.asked) >= 2 * KEPT_FORMS:
            city.asked.clear()
        city.asked[form] = known
    return known


@lru_cache(maxsize=2 * KEPT_FORMS)  # and those that are declared
def _declared(form: type[Form]) -> tuple[tuple[Question, Choices | None, Words | None, Hint], ...]:
    """The fields as they were declared, each with what gives the city's own choices, words and hint."""
    return tuple(_question(name, info) for name, info in form.model_fields.items())


def _question(name: str, info: FieldInfo) -> tuple[Question, Choices | None, Words | None, Hint]:
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
    return question, choices if callable(choices) else None, extra["said"], extra["hint"]


def _kind(info: FieldInfo, extra: dict[str, Any]) -> Kind:
    if extra["options"]:
        return "choice"
    optional = [note for part in get_args(info.annotation) for note in getattr(part, "__metadata__", ())]
    for note in (*info.metadata, *optional):
        if isinstance(note, Asks):
            return note.kind
    return "long_text" if extra["long"] else "text"


def read_form(form: type[F], values: Mapping[str, str], reading: Reading, *, line: bool = False) -> F:
    """The form from what somebody typed; raises FieldErrors with one sentence per field that does not fit.

    A ``line`` may hold longer texts than a field of a form.
    """
    asked = {question.name: question for question in questions(form, reading.city)}
    errors = {name: f'"{name}" is not asked here.' for name in values if name not in asked}
    given: dict[str, str] = {}
    older = bool(values.get("reference", "").strip())  # a row about a record that may be older than the city's files
    for name, question in asked.items():
        value = _given(question, values[name]) if name in values else ""
        try:
            if value:
                given[name] = _fitting(question, value, reading, line, older)
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


def _fitting(question: Question, value: str, reading: Reading, line: bool, older: bool) -> str:
    if question.kind in ("text", "long_text"):
        value = with_names(value, reading)
    most = LINE_LIMIT if line and question.max_length == TEXT_LIMIT else question.max_length
    if len(value) > most:
        raise ValueError(f"This is {counted(len(value) - most, 'character')} too long; at most {most:,} fit.")
    if question.kind == "level":
        return read_scale(value, question.options)
    if older and question.former and meant(question.options, value) is None and _ID.fullmatch(value):
        return value
    return chosen(question.options, value, question.said) if question.kind == "choice" else value


def with_names(text: str, reading: Reading) -> str:
    """The text with each mentioned person by name, not by a platform's account."""
    return ACCOUNT.sub(lambda found: _named(found[1], reading), text)


def _named(account: str, reading: Reading) -> str:
    """Somebody mentioned inside a text, by name; an account that is nobody's stays as it is."""
    person = reading.find_person(account)
    return f"@{reading.name(person)}" if person else f"@{account.partition(':')[2]}"
