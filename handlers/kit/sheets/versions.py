"""Versions: what a row said when it was exported, in a few characters that travel with it.

When the sheet comes back, they tell which cells somebody has changed in it, and which the register has changed since:
a cell that nobody touched never takes back what was changed in chat meanwhile.
"""

import base64
import hashlib
from collections.abc import Mapping

COLUMN = "version"  # the field of a row that holds it
BEGINS = "v1:"  # no formula, no number, no date
WIDE = 4  # characters for a cell: one in sixteen million changes is taken for none


def version_of(texts: Mapping[str, str]) -> str:
    """The version of a row whose cells, by field, have these texts."""
    return BEGINS + "".join(_mark(name, text) for name, text in sorted(texts.items()) if name != COLUMN)


def was(version: str, name: str, text: str) -> bool:
    """Whether a cell had this text when a row of this version was exported."""
    marks = version.removeprefix(BEGINS)
    return _mark(name, text) in {marks[begin : begin + WIDE] for begin in range(0, len(marks), WIDE)}


def plain(text: str) -> str:
    """A text as spreadsheets leave it: without the blanks around it, and with one kind of line end."""
    return "\n".join(text.strip().splitlines())


def _mark(name: str, text: str) -> str:
    digest = hashlib.sha256(f"{name}\n{plain(text)}".encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest)[:WIDE].decode()
