"""Folds: what of a card is folded inside it, and what opens from its record because the card has no room for it."""

from collections.abc import Callable, Sequence

from bot.fitting import Room
from bot.teams.elements import Json
from handlers.kit.messages import Buttons, Card, Fold, Word


def fitting(
    card: Card, room: Room, head: Sequence[Json], words: Sequence[list[Json]], draws: Callable[[Word], list[Json]]
) -> list[list[Json]]:
    """The words of a card as they are drawn, with as many of its last folds as buttons alone as it takes to fit."""
    drawn = list(words)
    folds = [(place, word.button) for place, word in enumerate(card.body) if isinstance(word, Fold) and word.button]
    for place, opens in reversed(folds):
        if room.holds([*head, *(element for elements in drawn for element in elements)]):
            break
        drawn[place] = draws(Buttons(opens))
    return drawn
