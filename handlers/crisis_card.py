"""Crisis card: the page to print, whenever somebody asks."""

from handlers.kit.context import Request
from handlers.kit.crisis_card import crisis_card
from handlers.kit.messages import Card
from handlers.kit.registry import command


@command("crisis card", needs="contacts.export", reads_only=True)
def get_card(request: Request) -> Card:
    """Get the crisis card."""
    request.row_first("contacts", format="docx")
    return crisis_card(request)
