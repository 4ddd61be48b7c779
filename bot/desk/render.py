"""Render: a card as HTML; what people wrote is escaped, and nothing is styled or fetched from elsewhere."""

from base64 import b64encode
from collections.abc import Iterable
from typing import assert_never

from markupsafe import Markup

from bot.links import file_path
from handlers.kit.messages import (
    Button,
    Buttons,
    Card,
    Check,
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
from handlers.kit.plain import plain_line


def render(card: Card) -> Markup:
    """The whole card; the browser adds nothing to it but what a button leads to."""
    title = Markup("<h3>{}</h3>").format(card.title) if card.title else Markup("")
    return Markup('<div class="card">{}{}</div>').format(title, joined(render_word(word) for word in card.body))


def joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def render_word(word: Word) -> Markup:
    match word:
        case Text() | Note():
            return Markup('<p class="{}">{}</p>').format(word.word, render_line(word.parts))
        case Row():
            return _row(word)
        case Facts():
            return _facts(word)
        case Items():
            lines = (Markup("<li>{}</li>").format(render_line(item.parts)) for item in word.items)
            return Markup('<ul class="items">{}</ul>').format(joined(lines))
        case Table():
            return _table(word)
        case Checks():
            return Markup('<ul class="checks">{}</ul>').format(joined(_check(check) for check in word.checks))
        case Buttons():
            buttons = joined(render_button(button, word.about) for button in word.buttons)
            return Markup('<div class="buttons">{}</div>').format(buttons)
        case Picture():
            return Markup('<img src="data:image/png;base64,{}" alt="{}">').format(_base64(word.data), word.alt)
        case File():
            return _file(word)
        case _:
            assert_never(word)


def render_line(parts: tuple[Inline, ...]) -> Markup:
    return joined(render_part(part) for part in parts)


def render_part(part: Inline) -> Markup:
    match part:
        case str():
            return Markup("{}").format(part)
        case Mention():
            return Markup('<span class="mention">{}</span>').format(part.name)
        case Link():
            tag = Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>')
            return tag.format(part.url, part.label)
        case _:
            assert_never(part)


def render_button(button: Button, about: str = "") -> Markup:
    """A button; ``about`` tells those who cannot see the line beside it what it belongs to."""
    confirm = Markup(' data-confirm="{}"').format(button.confirm) if button.confirm else ""
    label = Markup(' aria-label="{}: {}"').format(button.label, about) if about else ""
    tag = Markup('<button type="button" class="{}" data-action="{}" data-value="{}"{}{}>{}</button>')
    return tag.format(button.style, button.action, button.value, confirm, label, button.label)


def _row(row: Row) -> Markup:
    button = render_button(row.button, plain_line(row.text.parts)) if row.button else ""
    return Markup('<div class="row"><p class="text">{}</p>{}</div>').format(render_line(row.text.parts), button)


def _facts(facts: Facts) -> Markup:
    pair = Markup("<div><dt>{}</dt><dd>{}</dd></div>")
    return Markup("<dl>{}</dl>").format(joined(pair.format(label, render_part(value)) for label, value in facts.pairs))


def _table(table: Table) -> Markup:
    head = joined(Markup('<th scope="col">{}</th>').format(column) for column in table.columns)
    cells = (joined(Markup("<td>{}</td>").format(cell) for cell in row) for row in table.rows)
    rows = joined(Markup("<tr>{}</tr>").format(row) for row in cells)
    # The frame takes the focus, so that a table wider than a phone can be scrolled by keyboard too.
    frame = Markup('<div class="wide" role="region" aria-label="{}" tabindex="0"><table>{}{}</table></div>')
    named = f"Table: {', '.join(table.columns)}"
    return frame.format(
        named, Markup("<thead><tr>{}</tr></thead>").format(head), Markup("<tbody>{}</tbody>").format(rows)
    )


def _check(check: Check) -> Markup:
    state, word = ("done", "Done") if check.done else ("open", "Open")
    button = render_button(check.button, check.label) if check.button else ""
    line = Markup('<li class="{}"><span class="state">{}</span><span class="text">{}</span>{}</li>')
    return line.format(state, word, check.label, button)


def _file(file: File) -> Markup:
    """A link to the file, which the desk gives for a day; a window of its own says so when it is there no longer."""
    link = Markup('<p class="file"><a href="/desk/files/{}" target="_blank" rel="noopener">Save {}</a></p>')
    return link.format(file_path(file), file.name)


def _base64(data: bytes) -> str:
    return b64encode(data).decode()
