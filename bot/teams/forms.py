"""Forms: a form as an Adaptive Card, in a message or a dialog, and a filled-in card as answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.inbound import Pressed, Submitted
from bot.teams.elements import BOLD, OURS, QUIET, RUN, Json, Where, lines, press
from bot.teams.render import frame, whole_text
from handlers.kit.alike import alike
from handlers.kit.forms import FormPage, Options, Question
from handlers.kit.messages import Card, Items, Text
from handlers.kit.moments import beside_choices, with_own_times
from handlers.kit.options import meant
from handlers.kit.signs import cut
from handlers.kit.time.dates import is_written_out

NOT_INPUTS = (OURS, "msteams")
NOBODY = " "  # the value of leaving a choice open: it may not be empty, and a form takes it as nothing
SUBMIT = "submit"  # the verb of a form's button
LIST = 200  # people in a list; more are named by typing, since a message takes 100 KB
LONG = 10  # choices from which on a list is found by typing
AT = "-at"  # ends the name of the field in which somebody gives a time of their own
OWN_TIME = "Or at this time, today or tomorrow"
NONCE, TARGET = 64, 2200  # characters; a target may hold the link to a message
VALUE = 10_000  # characters of an answer that are read


@dataclass(frozen=True)
class People:
    """Whom a form can name: id -> name, and the ids of those who were named in other words already."""

    names: Mapping[str, str]
    meant: Mapping[str, str]


def form_card(page: FormPage, people: People, where: Where, spent: str = "") -> Json:
    """The form as a card; its button carries what it belongs to, and the inputs come along.

    ``spent`` is the message whose only use was to open it: the answer takes its place.
    """
    body = lines((page.title,), size="Large", **BOLD)
    body += lines((page.intro,)) if page.intro else []
    body += _strays(page)
    body += [element for question in page.questions for element in _field(question, page, people)]
    data = {OURS: {"target": page.target, "nonce": page.nonce, **({"spent": spent} if spent else {})}}
    body += [{"type": "ActionSet", "actions": [press(page.submit, SUBMIT, data, where, style="positive")]}]
    return frame(body, _spoken(page))


def _spoken(page: FormPage) -> str:
    asked = [f"{question.label} {page.values.get(question.name, '')}".strip() for question in page.questions]
    said = [page.intro, *page.errors.values()]
    return whole_text(Card(page.title, *(Text(sentence) for sentence in said if sentence), Items(*asked)))


def _strays(page: FormPage) -> list[Json]:
    """Sentences about what the form does not ask."""
    names = {question.name for question in page.questions}
    return [line for name, sentence in page.errors.items() if name not in names for line in _problem(sentence)]


def _problem(sentence: str) -> list[Json]:
    return lines((sentence,), spacing="Small", color="Attention")


def _field(question: Question, page: FormPage, people: People) -> Iterator[Json]:
    """An input, and under it what is wrong with it or how to fill it in."""
    typed = page.values.get(question.name, "")
    drawn = _input(question, typed, people)
    yield {
        **drawn,
        "id": question.name,
        "label": question.label,
        "isRequired": question.required and not question.moment,
        "errorMessage": "Please fill this in.",
    }
    if question.name in page.errors:
        yield from _problem(page.errors[question.name])
    if typed and "value" not in drawn:
        yield from lines((f'You wrote "{cut(typed, RUN)}".',), **QUIET)
    own_time = question.moment and drawn["type"] == "Input.ChoiceSet"
    chooses = own_time or drawn["type"] == "Input.Date"
    if (hint := beside_choices(question.hint) if chooses else question.hint) and "placeholder" not in drawn:
        yield from lines((hint,), **QUIET)
    if own_time:
        yield {"type": "Input.Time", "id": f"{question.name}{AT}", "label": OWN_TIME}


def _input(question: Question, typed: str, people: People) -> Json:
    """The input; where Teams' own could not show what was typed, a text field keeps it."""
    match question.kind:
        case "date" if not typed or is_written_out(typed):
            return {"type": "Input.Date", **({"value": typed} if typed else {})}
        case "level":
            style = "expanded" if question.required else "compact"
            return _choices(question, question.options, meant(question.options, typed), style)
        case "choice":
            return _choices(question, question.options, meant(question.options, typed), "compact")
        case "person" if len(people.names) <= LIST and (not typed or _person(typed, people)):
            options = tuple((f"@{person}", name) for person, name in people.names.items())
            return _choices(question, options, _person(typed, people), "compact")
        case _ if question.suggests and (not typed or meant(question.suggests, typed)):
            return _choices(question, question.suggests, meant(question.suggests, typed), "compact")
        case _:
            return _text_field(question, typed)


def _text_field(question: Question, typed: str) -> Json:
    hint = question.hint or ("@name or e-mail address" if question.kind == "person" else "")
    field: Json = {"type": "Input.Text", **({"placeholder": hint} if hint else {})}
    if question.kind == "long_text" or "\n" in typed:
        field["isMultiline"] = True
    if len(typed) <= question.max_length:
        field["maxLength"] = question.max_length
    return {**field, "value": typed} if typed else field


def _choices(question: Question, options: Options, chosen: str | None, style: str) -> Json:
    """The choices, those of a long list found by typing; an optional question can be left open again."""
    style = "filtered" if style == "compact" and len(options) > LONG else style
    drawn = [{"title": label or key, "value": key} for key, label in options]
    none = [] if question.required else [{"title": "(none)", "value": NOBODY}]
    field: Json = {"type": "Input.ChoiceSet", "style": style, "wrap": True, "choices": [*none, *drawn]}
    return {**field, "value": chosen} if chosen else field


def _person(typed: str, people: People) -> str | None:
    """The value of the person that somebody typed, as far as the list has them."""
    wanted = alike(typed.strip().removeprefix("@"))
    named = [wanted] if wanted in people.names else [id_ for id_, name in people.names.items() if alike(name) == wanted]
    person = people.meant.get(typed) if len(named) != 1 else named[0]
    return f"@{person}" if wanted and person in people.names else None


def gesture(value: Any) -> Pressed | Submitted | None:
    """What somebody did with a card of ours, from the data of its button; None when it is none of ours.

    It may be forged or old: the runtime judges it by the present state.
    """
    kept = value.get(OURS) if isinstance(value, dict) else None
    if not isinstance(kept, dict):
        return None
    if isinstance(target := kept.get("target"), str) and isinstance(nonce := kept.get("nonce"), str):
        answers = {str(name): _answer(given) for name, given in value.items() if name not in NOT_INPUTS}
        return Submitted(target[:TARGET], nonce[:NONCE], with_own_times(answers, AT))
    if isinstance(action := kept.get("action"), str):
        return Pressed(action, _answer(kept.get("value")))
    return None


def _answer(given: Any) -> str:
    return str(given)[:VALUE] if isinstance(given, str | int | float) else ""
