"""Drawing: each word of a card as elements of an Adaptive Card."""

import base64
import struct
from collections.abc import Iterator
from typing import assert_never

from bot.links import Linked
from bot.teams.elements import (
    BOLD,
    COLORS,
    EMPTY,
    QUIET,
    RUN,
    TITLE,
    Json,
    Opens,
    Where,
    button,
    buttons,
    heading,
    lines,
)
from handlers.kit.figures import Figure, Figures, Progress
from handlers.kit.messages import (
    Button,
    Buttons,
    Cell,
    Checks,
    Facts,
    File,
    Fold,
    Heading,
    Items,
    Line,
    Note,
    Picture,
    Row,
    Table,
    Text,
    Word,
)
from handlers.kit.plain import plain_line, plain_word
from handlers.kit.signs import cut

SMALL = 30_000  # bytes of a picture that travels inside its card
LARGEST, SIDE = 1024 * 1024, 1024  # bytes and pixels of a picture that Teams shows (Types of cards)
ROWS = 20  # rows of one table element, so that a long table can be cut between them
ABREAST = 4  # numbers beside each other
UNLINKED = (
    "Teams cannot give you this here yet. Please ask IT: they can fetch it with the command line (say) or on the desk, "
    "and set PUBLIC_URL so that it comes with a link next time."
)


def draw(word: Word, opens: Opens, links: Linked, where: Where, place: int = 0) -> Iterator[Json]:
    """One word of a card as elements; ``place`` is where it stands in the card."""
    match word:
        case Heading() | Text() | Note() | Row() | Facts() | Items():
            yield from _line(word, opens, where)
        case Table():
            yield from _table(word)
        case Checks():
            yield from _checks(word, opens, where)
        case Figures():
            yield from _figures(word)
        case Progress():
            yield from _progress(word)
        case Fold():
            yield from _fold(word, opens, links, where, place)
        case Buttons(buttons=some, about=about, one_of=one_of):
            yield from buttons(some, opens, where, about, one_of=one_of)
        case Picture() | File():
            yield from _picture(word, links(word))
        case _:
            assert_never(word)


def _line(word: Line, opens: Opens, where: Where) -> Iterator[Json]:
    match word:
        case Heading(text=text):
            yield from heading(text, apart=True)
        case Text(parts=parts):
            yield from lines(parts)
        case Note(parts=parts):
            yield from lines(parts, **QUIET)
        case Row(text=text, button=beside):
            yield from _row(lines(text.parts), beside, opens, where, plain_line(text.parts))
        case Facts():
            yield from _facts(word)
        case Items():
            yield from _items(word)
        case _:
            assert_never(word)


def _figures(figures: Figures) -> Iterator[Json]:
    """Each number large above what it counts, a few beside each other."""
    for start in range(0, len(figures.figures), ABREAST):
        columns = [_figure(figure) for figure in figures.figures[start : start + ABREAST]]
        yield {"type": "ColumnSet", "columns": columns}


def _figure(figure: Figure) -> Json:
    color = {"color": COLORS[figure.status.level]} if figure.status else {}
    items = [
        *lines((figure.value,), size="ExtraLarge", **BOLD, **color),
        *lines((figure.named,), spacing="None", **QUIET),
    ]
    return {"type": "Column", "width": "stretch", "items": items}


def _progress(progress: Progress) -> Iterator[Json]:
    """A bar of two columns, and the same in words."""
    full, left = min(progress.done, progress.of), max(progress.of - progress.done, 0)
    bar = [
        {"type": "Column", "width": width, "style": style, "items": EMPTY, "minHeight": "8px"}
        for width, style in ((full, "good"), (left, "emphasis"))
        if width
    ]
    yield from lines((progress.said,))
    yield {"type": "ColumnSet", "spacing": "Small", "columns": bar}


