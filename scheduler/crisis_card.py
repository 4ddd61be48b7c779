"""Crisis card: every night, the page to print is written to the bot's machine, for when chat is down."""

from handlers.crisis.card import crisis_card
from handlers.kit.context import Context, Sending
from handlers.kit.contributions import drawn
from handlers.kit.messages import Card
from handlers.kit.registry import routine
from handlers.kit.seats import NOBODY


@routine("crisis-card", at="03:00", on="every day", to=NOBODY, closed="send anyway")
def write_card(context: Sending) -> None:
    """Write the crisis card to the bot's machine; nobody is told."""
    context.keep_file(crisis_card(context), draws="crisis.sheet")


@drawn("crisis.sheet")
def write_again(context: Context) -> Card:
    """The page to print, with what is known now."""
    return crisis_card(context)
