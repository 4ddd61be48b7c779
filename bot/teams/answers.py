"""Answers: what somebody asked for, brought to where they asked; what is for them alone, to them alone."""

import logging

from bot.post import Outgoing, Result, Sent
from bot.teams.address import Address, channel_of
from bot.teams.client import Ended
from bot.teams.posting import Post
from handlers.kit.inline import Link
from handlers.kit.messages import Card, Text

log = logging.getLogger("cityops.teams")
PRIVATELY = "Sent to you privately."
CHAT = "https://teams.microsoft.com/l/chat/0/0?users={bot}"  # somebody's own chat with a bot (Deep links)
HOW_TO_OPEN = Card(
    "I cannot write to you privately yet",
    Text("The answer is for you alone, and there is no chat between us in which I could give it."),
    Text("Choose Apps in Teams, search for cityops, choose Add, and ask me there. If it is not listed, ask IT."),
    audience="room",
)


async def answer(post: Post, row: Outgoing) -> Result:
    """In the place of the pressed card, in the conversation or its thread, or in the personal chat. Raises Ended."""
    assert row.card is not None, "an answer without a card"
    payload = row.payload
    there = Address(str(payload.get("conversation") or ""), str(payload.get("service_url") or ""))
    if payload.get("replaces") and payload.get("message") and await _in_its_place(post, there, row, row.card):
        return Sent(str(there), str(payload["message"]))
    if there.conversation and (payload.get("private") or row.card.audience == "room"):
        return Sent(str(there), await post.put(there, row, row.card))
    return await _privately(post, there, row, row.card)


async def _in_its_place(post: Post, there: Address, row: Outgoing, card: Card) -> bool:
    """Whether the card whose button was pressed could be replaced."""
    try:
        await post.put(there, row, card, replace=str(row.payload["message"]))
    except Ended as ended:
        if not ended.for_good:
            raise
        return False
    return True


async def _privately(post: Post, there: Address, row: Outgoing, card: Card) -> Result:
    """In the personal chat, with a line in the thread, if it was asked in one; there, how to open a chat when none
    can be made."""
    member = Address("", there.service_url, str(row.payload.get("member") or ""))
    try:
        direct = await post.direct(member, str(row.payload.get("account") or ""))
        sent = Sent(str(direct), await post.put(direct, row, card))
    except Ended as ended:
        if not ended.for_good or not there.conversation:
            raise
        log.info("no personal chat", extra={"why": str(ended), "channel": channel_of(there.conversation)})
        return Sent(there.conversation, await post.put(there, row, HOW_TO_OPEN))
    if not there.conversation or row.payload.get("told"):
        return sent
    try:
        await post.put(there, row, _trace(card, post.bearings.bot))
    except Ended as ended:
        log.warning("a thread was not told of its answer", extra={"why": str(ended)})
    return sent


def _trace(card: Card, bot: str) -> Card:
    """What everybody in a thread reads of an answer that they do not get: what was done, where they may know it, and
    the way to the answer for who asked."""
    way = (" ", Link("Open the answer", CHAT.format(bot=bot))) if bot else ()
    return Card("", Text(f"{card.trace}." if card.trace else PRIVATELY, *way), audience="room")
