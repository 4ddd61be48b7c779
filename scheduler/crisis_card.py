"""Crisis card: every night, the page to print is written to the bot's machine, for when chat is down."""

from handlers.kit.context import Sending
from handlers.kit.crisis_card import crisis_card
from handlers.kit.registry import routine
from handlers.kit.seats import NOBODY


@routine("crisis-card", at="03:00", on="every day", to=NOBODY, closed="send anyway")
def write_card(context: Sending) -> None:
    """Write the crisis card to the bot's machine; nobody is told."""
    context.keep_file(crisis_card(context))
