"""Records: what other features add to the card of a record such as R-1, found by its reference."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeVar

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from handlers.kit.declared import RecordPart
from handlers.kit.messages import Button, Word
from handlers.kit.parts import Broken, Part, missing

T = TypeVar("T")


def record_words(context: Context, ref: str) -> list[Word]:
    """The sections of other features about a record; where one breaks, that it could not be read."""
    words: list[Word] = []
    for part, found in _gathered(context, catalogue.record_sections, "section", ref):
        words += [missing(part.name)] if isinstance(found, Broken) else found
    return words


def record_buttons(context: Context, ref: str) -> list[Button]:
    """What people can do in other features about a record; the buttons of one that breaks are left out."""
    gathered = _gathered(context, catalogue.record_buttons, "buttons", ref)
    return [button for _, found in gathered if not isinstance(found, Broken) for button in found]


def morning_ways(context: Context, ref: str) -> list[Button]:
    """The same from a line of the morning check."""
    gathered = _gathered(context, catalogue.morning_buttons, "buttons", ref)
    return [button for _, found in gathered if not isinstance(found, Broken) for button in found]


def _gathered(
    context: Context, known: Mapping[str, RecordPart[T]], what: str, ref: str
) -> list[tuple[RecordPart[T], Sequence[T] | Broken]]:
    """Each part about such references with what it gives, the lowest ``order`` first."""
    chosen = sorted((part for part in known.values() if ref.startswith(part.begins)), key=lambda part: part.order)
    parts = [Part(f"{what} {part.name}", partial(part.function, context, ref), ref) for part in chosen]
    return list(zip(chosen, context.each_apart(parts), strict=True))
