"""Entering: the bot walks into a channel that is to become a place, or says what people must do first."""

import asyncio
import logging

from bot.slack.client import Client, Ended
from bot.slack.elements import Json
from handlers.kit.errors import Entrance

log = logging.getLogger("cityops.slack")
ENTER_SECONDS = 1.5  # for all calls together; Slack waits three seconds for the answer to a command
INVITE = "I am not in this channel. Write /invite @cityops here, and then the same again."
ARCHIVED = "This channel is archived. Unarchive it first, or say this in another channel."
NOT_NOW = "Slack did not let me into this channel just now. Please try again in a minute."
LINK = "https://slack.com/app_redirect?channel={channel}"


async def enter(client: Client, channel: str) -> Entrance:
    """Be in a channel: join it where that is all it takes."""
    try:
        async with asyncio.timeout(ENTER_SECONDS):
            return await _entered(client, channel)
    except (Ended, TimeoutError) as problem:
        for_good = isinstance(problem, Ended) and problem.for_good
        log.info("a channel could not be entered", extra={"channel": channel, "why": str(problem)})
        return Entrance(refused=INVITE if for_good else NOT_NOW)


async def _entered(client: Client, channel: str) -> Entrance:
    """Raises Ended where the bot is not in the channel and cannot join it."""
    shown = await _shown(client, channel)
    if shown.get("is_archived"):
        return Entrance(refused=ARCHIVED)
    if not shown.get("is_member"):
        shown = (await client.done(client.api.conversations_join(channel=channel))).get("channel") or shown
    return Entrance(str(shown["name"]) if shown.get("name") else None, LINK.format(channel=channel))


async def _shown(client: Client, channel: str) -> Json:
    """The channel as Slack shows it; an app that may not look at it can still read in it where it is a member. Raises
    Ended."""
    try:
        found: Json = (await client.done(client.api.conversations_info(channel=channel)))["channel"]
    except Ended as ended:
        if ended.code != "missing_scope":
            raise
        try:
            await client.done(client.api.conversations_history(channel=channel, limit=1))
        except Ended as unread:
            if not unread.for_good:
                raise
            return {}
        return {"is_member": True}
    return found
