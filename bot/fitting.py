"""Fitting: what a message says of a card that is too long for it; a platform's own measure comes with its renderer."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

from handlers.kit.messages import Buttons, Card

T = TypeVar("T")


@dataclass(frozen=True)
class Room:
    """What one message takes: a budget as ``weight`` counts it, and so many pieces; None is any number."""

    budget: int
    weight: Callable[[object], int]
    most: int | None = None

    def holds(self, pieces: list[T]) -> bool:
        """Whether all of this fits."""
        return (self.most is None or len(pieces) <= self.most) and self.weight(pieces) <= self.budget


def last_buttons(card: Card) -> int | None:
    """Where in its body a card has its last buttons."""
    return max((place for place, word in enumerate(card.body) if isinstance(word, Buttons)), default=None)


def shortened(room: Room, head: list[T], words: list[list[T]], note: list[T], stay: Collection[int]) -> list[T]:
    """As many pieces as fit; below them a note that says so, and the words that ``stay`` (places of ``words``)."""
    tail = [piece for place in sorted(stay) for piece in words[place]]
    left = None if room.most is None else room.most - len(head) - len(tail) - len(note)
    space = room.budget - room.weight([head, tail, note])
    kept: list[T] = []
    for piece in (piece for place, pieces in enumerate(words) if place not in stay for piece in pieces):
        space -= room.weight(piece)
        if len(kept) == left or space < 0:
            break
        kept.append(piece)
    return [*head, *kept, *note, *tail]
