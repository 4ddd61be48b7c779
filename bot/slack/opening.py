"""Opening: a modal of Slack, which opens only while the gesture that asked for it is young."""

import asyncio
import logging

from bot.inbound import Answered, Asking, Inbound, Typed
from bot.slack.client import Client, Ended
from bot.slack.elements import Json
from bot.slack.forms import Origin, confirmation, modal
from handlers.kit.messages import Card, Text

log = logging.getLogger("cityops.slack")
OPEN_SECONDS = 2.0  # for opening it: a trigger lives three seconds, and some are gone by then


async def opened(client: Client, body: Json, inbound: Inbound, asking: Asking) -> Answered | None:
    """Open a form; the answer to give when Slack does not take it."""
    view = modal(asking.page, asking.handles, origin_of(inbound))
    return None if await _taken(client, body, view) else Answered(_not_opened(inbound), ok=False)


async def shown(client: Client, body: Json, inbound: Inbound, answered: Answered) -> bool:
    """Show an answer in a modal; whether Slack took it. It always has when the answer says nothing."""
    if answered.card is None or answered.queued:
        return True
    return await _taken(client, body, confirmation(answered.card, answered.handles, origin_of(inbound)))


def origin_of(inbound: Inbound) -> Origin:
    """Where a gesture came from, as a modal keeps it."""
    return Origin(inbound.channel, (inbound.reply or {}).get("response_url"), inbound.passing)


async def _taken(client: Client, body: Json, view: Json) -> bool:
    in_modal = (body.get("view") or {}).get("type") == "modal"
    show = client.api.views_push if in_modal else client.api.views_open
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            await client.done(show(trigger_id=body["trigger_id"], view=view))
    except (Ended, TimeoutError) as problem:
        log.warning("a modal could not be opened", extra={"why": str(problem)})
        return False
    return True


def _not_opened(inbound: Inbound) -> Card:
    words = [Text(f"Your text: /{inbound.what.text}")] if isinstance(inbound.what, Typed) else []
    sentence = Text("The form could not be opened in time. Please try again.")
    return Card("The form did not open", sentence, *words)
