"""Links: what came out of what stands on the card of each record."""

from handlers.kit.context import Context
from handlers.kit.contributions import record_section
from handlers.kit.links import link_words
from handlers.kit.messages import Word


@record_section("the links")
def links(context: Context, ref: str) -> list[Word]:
    """What a record is linked with."""
    return link_words(context, ref)
