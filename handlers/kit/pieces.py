"""Pieces: work for many people, or that takes long: prepared on a reader, and written piece by piece."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.kit.messages import Card
from handlers.kit.parts import Broken

if TYPE_CHECKING:
    from handlers.kit.context import Context, Sending

REF = re.compile(r"\b[A-Z]{1,4}-\d\w*(?:[.-]\w+)*")
Write = Callable[["Context"], None]  # what a timer that was prepared on a reader writes


class Outdated(Exception):
    """What the reader saw has changed: the piece is prepared once more. Raised before anything is written, and not
    where the sending is ``as_prepared``."""


@dataclass(frozen=True)
class Piece:
    """One piece of a routine's work, as a reader has prepared it.

    ``key`` names it within its occurrence: a person's id, or a word of ours; each is written once. ``write`` takes the
    Sending of the writer; it sees whether the piece is still needed, and gives the card for who sits on the seat, if
    there is one. It raises NotNeeded, before anything is written, where nobody needs the piece any more. Without it
    there is nothing to write, and the same is not prepared again; Broken in its place says that it broke while it was
    prepared. ``about`` are the references that it shows: when one
    of them changes before it is written, it is prepared once more. What follows a piece that stands ``alone`` is
    prepared when that is written.
    """

    key: str
    write: Callable[["Sending"], Card | None] | Broken | None = None
    about: frozenset[str] = frozenset()
    alone: bool = False


def refs_in(text: str) -> frozenset[str]:
    """The references that stand in a text, such as R-1."""
    return frozenset(REF.findall(text))
