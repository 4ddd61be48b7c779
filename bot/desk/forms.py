"""Forms: a form as the page shows it, and what comes back from the page."""

from collections.abc import Mapping
from typing import Any, assert_never

from markupsafe import Markup

from bot.desk.render import joined
from bot.inbound import Asking, Submitted
from handlers.kit.city.model import City
from handlers.kit.forms import TEXT_LIMIT, Options, Question
from handlers.kit.time.dates import HINT

NOTHING, CHOOSE = "(nothing chosen)", "(please choose)"


def form_html(asking: Asking, city: City) -> Markup:
    """The whole form, with what is filled in already and each error beside its field."""
    page = asking.page
    fields = (
        _field(question, _value(asking, question), page.errors.get(question.name), city) for question in page.questions
    )
    wrong = Markup('<p class="wrong" role="alert">{}</p>').format(_count(page.errors)) if page.errors else ""
    intro = Markup('<p class="text">{}</p>').format(page.intro) if page.intro else ""
    # The server says what is wrong in sentences of its own, hence novalidate.
    return Markup(
        '<form novalidate data-target="{}" data-nonce="{}" aria-labelledby="form-title">'
        '<h2 id="form-title">{}</h2>{}{}{}'
        '<div class="buttons"><button type="submit" class="primary">{}</button>'
        '<button type="button" class="plain" data-cancel>Cancel</button></div></form>'
    ).format(page.target, page.nonce, page.title, intro, wrong, joined(fields), page.submit)


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


def _field(question: Question, value: str, error: str | None, city: City) -> Markup:
    hint = _hint(question)
    notes = [("hint", hint)] if hint else []
    notes += [("error", error)] if error else []
    described = " ".join(f"{kind}-{question.name}" for kind, _ in notes)
    attributes = Markup(' aria-describedby="{}"').format(described) if described else Markup("")
    attributes += Markup(' aria-invalid="true"') if error else Markup("")
    attributes += Markup(' aria-required="true"') if question.required else Markup("")
    said = joined(
        Markup('<p class="{}" id="{}-{}">{}</p>').format(kind, kind, question.name, text) for kind, text in notes
    )
    if question.kind == "level":
        return _level(question, value, attributes, said)
    label = Markup('<label for="field-{}">{}</label>').format(question.name, _label(question))
    return Markup('<div class="field">{}{}{}</div>').format(label, said, _control(question, value, attributes, city))


def _label(question: Question) -> Markup:
    needed = "required" if question.required else "may stay empty"
    return Markup('{} <span class="needed">{}</span>').format(question.label, needed)


def _hint(question: Question) -> str:
    """What helps to answer. The limit is said, not enforced by the field, which would cut a pasted text unseen."""
    hint = question.hint or (HINT if question.kind == "date" else "")
    if question.kind in ("text", "long_text") and question.max_length < TEXT_LIMIT:
        return f"{hint.rstrip('.')}. At most {question.max_length} characters." if hint else _at_most(question)
    return hint


def _at_most(question: Question) -> str:
    return f"At most {question.max_length} characters."


def _control(question: Question, value: str, attributes: Markup, city: City) -> Markup:
    name = question.name
    match question.kind:
        case "text" | "date" | "reference":
            tag = Markup('<input type="text" id="field-{}" name="{}" value="{}" autocomplete="off"{}>')
            return tag.format(name, name, value, attributes)
        case "long_text":
            # HTML drops one line break after the tag, so one is given away.
            tag = Markup('<textarea id="field-{}" name="{}" rows="4"{}>\n{}</textarea>')
            return tag.format(name, name, attributes, value)
        case "choice":
            return _select(question, question.options, value, attributes)
        case "person":
            people = tuple(
                (f"@{person}", _with_title(city, person, name)) for person, name in city.names.in_lists.items()
            )
            return _select(question, people, value, attributes)
        case "level":
            raise ValueError("a level is a group of choices, not one control")
        case _:
            assert_never(question.kind)


def _with_title(city: City, person: str, name: str) -> str:
    known = city.people[person]
    return f"{name}, {known.title}" if known.title and name == known.name else name


def _select(question: Question, options: Options, value: str, attributes: Markup) -> Markup:
    """A list to choose from. What was typed and is none of it stays as one more choice, so that it is not lost."""
    chosen = next((key for key, label in options if value.lower() in (key.lower(), label.lower())), value)
    known = chosen in {key for key, _ in options}
    listed = (
        ("", CHOOSE if question.required else NOTHING),
        *options,
        *(((value, value),) if value and not known else ()),
    )
    choices = joined(_option(key, label, key == chosen) for key, label in listed)
    tag = Markup('<select id="field-{}" name="{}"{}>{}</select>')
    return tag.format(question.name, question.name, attributes, choices)


def _option(key: str, label: str, is_chosen: bool) -> Markup:
    chosen = Markup(" selected") if is_chosen else ""
    return Markup('<option value="{}"{}>{}</option>').format(key, chosen, label)


def _level(question: Question, value: str, attributes: Markup, said: Markup) -> Markup:
    tag = Markup('<label><input type="radio" name="{}" value="{}"{}><span>{}</span></label>')
    choices = (
        tag.format(question.name, key, Markup(" checked") if key == value else "", label)
        for key, label in question.options
    )
    group = Markup(
        '<fieldset class="field" role="radiogroup"{}><legend>{}</legend>{}<div class="levels">{}</div></fieldset>'
    )
    return group.format(attributes, _label(question), said, joined(choices))
