"""Channel names: what a private channel is called that somebody mentions; Slack gives its id alone."""

import asyncio
import re
from contextlib import suppress
from dataclasses import replace

from bot.inbound import Changed, FromMessage, Inbound, Submitted, Typed
from bot.slack.client import Client, Ended
from bot.slack.words import PRIVATE

_NAMELESS = re.compile(r"#slack:([A-Z0-9]+)")
MOST, KEPT = 3, 1000  # channels looked up for one message; names that are remembered
SECONDS = 1.0  # for looking them up; Slack waits three for the answer


class ChannelNames:
    """Asks for the name of each channel once."""

    def __init__(self, client: Client) -> None:
        self.client, self._known = client, dict[str, str]()

    async def named(self, inbound: Inbound) -> Inbound:
        """The same with the channels named that were mentioned."""
        match inbound.what:
            case Typed(text) | FromMessage(text=text) if _NAMELESS.search(text):
                return replace(inbound, what=replace(inbound.what, text=await self.in_words(text)))
            case Submitted(values=values) if any(map(_NAMELESS.search, values.values())):
                told = {name: await self.in_words(text) for name, text in values.items()}
                return replace(inbound, what=replace(inbound.what, values=told))
            case _:
                return inbound

    async def in_change(self, changed: Changed) -> Changed:
        return replace(changed, text=await self.in_words(changed.text)) if changed.text else changed

    async def in_words(self, text: str) -> str:
        wanted = [channel for channel in dict.fromkeys(_NAMELESS.findall(text)) if channel not in self._known]
        with suppress(TimeoutError):  # those that were not told in time are called what Slack itself calls them
            async with asyncio.timeout(SECONDS):
                for channel in wanted[:MOST]:
                    await self._look_up(channel)
        return _NAMELESS.sub(lambda found: self._known.get(found[1], PRIVATE), text)

    async def _look_up(self, channel: str) -> None:
        try:
            shown = (await self.client.done(self.client.api.conversations_info(channel=channel)))["channel"]
        except Ended:
            return
        if len(self._known) >= KEPT:
            self._known.clear()
        self._known[channel] = f"#{shown['name']}" if shown.get("name") else PRIVATE