def _fold(fold: Fold, opens: Opens, links: Linked, where: Where, place: int) -> Iterator[Json]:
    """A button that shows the rest and hides it again."""
    name = f"fold{place}"
    toggle = {"type": "Action.ToggleVisibility", "title": cut(fold.title, TITLE), "targetElements": [name]}
    yield {"type": "ActionSet", "actions": [toggle]}
    inside = [element for word in fold.body for element in draw(word, opens, links, where)]
    yield {"type": "Container", "id": name, "isVisible": False, "items": inside or EMPTY}


def _items(items: Items) -> Iterator[Json]:
    for number, item in enumerate(items.items):
        yield from lines(item.parts, first="\u2022 ", spacing="Small" if number else "")


def _checks(checks: Checks, opens: Opens, where: Where) -> Iterator[Json]:
    for check in checks.checks:
        box = "\u2611" if check.done else "\u2610"
        yield from _row(lines((f"{box} {check.label}",), spacing="Small"), check.button, opens, where, check.label)


def _picture(picture: Picture | File, url: str | None) -> Iterator[Json]:
    """A small picture inside the card, a larger one from its address; what Teams does not show is a file."""
    if isinstance(picture, File) or not _shown(picture.data):
        yield from _file(picture, url)
    elif len(picture.data) <= SMALL:
        inside = f"data:image/png;base64,{base64.b64encode(picture.data).decode()}"
        yield {"type": "Image", "url": inside, "altText": cut(picture.alt, RUN) or "Picture"}
    elif url and url.startswith("https://"):
        yield {"type": "Image", "url": url, "altText": cut(picture.alt, RUN) or "Picture"}
    else:
        yield from _file(picture, url)


def _shown(png: bytes) -> bool:
    """Whether Teams shows a picture of this size; a PNG has its width and height in bytes 16 to 24."""
    sides = struct.unpack(">II", png[16:24]) if png.startswith(b"\x89PNG") and len(png) >= 24 else (0, 0)
    return len(png) <= LARGEST and max(sides) <= SIDE


def _file(file: Picture | File, url: str | None) -> Iterator[Json]:
    """What it is and a button that fetches it, or how else to get it."""
    yield from lines((plain_word(file),))
    if url is None:
        yield from lines((UNLINKED,), **QUIET)
        return
    action = {"type": "Action.OpenUrl", "title": cut(f"Download {file.name}", TITLE), "url": url}
    yield {"type": "ActionSet", "actions": [action]}
    yield from lines(("The link works for 24 hours.",), **QUIET)


def _row(said: list[Json], beside: Button | None, opens: Opens, where: Where, about: str) -> Iterator[Json]:
    """Words with a button beside them."""
    if beside is None:
        yield from said
        return
    actions = {"type": "ActionSet", "actions": [button(beside, opens, where, about)]}
    yield {
        "type": "ColumnSet",
        "columns": [
            {"type": "Column", "width": "stretch", "verticalContentAlignment": "Center", "items": said},
            {"type": "Column", "width": "auto", "items": [actions]},
        ],
    }


def _facts(facts: Facts) -> Iterator[Json]:
    """Each label and its value on one line; what does not fit on one stands below."""
    for number, (label, value) in enumerate(facts.pairs):
        named = lines((f"{label}: ",), spacing="Small" if number else "", **BOLD) if label else []
        said = lines((value,), spacing="None")
        if named and said:
            named[-1]["inlines"] += said.pop(0)["inlines"]
        yield from (*named, *said)


def _table(table: Table) -> Iterator[Json]:
    if not table.columns:
        return
    for start in range(0, max(len(table.rows), 1), ROWS):
        rows = [_cells(table.columns, **BOLD), *(_cells(row) for row in table.rows[start : start + ROWS])]
        yield {
            "type": "Table",
            "firstRowAsHeader": True,
            "columns": [{"width": 2 if place == 0 else 1} for place in range(len(table.columns))],
            "rows": rows,
        }


def _cells(row: tuple[Cell, ...], **look: str) -> Json:
    cells = [{"type": "TableCell", "items": lines((cell,), **look) or EMPTY} for cell in row]
    return {"type": "TableRow", "cells": cells}
