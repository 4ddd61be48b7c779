"""Render: a card as HTML; what people wrote is escaped, and nothing is styled or fetched from elsewhere."""

from base64 import b64encode
from pathlib import Path

from markupsafe import Markup

from bot.links import file_path
from bot.templates import templates_in
from handlers.kit.messages import Card, Word
from handlers.kit.plain import plain_line


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


TEMPLATES = templates_in(Path(__file__).parent / "templates")
TEMPLATES.globals.update(plain_line=plain_line, file_path=file_path, base64=_base64)
_CARD = TEMPLATES.get_template("card.html").module


def render(card: Card) -> Markup:
    """The whole card; the browser adds nothing to it but what a button leads to."""
    return Markup(_CARD.card(card))  # type: ignore[attr-defined]  # noqa: S704


def render_word(word: Word) -> Markup:
    """One word of a card."""
    return Markup(_CARD.word(word))  # type: ignore[attr-defined]  # noqa: S704


def filled(template: str, **values: object) -> Markup:
    """A template of the desk with its values."""
    return Markup(TEMPLATES.get_template(template).render(values))  # noqa: S704
