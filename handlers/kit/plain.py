"""Plain text: a card as screen readers, notifications and the command line read it, complete."""

from typing import assert_never

from handlers.kit.figures import Figure, Figures, Progress
from handlers.kit.inline import Channel, Inline, Link, Mention, Phone, Status
from handlers.kit.messages import (
    Buttons,
    Card,
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


def plain(card: Card) -> str:
    """The whole card as text: title, a blank line, then each word on its own lines."""
    title = plain_title(card)
    body = [text for word in card.body if (text := plain_word(word))]
    return "\n\n".join([title, *body] if title else body)


def plain_title(card: Card) -> str:
    """The title with how bad it is."""
    return " ".join([*([card.title] if card.title else []), *([f"({card.status.label})"] if card.status else [])])


def headline(card: Card) -> str:
    """What a notification says of a card, in one sentence: its title with how bad it is, else its first line."""
    if card.title.strip():
        return " ".join(plain_title(card).split())
    begins = plain(card.model_copy(update={"status": None})).strip().partition("\n")[0]
    return ": ".join([*([card.status.label] if card.status else []), *([begins] if begins else [])])


def plain_word(word: Word) -> str:
    """One word of a card as text, without a final line break."""
    match word:
        case Heading() | Text() | Note() | Row() | Facts() | Items():
            return _plain_lines(word)
        case Table():
            return plain_table(word)
        case Checks():
            return "\n".join(f"[{'x' if check.done else ' '}] {check.label}" for check in word.checks)
        case Figures():
            return "\n".join(_figure(figure) for figure in word.figures)
        case Progress():
            return word.said
        case Fold():
            return "\n".join([word.title, *(text for inner in word.body if (text := plain_word(inner)))])
        case Buttons():
            return " ".join(f"[{button.label}]" for button in word.buttons)
        case Picture():
            return f"Picture: {word.alt}"
        case File():
            return f"File: {word.name}"
        case _:
            assert_never(word)


def _plain_lines(word: Line) -> str:
    match word:
        case Heading():
            return word.text
        case Text() | Note():
            return plain_line(word.parts)
        case Row():
            return plain_line(word.text.parts) + (f" [{word.button.label}]" if word.button else "")
        case Facts():
            return "\n".join([f"{label}: {plain_part(value)}" for label, value in word.pairs])
        case Items():
            return "\n".join(f"- {plain_line(item.parts)}" for item in word.items)
        case _:
            assert_never(word)


def _figure(figure: Figure) -> str:
    """A number with what it counts, and how bad that is."""
    return f"{figure.label}: {figure.value}" + (f" ({figure.status.label})" if figure.status else "")


def plain_line(parts: tuple[Inline, ...]) -> str:
    """The parts of one line: people by name, links with their address."""
    return "".join([part if isinstance(part, str) else plain_part(part) for part in parts])


def plain_part(part: Inline) -> str:
    match part:
        case str():
            return part
        case Mention():
            return part.name
        case Channel() | Status() | Phone():
            return part.label
        case Link():
            return f"{part.label} ({part.url})"
        case _:
            assert_never(part)


def plain_cell(cell: Cell) -> str:
    """What a cell of a table says."""
    return cell if isinstance(cell, str) else cell.label


def plain_table(table: Table) -> str:
    """The table in columns of even width, for a monospaced or a read-aloud place."""
    rows = [table.columns, *(tuple(plain_cell(cell) for cell in row) for row in table.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
