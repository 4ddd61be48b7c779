"""Crisis card: every night, the page to print is written to the bot's machine, for when chat is down."""

from collections.abc import Iterator
from functools import partial

from handlers.crisis.card import crisis_card
from handlers.kit.context import Context, Sending
from handlers.kit.contributions import drawn
from handlers.kit.messages import Card
from handlers.kit.pieces import Piece
from handlers.kit.registry import routine
from handlers.kit.seats import NOBODY


@routine("crisis-card", at="03:00", on="every day", to=NOBODY, closed="send anyway", in_pieces=True)
def write_card(sending: Sending) -> Iterator[Piece]:
    """Write the crisis card to the bot's machine; nobody is told."""
    yield Piece("the page", partial(_keep, crisis_card(sending)))


def _keep(card: Card, context: Context) -> None:
    context.keep_file(card)


@drawn("crisis.sheet")
def write_again(context: Context) -> Card:
    """The page to print, with what is known now; such rows were queued before, none are any more."""
    return crisis_card(context)
