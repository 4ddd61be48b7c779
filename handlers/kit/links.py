"""Links: what came out of what, shown on both sides; and references that people write, looked up."""

from dataclasses import dataclass

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context, Request
from handlers.kit.declared import Kind
from handlers.kit.errors import FieldErrors
from handlers.kit.messages import Button, Row, Text, Word
from handlers.kit.pieces import REF


@dataclass(frozen=True)
class Found:
    """A reference that somebody wrote and may see: how it is written, and its line."""

    ref: str
    line: str


def look_up(request: Request, written: str) -> Found | None:
    """What a reference stands for; None when there is none, or when this person may not see it."""
    ref = written.strip().upper()
    kind = _kind(ref)
    line = kind.function(request, request.person, ref) if kind else None
    return Found(line.split()[0], line) if line else None  # R-007 is R-7


def line_for(context: Context, person: str | None, ref: str) -> str:
    """What a reference stands for as somebody (an id) reads it: its line, or the reference alone where there is none
    that they may see."""
    kind = _kind(ref)
    reader = context.city.people.get(person or "")
    return (kind.function(context, reader, ref) if kind and reader else None) or ref


def linkable(request: Request, field: str, written: str) -> Found:
    """The same for a form's field; raises FieldErrors for it."""
    found = look_up(request, written)
    if found is None:
        known = ", ".join(f"{begins}1" for begins in catalogue.kinds if len(begins) < 3)
        raise FieldErrors({field: f'There is no "{written}" that you can see. Write a reference such as {known}.'})
    return found


def is_record(ref: str) -> bool:
    """Whether something is a reference, and stands for a record that can be shown."""
    return _shown(ref) is not None


def keepers_of(context: Context, ref: str | None) -> frozenset[str]:
    """The ids of those who look after what a reference stands for; nobody where that cannot be said."""
    kind = _kind(ref or "")
    return frozenset(kind.keepers(context, ref)) if kind and kind.keepers else frozenset()


def prefix_of(context: Context, ref: str | None) -> str:
    """What stands before the title of every card about a reference: "DRILL: ", or nothing."""
    kind = _kind(ref or "")
    return kind.prefix(context, ref) if kind and kind.prefix else ""


def show_button(ref: str) -> Button | None:
    """The button that shows what a reference stands for; None for what is none, or stands for nothing."""
    kind = _shown(ref)
    return Button.say(f"Show {ref}", f"{kind.show} {ref}") if kind else None


def link_words(context: Context, ref: str) -> list[Word]:
    """What a reference is linked with, each with a button that shows it; only references, so that anybody may read."""
    return [_row(linked.ref, linked.is_origin) for linked in context.store.links.of(ref)]


def _row(ref: str, is_origin: bool) -> Row:
    return Row(Text(f"It came from {ref}." if is_origin else f"It led to {ref}."), show_button(ref))


def _shown(ref: str) -> Kind | None:
    return _kind(ref) if REF.fullmatch(ref) else None


def _kind(ref: str) -> Kind | None:
    return next((kind for begins, kind in catalogue.kinds.items() if ref.startswith(begins)), None)
