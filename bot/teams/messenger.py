"""Messenger: posts, updates and answers in Teams, where nothing that was said can be read back."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.post import Failed, Gone, Outgoing, Refused, Result, Sent, Silence, Wait
from bot.teams.address import Address
from bot.teams.answers import answer
from bot.teams.client import Ended, Unknown
from bot.teams.posting import Post

WHOLE_SECONDS = 15  # for all calls of one row together; a row's lease is 20
NOWHERE = "a bot cannot make a channel in Teams; connect the standing one, and a thread begins there"
NOWHERE_SECONDS = 60
DELETED = ("ActivityNotFoundInConversation",)

Doing = Callable[[Post, Outgoing], Awaitable[Result]]


class TeamsMessenger:
    """What Teams lets a bot do with one row of the outbox."""

    pace = 0.5  # a conversation takes 60 messages in 30 seconds (rate limits of Teams)

    def __init__(self, how: Post) -> None:
        self.how = how

    async def post(self, row: Outgoing) -> Result:
        return await self._concluded(post, row, Silence)

    async def update(self, row: Outgoing) -> Result:
        return await self._concluded(update, row, Failed)

    async def act(self, row: Outgoing) -> Result:
        match row.kind:
            case "answer":
                return await self._concluded(answer, row, Silence)
            case "make_place":
                return _room(row)
            case "pin" | "invite":  # Teams lets no bot pin, and a room is a thread that the whole team reads
                return Sent(row.channel or "", row.remote_id)
            case _:
                return Refused(f"Teams cannot do this: {row.kind}")

    async def look_back(self, row: Outgoing) -> Result:
        if row.kind in ("update", "make_place", "pin", "invite"):
            return Gone()  # doing it again does no harm
        return Silence("Teams shows a bot no history")

    async def _concluded(self, doing: Doing, row: Outgoing, late: Unknown) -> Result:
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                return await doing(self.how, row)
        except Ended as ended:
            return ended.result
        except TimeoutError:
            return late(f"Teams took longer than {WHOLE_SECONDS} seconds")


async def post(how: Post, row: Outgoing) -> Result:
    """Into a channel or a chat; to a person in their personal chat, which is made when it is first needed."""
    assert row.card is not None, "a post without a card"
    address = Address.read(row.channel)
    if address.opens_thread:
        thread, begun = await how.open_thread(address, row, row.card)
        return Sent(str(thread), begun)
    if row.channel and not address.service_url:
        return Sent(row.channel, await how.put(address, row, row.card) or None)
    direct = await how.direct(address, row.account)
    return Sent(str(direct), await how.put(direct, row, row.card) or None, row.account)


def _room(row: Outgoing) -> Result:
    """A bot makes no channels in Teams: the room is a thread that the first card begins in the standing channel."""
    if not row.channel:
        return Wait(NOWHERE, NOWHERE_SECONDS)
    return Sent(str(Address.read(row.channel).with_new_thread()))


async def update(how: Post, row: Outgoing) -> Result:
    """Gone when the message was deleted; raises Ended."""
    assert row.card is not None, "an update without a card"
    try:
        await how.put(Address.read(row.channel), row, row.card, replace=row.remote_id)
    except Ended as ended:
        if ended.code in DELETED:
            return Gone()
        raise
    return Sent(row.channel or "", row.remote_id)
