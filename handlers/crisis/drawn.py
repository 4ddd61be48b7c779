"""Crisis drawings: a message that is sent late or once more says how the crisis stands by then."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, TypeVar

from handlers.crisis.record import stamped
from handlers.kit.context import Context
from handlers.kit.contributions import drawn
from handlers.kit.errors import NotNeeded
from handlers.kit.messages import Card
from storage.crisis.records import Crisis

Draws = TypeVar("Draws", bound=Callable[Concatenate[Context, Crisis, ...], Card])


def drawn_in_crisis(name: str, *, over: bool = False) -> Callable[[Draws], Draws]:
    """Declare how a message of a crisis is drawn again. When the crisis is over it is not needed any more, unless
    ``over`` says so. Its ``draws`` has the crisis's reference after the name.

    The function takes (context, crisis, *words) and returns the card; a drill is marked on it automatically. It raises
    NotNeeded with the reason when nobody needs the message any more.
    """

    def declare(function: Draws) -> Draws:
        @wraps(function)
        def draw(context: Context, ref: str, *words: str) -> Card:
            crisis = context.store.crisis.records.find(ref)
            if crisis is None or not (over or crisis.is_open):
                raise NotNeeded(f"{ref} is over")
            return stamped(crisis, function(context, crisis, *words))

        drawn(name)(draw)
        return function

    return declare
