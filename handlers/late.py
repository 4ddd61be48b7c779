"""Late: what of every register should have been done by now, in one list."""

from functools import partial

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Request
from handlers.kit.declared import LateList
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Heading, Note, Text, Word, capitalized
from handlers.kit.parts import Broken, Part, missing
from handlers.kit.registry import command

SHOWN = 3  # rows of each register; a button lists the rest
MOST = 100  # that are counted of each register


@command("city late", needs="help", reads_only=True)
def list_late(request: Request) -> Card:
    """Show what is late."""
    declared = sorted(catalogue.late_lists.values(), key=lambda kept: (kept.order, kept.name))
    parts = [Part(f"late {kept.name}", partial(kept.function, request, MOST + 1)) for kept in declared]
    words, ways, counts = list[Word](), list[Button](), list[int]()
    for kept, found in zip(declared, request.each_apart(parts), strict=True):
        if isinstance(found, Broken):
            words.append(missing(f"late {kept.name}"))
        elif found:
            words += [Heading(f"{capitalized(kept.name)}: {_said(len(found))}"), *found[:SHOWN]]
            ways.append(_way(kept))
            counts.append(len(found))
    if not counts:
        nothing = [Text("Nothing is late in any register.")] if not words else []
        return Card("What is late", *nothing, *words, status=None if words else Status("good", "nothing is late"))
    more = f"Only the first {SHOWN} of each list are shown; the buttons list all of them."
    note = Note(more) if max(counts) > SHOWN else None
    return Card(
        "What is late", *words, Buttons(*ways), *([note] if note else []), status=Status("warning", _total(counts))
    )


def _way(kept: LateList) -> Button:
    return Button.say(f"All late {kept.name}", kept.way)


def _said(count: int) -> str:
    return f"more than {MOST}" if count > MOST else str(count)


def _total(counts: list[int]) -> str:
    more = "more than " if max(counts) > MOST else ""
    return f"{more}{sum(min(count, MOST) for count in counts)} late"
