"""Quoted: the HTML of a message that somebody wrote in Teams, as the words that people read in it."""

import re
from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser

LINES = frozenset(
    ("address", "blockquote", "codeblock", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
     "table", "tr", "ul")
)  # fmt: skip
CELLS = frozenset(("td", "th"))
EMOJI = "http://schema.skype.com/emoji"  # the itemtype of a picture that stands for a character
QUOTE = "http://schema.skype.com/reply"  # of a block that quotes the message somebody answers
MENTION = "http://schema.skype.com/mention"  # of a span that names somebody
_SPACE = re.compile(r"[^\S\n]+")
_GAP = re.compile(r"\n{3,}")


def plain_text(markup: str, mentioned: Mapping[str, str]) -> str:
    """The words, a line for each block; pictures and attachments say nothing.

    ``mentioned`` are the accounts by the id of a mention's tag: a name of two words may come as two mentions of one.
    """
    reader = _Reader(mentioned)
    reader.feed(markup)
    reader.close()
    return tidy("".join(reader.said))


def as_typed(markup: str) -> str:
    """A message that came as HTML as one that came as text: without what it quotes, its mentions as ``<at>`` tags."""
    reader = _Typed({})
    reader.feed(markup)
    reader.close()
    return tidy("".join(reader.said))


def tidy(text: str) -> str:
    """The text without space that nobody sees, and with at most one empty line between two others."""
    lines = [_SPACE.sub(" ", line).strip() for line in text.replace("\r\n", "\n").split("\n")]
    return _GAP.sub("\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Mentions become ``@name``, links their label and where they lead."""

    def __init__(self, mentioned: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.mentioned, self.said = mentioned, list[str]()
        self._named: str | None = None  # who was mentioned last, as long as nothing has been said since
        self._in_mention = False
        self._link: tuple[str, int] | None = None  # where it leads, and where its label begins

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "br" or tag in LINES:
            self.said.append("\n- " if tag == "li" else "\n")
        elif tag == "at":
            self._mention(given.get("id", ""))
        elif tag == "a":
            self._link = given.get("href", ""), len(self.said)
        elif tag == "emoji" or (tag == "img" and given.get("itemtype", "").lower() == EMOJI):
            self.handle_data(given.get("alt", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in LINES:
            self.said.append("\n")
        elif tag in CELLS:
            self.said.append(" ")
        elif tag == "at":
            self._in_mention = False
        elif tag == "a" and self._link:
            (address, begun), self._link = self._link, None
            label = "".join(self.said[begun:]).strip()
            if address.startswith(("https://", "http://")) and address.rstrip("/") != label.rstrip("/"):
                self.said.append(f" ({address})")

    def handle_data(self, data: str) -> None:
        if not self._in_mention and data.strip():
            self._named = None
        self.said.append(data)

    def _mention(self, number: str) -> None:
        who = self.mentioned.get(number)
        if who is None or who != self._named:
            self.said.append("@")
        self._named, self._in_mention = who, True


class _Typed(_Reader):
    """Mentions stay as Teams writes them in text, and so does what must be escaped there."""

    def __init__(self, mentioned: Mapping[str, str]) -> None:
        super().__init__(mentioned)
        self._quotes = 0  # how many blocks deep this is in what is quoted
        self._spans: list[str] = []  # what each open span ends with

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = next((value or "" for name, value in attrs if name == "itemtype"), "").lower()
        if tag == "blockquote" and (self._quotes or kind == QUOTE):
            self._quotes += 1
        elif tag == "at":
            self._say(self.get_starttag_text() or "<at>")
        elif tag == "span":
            self._spans.append("</at>" if kind == MENTION else "")
            self._say("<at>" if kind == MENTION else "")
        elif not self._quotes:
            super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote" and self._quotes:
            self._quotes -= 1
        elif tag == "at":
            self._say("</at>")
        elif tag == "span":
            self._say(self._spans.pop() if self._spans else "")
        elif not self._quotes:
            super().handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        self._say(escape(data, quote=False))

    def _say(self, words: str) -> None:
        if not self._quotes:
            self.said.append(words)
