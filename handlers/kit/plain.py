"""Plain text: a card as screen readers, notifications and the command line read it, complete."""

from typing import assert_never

from handlers.kit.messages import (
    Buttons,
    Card,
    Checks,
    Facts,
    File,
    Inline,
    Items,
    Link,
    Mention,
    Note,
    Picture,
    Row,
    Table,
    Text,
    Word,
)


def plain(card: Card) -> str:
    """The whole card as text: title, a blank line, then each word on its own lines."""
    body = [text for word in card.body if (text := plain_word(word))]
    return "\n\n".join([card.title, *body]) if card.title else "\n\n".join(body)


def plain_word(word: Word) -> str:
    """One word of a card as text, without a final line break."""
    match word:
        case Text() | Note():
            return plain_line(word.parts)
        case Row():
            return plain_line(word.text.parts) + (f" [{word.button.label}]" if word.button else "")
        case Facts():
            return "\n".join([f"{label}: {plain_part(value)}" for label, value in word.pairs])
        case Items():
            return "\n".join(f"- {plain_line(item.parts)}" for item in word.items)
        case Table():
            return plain_table(word)
        case Checks():
            return "\n".join(f"[{'x' if check.done else ' '}] {check.label}" for check in word.checks)
        case Buttons():
            return " ".join(f"[{button.label}]" for button in word.buttons)
        case Picture():
            return f"Picture: {word.alt}"
        case File():
            return f"File: {word.name}"
        case _:
            assert_never(word)


def plain_line(parts: tuple[Inline, ...]) -> str:
    """The parts of one line: people by name, links with their address."""
    return "".join([part if isinstance(part, str) else plain_part(part) for part in parts])


def plain_part(part: Inline) -> str:
    match part:
        case str():
            return part
        case Mention():
            return part.name
        case Link():
            return f"{part.label} ({part.url})"
        case _:
            assert_never(part)


def plain_table(table: Table) -> str:
    """The table in columns of even width, for a monospaced or a read-aloud place."""
    rows = [table.columns, *table.rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
