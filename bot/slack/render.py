"""Render: a card as Slack's blocks and text; pure, and the place where Slack's limits live."""

import re
from collections.abc import Iterator, Mapping
from typing import assert_never

from bot.fitting import Room, last_buttons, shortened
from bot.slack.elements import (
    ACTIONS,
    FOLDED,
    HEADER,
    LABEL,
    ONE_OF,
    SECTION,
    SIGNS,
    Json,
    bar,
    bold,
    bulleted,
    button,
    escape,
    heading,
    length,
    numbered,
    packed,
    plain_text,
    portions,
    rich,
    runs,
    said,
    section_of,
    signed,
    weight,
)
from bot.slack.tables import as_lines, table_block, takes
from handlers.kit.figures import Figures, Progress
from handlers.kit.messages import (
    Button,
    Buttons,
    Card,
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
from handlers.kit.plain import plain, plain_line, plain_word
from handlers.kit.signs import cut

MESSAGE, MODAL = 50, 100  # blocks in a message; in a modal
BUDGET = 11_500  # rendered characters; Slack answers msg_blocks_too_long near 13,200
TEXT = 3_900  # chat.update takes 4,000
ALL_TEXT = 39_000  # chat.postMessage takes 40,000
CONTEXT = 10
IN_LINE = 4  # buttons of folds beside each other
ALT = 2_000  # characters that a picture says to those who cannot see it
NO_PICTURES: Mapping[Picture, str] = {}
AGAIN = "Sent again: it may have arrived before."
OPEN_IT = "\u2026\n\nTo read the rest, open the message itself."

Handles = Mapping[str, str]


def render(
    card: Card,
    handles: Handles,
    *,
    sent_again: bool = False,
    ref: str = "",
    most: int = MESSAGE,
    pictures: Mapping[Picture, str] = NO_PICTURES,
) -> Json:
    """The card as ``{"text", "blocks"}`` of a message (or, with ``most``, for a modal).

    ``handles`` are Slack accounts by person; ``ref`` is how to ask for the whole when not everything fits; ``pictures``
    are the ids of the files of those pictures that the message shows, the others are words.
    """
    title = _titled(card)
    head = [{"type": "header", "text": plain_text(title, HEADER)}] if title.strip() else []
    head += list(_texts(Text(title), handles)) if len(title) > HEADER else []
    head += list(_note(Note(AGAIN), handles)) if sent_again else []
    table = _native(card) if most == MESSAGE else None
    words = [
        [table_block(word)] if place == table and isinstance(word, Table) else list(draw(word, handles, pictures))
        for place, word in enumerate(card.body)
    ]
    _side_by_side(words)
    text = whole_text(card, sent_again)
    spoken = sum([LABEL * len(word.buttons) for word in card.body if isinstance(word, Buttons) and word.about])
    short = len(text) + spoken < BUDGET / 3  # no word has more than its plain text twice and its button's label twice
    blocks = [*head, *(block for word in words for block in word)]
    if not short or len(blocks) > most:
        blocks = _fitted(card, head, words, ref, most)
    return {"text": text, "blocks": numbered(blocks)}


def _side_by_side(words: list[list[Json]]) -> None:
    """Put the buttons of folds that follow each other into one line."""
    line: list[Json] | None = None
    for blocks in words:
        folds = [each for block in blocks for each in block.get("elements", ()) if _opens_fold(each)]
        if len(blocks) != 1 or len(folds) != 1:
            line = None
        elif line is None or len(line) == IN_LINE:
            line = blocks[0]["elements"]
        else:
            line += folds
            blocks.clear()


def _opens_fold(element: Json) -> bool:
    return str(element.get("action_id", "")).endswith(FOLDED)


def _titled(card: Card) -> str:
    """The title, with how bad it is first."""
    return " \u00b7 ".join([*([signed(card.status)] if card.status else []), *([card.title] if card.title else [])])


def _native(card: Card) -> int | None:
    """Where in its body a card has the table that is drawn as one: a message takes a single one."""
    return next((place for place, word in enumerate(card.body) if isinstance(word, Table) and takes(word)), None)


def as_text(card: Card, *, sent_again: bool = False, most: int = ALL_TEXT) -> Json:
    """The card as a message of plain text alone, for when Slack does not take its blocks."""
    return {"text": whole_text(card, sent_again, most, "\u2026"), "mrkdwn": False}


def whole_text(card: Card, sent_again: bool = False, most: int = TEXT, end: str = OPEN_IT) -> str:
    """The complete card for notifications and screen readers, escaped; cut where Slack would refuse it."""
    text = escape(plain(card) + (f"\n\n{AGAIN}" if sent_again else "")) or "(no words)"
    if len(text) <= most:
        return text
    return re.sub(r"&[a-z]{0,3}$", "", text[: most - len(end)]) + end


def _fitted(card: Card, head: list[Json], words: list[list[Json]], ref: str, most: int) -> list[Json]:
    """All blocks, or as many as fit: then the last buttons stay, and a note says how to see the rest."""
    whole, room = [*head, *(block for blocks in words for block in blocks)], Room(BUDGET, weight, most)
    if room.holds(whole):
        return whole
    way = f"To read the rest: {ref}." if ref else "To read the rest, ask for a smaller part of it."
    note = list(_note(Note(f"Cut here, because Slack takes no more in one message. {way}"), {}))
    last = last_buttons(card)
    return shortened(room, head, words, note, () if last is None else (last,))


def draw(word: Word, handles: Handles, pictures: Mapping[Picture, str] = NO_PICTURES) -> Iterator[Json]:
    """One word of a card as blocks."""
    match word:
        case Heading() | Text() | Note() | Row() | Facts() | Items():
            yield from _line(word, handles)
        case Table():
            yield from as_lines(word)
        case Checks():
            yield from _checks(word)
        case Figures():
            yield from _figures(word)
        case Progress():
            yield rich(section_of([*runs((f"{bar(word)}  ",), {}), *runs((word.said,), {})]))
        case Fold():
            yield from _fold(word, handles, pictures)
        case Buttons():
            yield from _actions(word.buttons, word.about, ONE_OF if word.one_of else "")
        case Picture() if word in pictures:
            yield {"type": "image", "slack_file": {"id": pictures[word]}, "alt_text": cut(word.alt, ALT) or "Picture"}
        case Picture() | File():
            yield from _texts(Text(plain_word(word)), handles)
        case _:
            assert_never(word)


def _line(word: Line, handles: Handles) -> Iterator[Json]:
    match word:
        case Heading():
            yield {"type": "divider"}
            yield from heading(word.text)
        case Text():
            yield from _texts(word, handles)
        case Note():
            yield from _note(word, handles)
        case Row():
            yield from _row(word, handles)
        case Facts():
            yield from _facts(word, handles)
        case Items():
            yield from bulleted([runs(item.parts, handles) for item in word.items])
        case _:
            assert_never(word)


def _texts(text: Text, handles: Handles) -> Iterator[Json]:
    for line in packed(runs(text.parts, handles), weight, SECTION):
        if said(line):
            yield rich(section_of(line))


def _note(note: Note, handles: Handles) -> Iterator[Json]:
    """Words as plain text; people and links, which only mrkdwn can say here, in elements of their own."""
    elements = [_quiet(run) for run in runs(note.parts, handles) if said([run])]
    if len(elements) > CONTEXT:
        elements = [plain_text(piece) for piece in portions(plain_line(note.parts))][:CONTEXT]
    if elements:
        yield {"type": "context", "elements": elements}


def _quiet(run: Json) -> Json:
    match run["type"]:
        case "user":
            return {"type": "mrkdwn", "text": f"<@{run['user_id']}>", "verbatim": True}
        case "channel":
            return {"type": "mrkdwn", "text": f"<#{run['channel_id']}>", "verbatim": True}
        case "link" if not set("|<>") & set(run["url"]):
            label = escape(run.get("text", "")).replace("|", "\u00a6")
            link = f"<{run['url'].replace('&', '&amp;')}|{label}>"
            return {"type": "mrkdwn", "text": link, "verbatim": True} if len(link) <= SECTION else plain_text(label)
        case "link":
            return plain_text(f"{run.get('text', '')} ({run['url']})")
        case _:
            return plain_text(run["text"])


def _row(row: Row, handles: Handles) -> Iterator[Json]:
    """A section has room for a button beside it but would parse a mention's neighbours: those stand above it."""
    line = runs(row.text.parts, handles)
    text = "".join(run["text"] for run in line) if all(run["type"] == "text" for run in line) else ""
    if row.button is not None and text.strip() and len(text) <= SECTION:
        yield _section(text, row.button, plain_line(row.text.parts))
        return
    yield from _texts(row.text, handles)
    if row.button is not None:
        yield from _actions((row.button,), plain_line(row.text.parts))


def _section(text: str, beside: Button | None, about: str) -> Json:
    block: Json = {"type": "section", "text": plain_text(text)}
    return {**block, "accessory": button(beside, about)} if beside else block


def _facts(facts: Facts, handles: Handles) -> Iterator[Json]:
    yield from _lines([[bold(f"{label}: "), *runs((value,), handles)] for label, value in facts.pairs])


def _figures(figures: Figures) -> Iterator[Json]:
    lines = [
        [
            *runs((f"{SIGNS[figure.status.level]} ",) if figure.status else (), {}),
            bold(figure.value),
            *runs((f"  {figure.named}",), {}),
        ]
        for figure in figures.figures
    ]
    yield from _lines(lines)


def _lines(lines: list[list[Json]]) -> Iterator[Json]:
    """Lines under each other, in as few blocks as take them."""
    for group in packed(lines, length, SECTION):
        broken = [[{"type": "text", "text": "\n"}, *line] if number else line for number, line in enumerate(group)]
        yield rich(section_of([run for line in broken for run in line]))


def _fold(fold: Fold, handles: Handles, pictures: Mapping[Picture, str]) -> Iterator[Json]:
    """A button that opens the rest, beside the title where it does not say that itself; all of it where there is
    none."""
    if fold.button and fold.button.label != fold.title and fold.title.strip():
        text, way = plain_text(cut(fold.title, SECTION)), button(fold.button, fold.title, FOLDED)
        yield {"type": "section", "text": text, "accessory": way}
        return
    if fold.button:
        yield {"type": "actions", "elements": [button(fold.button, mark=FOLDED)]}
        return
    yield from heading(fold.title)
    for word in fold.body:
        yield from draw(word, handles, pictures)


def _checks(checks: Checks) -> Iterator[Json]:
    lines = [(f"[{'x' if check.done else ' '}] {check.label}", check) for check in checks.checks]
    if any(check.button for check in checks.checks):
        yield from (_section(line, check.button, check.label) for line, check in lines)
        return
    for group in packed([line for line, _ in lines], len, SECTION):
        yield rich(section_of(runs(("\n".join(group),), {})))


def _actions(buttons: tuple[Button, ...], about: str, mark: str = "") -> Iterator[Json]:
    for start in range(0, len(buttons), ACTIONS):
        yield {"type": "actions", "elements": [button(item, about, mark) for item in buttons[start : start + ACTIONS]]}
