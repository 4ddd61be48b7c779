"""Entering: what Teams says of the channel that is to become a place; the bot is in it, or would not have heard."""

import asyncio
import logging
from urllib.parse import quote, urlencode

from bot.teams.address import channel_of
from bot.teams.client import Client, Ended, part
from bot.teams.payloads import Activity, dig, text_at
from handlers.kit.errors import Entrance

log = logging.getLogger("cityops.teams")
NAME_SECONDS = 2.0  # for asking what a channel is called; without its name it serves as well
LINK = "https://teams.microsoft.com/l/channel/{channel}/{name}?{where}"
GENERAL = "General"  # Teams gives no name for the first channel of a team


async def enter(client: Client, activity: Activity) -> Entrance:
    """The channel, its team and its address; a group chat has none of these."""
    team, channel = text_at(activity, "channelData", "team", "id"), channel_of(text_at(activity, "conversation", "id"))
    if not team:
        return Entrance()
    name = await _name(client, text_at(activity, "serviceUrl"), team, channel)
    group, tenant = (text_at(activity, "channelData", *path) for path in (("team", "aadGroupId"), ("tenant", "id")))
    where = urlencode({key: value for key, value in (("groupId", group), ("tenantId", tenant)) if value})
    link = LINK.format(channel=quote(channel, safe=""), name=quote(name or GENERAL, safe=""), where=where)
    return Entrance(name, link, team)


async def _name(client: Client, service_url: str, team: str, channel: str) -> str | None:
    """What a channel is called; None when Teams does not tell it in time."""
    try:
        async with asyncio.timeout(NAME_SECONDS):
            told = await client.call("GET", service_url, f"teams/{part(team)}/conversations")
    except (Ended, TimeoutError) as problem:
        log.info("a channel has no name", extra={"why": str(problem)})
        return None
    found = dig(told, "conversations")
    names = (
        [text_at(shown, "name") for shown in found if text_at(shown, "id") == channel]
        if isinstance(found, list)
        else []
    )
    return (names[0] or GENERAL) if names else None
