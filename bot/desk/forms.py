"""Forms: a form as the page shows it, and what comes back from the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from markupsafe import Markup

from bot.desk.render import filled
from bot.inbound import Asking, Submitted
from handlers.kit.city.model import City
from handlers.kit.forms import TEXT_LIMIT, Kind, Options, Question
from handlers.kit.lists import ended
from handlers.kit.time.dates import HINT

NOTHING, CHOOSE = "(nothing chosen)", "(please choose)"
SAID_FROM = 80  # characters; nobody types a number, a reference or a name that is longer than its field takes
Control = Literal["line", "lines", "select", "levels"]


@dataclass(frozen=True)
class Note:
    """A sentence at a field: what helps to answer, or what is wrong with the answer."""

    kind: Literal["hint", "error"]
    text: str


@dataclass(frozen=True)
class Field:
    """One question as the template draws it: its control, what is filled in, what can be chosen, and the sentences.

    The options of a line are what is answered most often; anything else may be typed.
    """

    name: str
    label: str
    required: bool
    control: Control
    value: str
    options: Options
    notes: tuple[Note, ...]

    @property
    def is_wrong(self) -> bool:
        return any(note.kind == "error" for note in self.notes)


def form_html(asking: Asking, city: City) -> Markup:
    """The whole form, with what is filled in already and each error beside its field."""
    page = asking.page
    fields = [
        _field(question, _value(asking, question), page.errors.get(question.name), city) for question in page.questions
    ]
    return filled("form.html", page=page, fields=fields, wrong=_count(page.errors) if page.errors else "")


def read_submission(body: Mapping[str, Any]) -> Submitted:
    """What the page sends of a form; raises ValueError with a sentence when it is not one."""
    target, nonce, values = body.get("target"), body.get("nonce"), body.get("values")
    if not (isinstance(target, str) and isinstance(nonce, str) and nonce and isinstance(values, dict)):
        raise ValueError("A form is sent with its target, its nonce and its values.")
    if not all(isinstance(value, str) for value in values.values()):
        raise ValueError("The values of a form are texts.")
    clean = {name: value.encode("utf-8", "ignore").decode("utf-8") for name, value in values.items()}
    return Submitted(target, nonce, clean)


def _value(asking: Asking, question: Question) -> str:
    """What is filled in; a person as the list has them, whatever way they were typed."""
    typed = asking.page.values.get(question.name, "")
    if question.kind == "person" and typed in asking.handles:
        return f"@{asking.handles[typed]}"
    return typed


def _count(errors: Mapping[str, str]) -> str:
    if len(errors) == 1:
        return "One answer does not fit yet. Nothing was saved."
    return f"{len(errors)} answers do not fit yet. Nothing was saved."


def _field(question: Question, value: str, error: str | None, city: City) -> Field:
    hint, control = _hint(question), _control(question.kind)
    options = question.options or question.suggests
    notes = (*([Note("hint", hint)] if hint else []), *([Note("error", error)] if error else []))
    if question.kind == "person":
        options = tuple((f"@{person}", _with_title(city, person, name)) for person, name in city.names.in_lists.items())
    if control == "select":
        value, options = _chosen(question, value, options)
    return Field(question.name, question.label, question.required, control, value, options, notes)


def _control(kind: Kind) -> Control:
    match kind:
        case "text" | "date" | "reference":
            return "line"
        case "long_text":
            return "lines"
        case "choice" | "person":
            return "select"
        case "level":
            return "levels"
        case _:
            assert_never(kind)


def _hint(question: Question) -> str:
    """What helps to answer. The limit is said, not enforced by the field, which would cut a pasted text unseen."""
    hint = question.hint or (HINT if question.kind == "date" else "")
    if question.kind in ("text", "long_text") and SAID_FROM <= question.max_length < TEXT_LIMIT:
        return f"{ended(hint)} At most {question.max_length} characters." if hint else _at_most(question)
    return hint


def _at_most(question: Question) -> str:
    return f"At most {question.max_length} characters."


def _with_title(city: City, person: str, name: str) -> str:
    known = city.people[person]
    return f"{name}, {known.title}" if known.title and name == known.name else name


def _chosen(question: Question, value: str, options: Options) -> tuple[str, Options]:
    """The choice that was typed, and the list. What is none of it stays as one more choice, so that it is not lost."""
    chosen = next((key for key, label in options if value.lower() in (key.lower(), label.lower())), value)
    known = not value or chosen in {key for key, _ in options}
    first = ("", CHOOSE if question.required else NOTHING)
    return chosen, (first, *options, *(() if known else ((value, value),)))
