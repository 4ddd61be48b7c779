"""Render: a card as an Adaptive Card 1.5 and as a message; pure, and the place where Teams' limits live."""

from collections.abc import Mapping

from bot.fitting import Room, last_buttons, shortened
from bot.links import Linked, nowhere
from bot.teams.drawing import UNLINKED, draw
from bot.teams.elements import BOLD, QUIET, STYLES, Json, Opens, Where, heading, lines, weight
from bot.teams.folds import fitting
from bot.teams.mentions import entities, named
from handlers.kit.messages import Button, Card, File, mentioned
from handlers.kit.plain import headline, plain
from handlers.kit.signs import cut

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
BUDGET = 50_000  # bytes of a card's body, as UTF-16; a message may have 100 KB with everything around it
SAID = 5_000  # characters of the plain text, which stands in a message twice
ALL_SAID = 20_000  # characters of plain text that are all of a message: 80 KB at most
SUMMARY = 200  # characters of a notification
AGAIN = "Sent again: it may have arrived before."
OPEN_IT = "\u2026\n\nTo read the rest, open the message itself."

Handles = Mapping[str, str]


def never(_button: Button) -> bool:
    return False


def message(
    card: Card,
    handles: Handles,
    *,
    opens: Opens = never,
    links: Linked = nowhere,
    sent_again: bool = False,
    tells: bool = False,
) -> Json:
    """The activity that says a card: the card as its only attachment, one sentence as what the notification says.

    With ``tells`` the people who are mentioned are told, by their accounts in ``handles``.
    """
    known = handles if tells else {}
    content = adaptive(card, known, opens=opens, links=links, sent_again=sent_again)
    summary = cut(headline(card), SUMMARY) or "(no words)"
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

    ``handles`` are the Teams accounts of people who are told that they are meant, ``opens`` tells which buttons open a
    form, ``links`` where files are.
    """
    head = _head(card)
    head += lines((AGAIN,), **QUIET) if sent_again else []
    words = [list(draw(word, opens, links, where, place)) for place, word in enumerate(card.body)]
    words = fitting(card, Room(BUDGET, weight), head, words, lambda word: list(draw(word, opens, links, where)))
    told, body = entities(card, handles), _fitted(card, head, words)
    text = whole_text(card, sent_again)
    return frame((named(body, told) if mentioned(card) else body) or lines((text,)), text, list(told.values()))


def _head(card: Card) -> list[Json]:
    """The title; with how bad it is, in a field of that color."""
    title = heading(card.title, size="Large")
    if card.status is None:
        return title
    said = lines((card.status.label,), spacing="None" if title else "", **BOLD)
    return [{"type": "Container", "style": STYLES[card.status.level], "bleed": True, "items": [*title, *said]}]


def frame(body: list[Json], text: str, told: list[Json] | None = None) -> Json:
    """An Adaptive Card around a body; ``text`` is all of it for those who cannot see it."""
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "fallbackText": text,
        "speak": text,
        "msteams": {"width": "Full", **({"entities": told} if told else {})},
        "body": body,
    }


def whole_text(card: Card, sent_again: bool = False, most: int = SAID, end: str = OPEN_IT) -> str:
    """The complete card as text; cut where Teams would refuse it."""
    text = (plain(card) + (f"\n\n{AGAIN}" if sent_again else "")).strip() or "(no words)"
    return text if len(text) <= most else text[: most - len(end)] + end


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
