"""Forms: the buttons of a card that a person can press, and what is in its inputs."""

import re
from collections.abc import Iterator
from typing import Any

from .cards import parts
from .records import Json

Values = dict[str, Any]


def chosen(card: Json, title: str | None, verb: str | None, data: Any, number: int | None) -> Json:
    """The one action that fits; AssertionError unless it is one (or `number` says which, from 0)."""
    pressable = [
        action for action in parts(card) if action["type"].startswith("Action.") and action["type"] != "Action.ShowCard"
    ]
    found = [
        button
        for button in pressable
        if (title is None or button.get("title") == title)
        and (verb is None or button.get("verb") == verb)
        and (data is None or within(data, button.get("data")))
    ]
    there = [(button.get("title"), button.get("verb"), button.get("data")) for button in pressable]
    if number is not None:
        assert 0 <= number < len(found), f"only {len(found)} buttons fit {title!r} {verb!r} {data!r}; there are {there}"
        return found[number]
    assert len(found) == 1, f"{len(found)} buttons fit {title!r} {verb!r} {data!r}; there are {there}"
    return found[0]


def within(some: Any, all_: Any) -> bool:
    """Whether everything in `some` is in `all_` too, at any depth of objects."""
    if isinstance(some, dict):
        return isinstance(all_, dict) and all(key in all_ and within(item, all_[key]) for key, item in some.items())
    return bool(some == all_)


def inputs_for(card: Json, action: Json) -> list[Json]:
    """The inputs that go with an action: those of its own card and of the cards around that."""
    if action.get("associatedInputs") == "none":
        return []
    return list(_inputs(card, action))


def _inputs(card: Any, action: Json) -> Iterator[Json]:
    """Inputs in order, but not those of an inner card that the action does not stand on."""
    if isinstance(card, list):
        for item in card:
            yield from _inputs(item, action)
    elif isinstance(card, dict):
        if str(card.get("type", "")).startswith("Input."):
            yield card
        inner = card.get("card") if card.get("type") == "Action.ShowCard" else None
        if inner is not None and not any(part is action for part in parts(inner)):
            return
        for key, item in card.items():
            if key not in ("data", "msteams", "fallback"):
                yield from _inputs(item, action)


def filled(inputs: list[Json], typed: Values) -> Values:
    """What the client sends: all that was typed or stood there, as strings; keys of `typed` are ids or labels."""
    left, sent = dict(typed), {}
    for field in inputs:
        key = next((key for key in (field["id"], field.get("label"), field.get("title")) if key in left), None)
        value = written(field, left.pop(key)) if key is not None else standing(field)
        if value is not None:
            sent[field["id"]] = value
    there = [(field["id"], field.get("label") or field.get("title")) for field in inputs]
    assert not left, f"no inputs {sorted(left)}; there are {there}"
    return sent


def standing(field: Json) -> str | None:
    """What is in an untouched input."""
    if field["type"] == "Input.Toggle":
        return str(field.get("value") or field.get("valueOff", "false"))
    if "value" in field:
        return str(field["value"])
    return "" if field["type"] == "Input.Text" else None


def written(field: Json, value: Any) -> str:
    """What is in an input after a person put this there; choices go by title or value."""
    if field["type"] == "Input.Toggle" and isinstance(value, bool):
        return str(field.get("valueOn", "true") if value else field.get("valueOff", "false"))
    if field["type"] != "Input.ChoiceSet":
        return str(value)
    known = {choice["title"]: choice["value"] for choice in field["choices"]}
    several = value if isinstance(value, list | tuple) else [value]
    return ",".join(known.get(str(choice), str(choice)) for choice in several)


def complaints(inputs: list[Json], sent: Values) -> list[str]:
    """What the client itself would say instead of sending."""
    return [f"{field['id']}: {words}" for field in inputs for words in _complaints(field, sent.get(field["id"]) or "")]


def _complaints(field: Json, value: str) -> Iterator[str]:
    if not value or (field["type"] == "Input.Toggle" and value == field.get("valueOff", "false")):
        if field.get("isRequired"):
            yield str(field.get("errorMessage") or "required")
        return
    if len(value) > field.get("maxLength", len(value)):
        yield f"longer than {field['maxLength']} characters"
    if "regex" in field and not re.search(field["regex"], value):
        yield str(field.get("errorMessage") or "not of that form")
    yield from FORMS[field["type"]](field, value) if field["type"] in FORMS else ()


def _number(field: Json, value: str) -> Iterator[str]:
    try:
        amount = float(value)
    except ValueError:
        yield "not a number"
        return
    if not field.get("min", amount) <= amount <= field.get("max", amount):
        yield "out of bounds"


def _date(field: Json, value: str) -> Iterator[str]:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        yield "not a date"
    elif not (field.get("min") or value) <= value <= (field.get("max") or value):
        yield "out of bounds"


def _time(field: Json, value: str) -> Iterator[str]:
    if not re.fullmatch(r"\d\d:\d\d", value):
        yield "not a time"


def _choice(field: Json, value: str) -> Iterator[str]:
    known = {choice["value"] for choice in field["choices"]}
    picked = value.split(",") if field.get("isMultiSelect") else [value]
    for choice in picked:
        if choice not in known:
            yield f"no choice {choice!r}; there are {sorted(known)}"


FORMS = {"Input.Number": _number, "Input.Date": _date, "Input.Time": _time, "Input.ChoiceSet": _choice}
