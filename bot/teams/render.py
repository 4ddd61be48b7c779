"""Render: a card as an Adaptive Card 1.5 and as a message; pure, and the place where Teams' limits live."""

import base64
import re
import struct
from collections.abc import Iterator, Mapping
from typing import assert_never

from bot.fitting import Room, last_buttons, shortened
from bot.links import Linked, nowhere
from bot.teams.elements import RUN, TITLE, Json, Opens, Where, button, buttons, lines, run, weight
from handlers.kit.messages import (
    Button,
    Buttons,
    Card,
    Checks,
    Facts,
    File,
    Items,
    Mention,
    Note,
    Picture,
    Row,
    Table,
    Text,
    Word,
)
from handlers.kit.plain import plain, plain_line, plain_word
from handlers.kit.signs import cut

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
BUDGET = 50_000  # bytes of a card's body, as UTF-16; a message may have 100 KB with everything around it
SAID = 5_000  # characters of the plain text, which stands in a message twice
ALL_SAID = 20_000  # characters of plain text that are all of a message: 80 KB at most
SUMMARY = 500
SMALL = 30_000  # bytes of a picture that travels inside its card
LARGEST, SIDE = 1024 * 1024, 1024  # bytes and pixels of a picture that Teams shows (Types of cards)
ROWS = 20  # rows of one table element, so that a long table can be cut between them
AGAIN = "Sent again: it may have arrived before."
OPEN_IT = "\u2026\n\nTo read the rest, open the message itself."
ACCOUNT = re.compile(r"29:[\w.:-]+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
EMPTY: list[Json] = [{"type": "RichTextBlock", "inlines": [run("\u00a0")]}]  # Teams leaves out a cell without items
QUIET: Json = {"isSubtle": True, "size": "Small"}
BOLD: Json = {"weight": "Bolder"}

UNLINKED = (
    "Teams cannot give you this here yet. Please ask IT: they can fetch it with the command line (say) or on the desk, "
    "and set PUBLIC_URL so that it comes with a link next time."
)

Handles = Mapping[str, str]


def never(_button: Button) -> bool:
    return False


def message(
    card: Card, handles: Handles, *, opens: Opens = never, links: Linked = nowhere, sent_again: bool = False
) -> Json:
    """The activity that says a card: the card as its only attachment, its text as what the notification says."""
    content = adaptive(card, handles, opens=opens, links=links, sent_again=sent_again)
    summary = cut(whole_text(card, sent_again), SUMMARY)
    return {"type": "message", "summary": summary, "attachments": [{"contentType": CARD_TYPE, "content": content}]}


def plain_message(card: Card, *, links: Linked = nowhere, sent_again: bool = False) -> Json:
    """The same as words alone, for when Teams does not take the card."""
    files = [f"{file.name}: {links(file) or UNLINKED}" for file in card.files]
    text = whole_text(card, sent_again, ALL_SAID, "\u2026")
    return {"type": "message", "textFormat": "plain", "text": "\n\n".join([text, *files])}


def adaptive(
    card: Card,
    handles: Handles,
    *,
    opens: Opens = never,
    links: Linked = nowhere,
    sent_again: bool = False,
    where: Where = "message",
) -> Json:
    """The Adaptive Card.

    ``handles`` are Teams accounts by person, ``opens`` tells which buttons open a form, ``links`` where files are.
    """
    head = lines((card.title,), size="Large", **BOLD)
    head += lines((AGAIN,), **QUIET) if sent_again else []
    words = [list(draw(word, opens, links, where)) for word in card.body]
    entities = _mentions(card, handles) if where == "message" else []
    foot = [_pings(entities)] if entities else []
    text = whole_text(card, sent_again)
    return frame([*_fitted(card, head, words), *foot] or lines((text,)), text, entities)


def frame(body: list[Json], text: str, entities: list[Json] | None = None) -> Json:
    """An Adaptive Card around a body; ``text`` is all of it for those who cannot see it."""
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "fallbackText": text,
        "speak": text,
        "msteams": {"width": "Full", **({"entities": entities} if entities else {})},
        "body": body,
    }


def whole_text(card: Card, sent_again: bool = False, most: int = SAID, end: str = OPEN_IT) -> str:
    """The complete card as text; cut where Teams would refuse it."""
    text = (plain(card) + (f"\n\n{AGAIN}" if sent_again else "")).strip() or "(no words)"
    return text if len(text) <= most else text[: most - len(end)] + end


def _mentions(card: Card, handles: Handles) -> list[Json]:
    """The people to tell; the text of each must be the same here and in the card."""
    people = {part.person: part.name for word in card.body for part in _parts(word) if isinstance(part, Mention)}
    known = {person: name for person, name in people.items() if ACCOUNT.fullmatch(handles.get(person, ""))}
    return [
        {"type": "mention", "text": f"<at>{name}</at>", "mentioned": {"id": handles[person], "name": name}}
        for person, name in ((person, _harmless(name)) for person, name in known.items())
    ]


def _parts(word: Word) -> tuple[object, ...]:
    match word:
        case Text(parts=parts) | Note(parts=parts):
            return parts
        case Row(text=text):
            return text.parts
        case Items(items=items):
            return tuple(part for item in items for part in item.parts)
        case Facts(pairs=pairs):
            return tuple(value for _, value in pairs)
        case _:
            return ()


def _harmless(name: str) -> str:
    """A name that means nothing in Markdown, the only text in which Teams tells people that they are meant."""
    return cut(re.sub(r"[^\w .'\u2019-]|_", " ", name), 100).strip() or "you"


def _pings(entities: list[Json]) -> Json:
    return {"type": "TextBlock", "text": " ".join(entity["text"] for entity in entities), "wrap": True, **QUIET}


def _fitted(card: Card, head: list[Json], words: list[list[Json]]) -> list[Json]:
    """All elements, or as many as fit: then files and the last buttons stay, and a note says how to see the rest."""
    whole, room = [*head, *(element for elements in words for element in elements)], Room(BUDGET, weight)
    if room.holds(whole):
        return whole
    stay = {place for place, word in enumerate(card.body) if isinstance(word, File)}
    last = last_buttons(card)
    if last is not None and weight(words[last]) <= BUDGET // 2:
        stay.add(last)
    note = lines(("Cut here, because Teams takes no more in one message. Ask for a smaller part of it.",), **QUIET)
    return shortened(room, head, words, note, stay)


def draw(word: Word, opens: Opens, links: Linked, where: Where) -> Iterator[Json]:
    """One word of a card as elements."""
    match word:
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
        case Table():
            yield from _table(word)
        case Checks():
            yield from _checks(word, opens, where)
        case Buttons(buttons=some, about=about):
            yield from buttons(some, opens, where, about)
        case Picture() | File():
            yield from _picture(word, links(word))
        case _:
            assert_never(word)


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


def _cells(row: tuple[str, ...], **look: str) -> Json:
    cells = [{"type": "TableCell", "items": lines((cell,), **look) or EMPTY} for cell in row]
    return {"type": "TableRow", "cells": cells}
