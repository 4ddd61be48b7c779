"""Home: the home tab of one person, with the card that waits for them on it."""

import logging

from bot.post import Outgoing, Result, Sent
from bot.slack.client import Client, Ended
from bot.slack.render import MODAL, render
from handlers.kit.messages import Card, Text
from handlers.kit.plain import plain

log = logging.getLogger("cityops.slack")


async def publish(client: Client, row: Outgoing) -> Result:
    """Show the tab; raises Ended when it can be tried again. One that Slack will never show does not count as a lost
    message. A tab has no plain text of its own, so that text goes as a block too."""
    assert row.card is not None, "a home tab without a card"
    card = Card(row.card.title, Text(plain(row.card))) if row.as_text else row.card
    view = {"type": "home", "blocks": render(card, row.handles, most=MODAL)["blocks"]}
    try:
        await client.done(client.api.views_publish(user_id=row.remote_id or "", view=view))
    except Ended as ended:
        if not ended.for_good:
            raise
        log.warning("a home tab cannot be shown", extra={"code": ended.code})
    return Sent(row.channel or "", row.remote_id)
