"""Messenger: posts, updates and answers in Slack, and looks whether a post is there."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

from bot.post import Failed, Gone, Outgoing, Refused, Result, Sent, Silence, Wait
from bot.slack.answers import answer
from bot.slack.channels import found_channel, invite, make_channel
from bot.slack.client import OUR_BUG, Client, Ended, Unknown
from bot.slack.elements import Json
from bot.slack.home import publish
from bot.slack.posting import METADATA, conversation, replacement, said_in, say, shape
from bot.slack.uploads import uploaded
from handlers.kit.home import CHANNEL

log = logging.getLogger("cityops.slack")
WHOLE_SECONDS = 15  # for all calls of one row together; a row's lease is 20
BEFORE = 60  # seconds by which Slack's clock and ours may differ
DELETED = ("message_not_found",)
PAGES, HISTORY = 10, 200  # how far back a post is looked for

Doing = Callable[[Client, Outgoing], Awaitable[Result]]


class SlackMessenger:
    """What Slack lets a bot do with one row of the outbox."""

    pace = 1.0  # chat.postMessage: about one a second into each channel

    def __init__(self, client: Client) -> None:
        self.client = client

    async def post(self, row: Outgoing) -> Result:
        return await self._concluded(post, row, Silence)

    async def update(self, row: Outgoing) -> Result:
        return await self._concluded(publish if row.channel == CHANNEL else update, row, Failed)

    async def act(self, row: Outgoing) -> Result:
        match row.kind:
            case "answer":
                return await self._concluded(answer, row, Silence)
            case "make_place":
                return await self._concluded(make_channel, row, Silence)
            case "pin":
                return await self._concluded(pin, row, Failed)
            case "invite":
                return await self._concluded(invite, row, Failed)
            case _:
                return Refused(f"Slack cannot do this: {row.kind}")

    async def look_back(self, row: Outgoing) -> Result:
        match row.kind:
            case "update" | "pin" | "invite":
                return Gone()  # doing it again does no harm
            case "make_place":
                found = await self._concluded(found_channel, row, Wait)
            case "answer" if not said_in(row):
                return Silence("an answer that only one person sees cannot be read back")
            case _:
                found = await self._concluded(look, row, Wait)
        match found:
            case Refused(why):  # a bot that may not look will not be let in within minutes
                return Silence(why)
            case Failed(why):  # on the way to the history
                return Wait(why)
            case _:
                return found

    async def _concluded(self, doing: Doing, row: Outgoing, late: Unknown) -> Result:
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                return await doing(self.client, row)
        except Ended as ended:
            return ended.result
        except TimeoutError:
            return late(f"Slack took longer than {WHOLE_SECONDS} seconds")


async def post(client: Client, row: Outgoing) -> Result:
    assert row.card is not None, "a post without a card"
    channel, account = await conversation(client, row)
    card, files = await uploaded(client, row.card, as_text=row.as_text)
    sent = await say(client, row, channel, card, files, row.payload.get("thread_ts"))
    return Sent(sent["channel"], sent["ts"], account)


async def update(client: Client, row: Outgoing) -> Result:
    """Metadata that is not named stays as it is, so the post's own key can still be found. Gone when the message was
    deleted."""
    assert row.card is not None, "an update without a card"
    put = partial(client.api.chat_update, channel=row.channel or "", ts=row.remote_id or "")
    message = replacement(row, row.card)
    try:
        said = await client.done(put(**message))
    except Ended as ended:
        if ended.code in DELETED:
            return Gone()
        if ended.code not in OUR_BUG:
            raise
        log.error("Slack does not take our blocks", extra={"code": ended.code, "shape": shape(message)})
        said = await client.done(put(**replacement(replace(row, as_text=True), row.card)))
    return Sent(said["channel"], said["ts"])


async def pin(client: Client, row: Outgoing) -> Result:
    """Pin a message; one that is pinned already is as good, and one that cannot be is read all the same."""
    try:
        await client.done(client.api.pins_add(channel=row.channel or "", timestamp=row.remote_id or ""))
    except Ended as ended:
        if not ended.for_good:
            raise
        if ended.code != "already_pinned":
            log.warning("a message could not be pinned", extra={"channel": row.channel, "code": ended.code})
    return Sent(row.channel or "", row.remote_id)


async def look(client: Client, row: Outgoing) -> Result:
    """The post with our key, Gone when it is not in the history, Silence when that says nothing. Raises Ended."""
    channel, account = await conversation(client, row)
    thread = row.payload.get("thread_ts") or (row.payload.get("ts") if row.kind == "answer" else None)
    read: Any = client.api.conversations_history
    asked: Json = {"channel": channel, "limit": HISTORY, "include_all_metadata": True}
    asked["oldest"] = str(row.since - BEFORE)
    if thread:
        read, asked["ts"] = client.api.conversations_replies, thread
    for _ in range(PAGES):
        page = await client.done(read(**asked), Wait)
        if ts := _with_key(page["messages"], row.key):
            return Sent(channel, ts, account)
        asked["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
        if not asked["cursor"]:
            return Gone()
    return Silence("too much was said since")


def _with_key(messages: list[Json], key: str) -> str | None:
    for message in messages:
        kept: Json = message.get("metadata") or {}
        if kept.get("event_type") == METADATA and (kept.get("event_payload") or {}).get("key") == key:
            return str(message["ts"])
    return None
