"""Shapes: the little checks of which Slack's JSON grammar is made; each yields Slack's complaints."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[Any, str], Iterator[str]]


def problem(path: str, words: str) -> str:
    """One line of `response_metadata.messages`, as Slack writes it."""
    return f"[ERROR] {words} [json-pointer:{path}]"


def string(most: int, least: int = 0) -> Check:
    """A string of `least` to `most` characters."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem(path, "must provide a string")
        elif len(value) > most:
            yield problem(path, f"must be less than {most + 1} characters")
        elif len(value) < least:
            yield problem(path, f"must be more than {least - 1} characters")

    return check


def matching(pattern: str) -> Check:
    """A string of exactly this form."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            yield problem(path, f"must match {pattern}")

    return check


def whole(least: int, most: int) -> Check:
    """A whole number within bounds, sent as a number."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield problem(path, "must provide an integer")
        elif not least <= value <= most:
            yield problem(path, f"must be between {least} and {most}")

    return check


def boolean(value: Any, path: str) -> Iterator[str]:
    """True or false, nothing that merely looks like it."""
    if not isinstance(value, bool):
        yield problem(path, "must provide a boolean")


def anything(value: Any, path: str) -> Iterator[str]:
    """No rule that we know of."""
    yield from ()


def one_of(*values: str) -> Check:
    """One of these words."""

    def check(value: Any, path: str) -> Iterator[str]:
        if value not in values:
            yield problem(path, f"unsupported value, expected one of {', '.join(values)}")

    return check


def listed(item: Check, most: int, least: int = 1) -> Check:
    """A list of `least` to `most` items, each passing `item`."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem(path, "must provide an array")
            return
        if len(value) > most:
            yield problem(path, f"no more than {most} items allowed")
        if len(value) < least:
            yield problem(path, f"no fewer than {least} items allowed")
        for index, element in enumerate(value):
            yield from item(element, f"{path}/{index}")

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these keys, no key missing and none unknown."""
    known = {**required, **(optional or {})}

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem(path, "must provide an object")
            return
        for key in required:
            if key not in value:
                yield problem(path, f"missing required field: {key}")
        for key, part in value.items():
            if key not in known:
                yield problem(path, f"invalid additional property: {key}")
            else:
                yield from known[key](part, f"{path}/{key}")

    return check


def typed(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` names one of these kinds, and which passes that kind's check."""

    def check(value: Any, path: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            yield problem(path, f"unsupported type: {kind}")
        else:
            yield from kinds[kind](value, path)

    return check


def text(most: int, *, plain: bool = False) -> Check:
    """A text object, never empty; `plain` refuses mrkdwn."""
    body = string(most, 1)
    kinds = {"plain_text": shape({"type": anything, "text": body}, {"emoji": boolean})}
    if not plain:
        kinds["mrkdwn"] = shape({"type": anything, "text": body}, {"verbatim": boolean})
    return typed(kinds)
