"""Cards: which Adaptive Cards Teams refuses, and what it silently loses."""

from collections.abc import Iterator
from typing import Any

from tests.wires.slack.shapes import problem

from .elements import card
from .records import CARD, Json


def parts(value: Any, *, fallbacks: bool = False) -> Iterator[Json]:
    """Every object within a card that has a type, in order; fallbacks only when asked for."""
    if isinstance(value, list):
        for item in value:
            yield from parts(item, fallbacks=fallbacks)
    elif isinstance(value, dict):
        if "type" in value:
            yield value
        for key, item in value.items():
            if key not in ("data", "msteams") and (fallbacks or key != "fallback"):
                yield from parts(item, fallbacks=fallbacks)


def card_problems(content: Any, *, dialog: bool = False) -> list[str]:
    """Every rule that a card breaks; empty when Teams would draw all of it."""
    found = list(card(content, ""))
    if found:
        return found
    if "version" not in content:
        return [problem("/version", "missing required field: version")]
    return list(together(content, dialog))


def together(content: Json, dialog: bool) -> Iterator[str]:
    """Rules that no single element breaks."""
    ids = [field["id"] for field in parts(content) if field["type"].startswith("Input.")]
    for name in sorted({twice for twice in ids if ids.count(twice) > 1}):
        yield problem("", f"two inputs have the id {name}")
    if not content.get("body") and not content.get("actions"):
        yield problem("", "an empty card")
    if dialog and any(part["type"] == "Action.Execute" for part in parts(content)):
        yield problem("", "Action.Execute in a dialog: dialogs know Action.Submit only")
    drawn = [part.get("text", "") for part in parts(content) if part["type"] == "TextBlock"]
    drawn += [
        text for part in parts(content) if part["type"] == "FactSet" for f in part["facts"] for text in f.values()
    ]
    entities = (content.get("msteams") or {}).get("entities") or []
    for mention in entities:
        if not any(str(mention.get("text")) in text for text in drawn):
            yield problem("/msteams/entities", f"{mention.get('text')!r} stands in no TextBlock or FactSet")
    named = {str(mention.get("text")) for mention in entities}
    if any("<at>" in text and not any(name in text for name in named) for text in drawn):
        yield problem("", "<at> in a text without an entity")


def inaccessible(content: Json) -> list[str]:
    """What a person who cannot see the card would miss; Teams draws it all the same."""
    found = []
    for part in parts(content):
        if part["type"].startswith("Input.") and not part.get("label") and not part.get("title"):
            found.append(f"{part['id']}: an input without a label")
        if part["type"].startswith("Input.") and part.get("isRequired") and not part.get("errorMessage"):
            found.append(f"{part['id']}: a required input without an errorMessage")
        if part["type"] == "Image" and not part.get("altText"):
            found.append("an image without altText")
    return found


def attached(attachment: Any) -> Any:
    """The card in an attachment; None when it holds none."""
    if isinstance(attachment, dict) and attachment.get("contentType") == CARD:
        return attachment.get("content")
    return None
