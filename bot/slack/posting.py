"""Posting: one message into one conversation, found first when need be."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from bot.post import Outgoing, Refused, Silence
from bot.slack.client import OUR_BUG, Client, Ended, is_about_a_file
from bot.slack.elements import Json
from bot.slack.render import as_text, render, whole_text
from bot.slack.uploads import Pictures, Upload, for_message, once_more, share
from handlers.kit.messages import Card

log = logging.getLogger("cityops.slack")
METADATA = "cityops_outbox"
NO_PREVIEWS: Json = {"unfurl_links": False, "unfurl_media": False}
NO_PICTURES: Pictures = {}


class NotShown(Exception):
    """Slack does not take the pictures of a message, which is not there."""


async def conversation(client: Client, row: Outgoing) -> tuple[str, str | None]:
    """The channel of a row and, when it had to be looked up, the person's account; raises Ended."""
    if row.channel:
        return row.channel, None
    if row.payload.get("channel"):
        return str(row.payload["channel"]), None
    account = row.account or row.payload.get("user")
    if not account:
        if not row.email:
            raise Ended(Refused("nobody knows this person's Slack account or e-mail address"))
        account = await account_of(client, row.email, *row.others)
    return await direct(client, account), account


async def account_of(client: Client, email: str, *others: str) -> str:
    """The account with this e-mail address, or else with another of theirs; raises Ended."""
    try:
        return str((await client.done(client.api.users_lookupByEmail(email=email)))["user"]["id"])
    except Ended as ended:
        if not ended.for_good or not others:
            raise
    return await account_of(client, *others)


async def direct(client: Client, account: str) -> str:
    """The direct conversation with an account; raises Ended."""
    return str((await client.done(client.api.conversations_open(users=account)))["channel"]["id"])


def permalink(workspace: str, channel: str | None, ts: str | None, thread: str | None = None) -> str | None:
    """The lasting address of a message, as chat.getPermalink gives it; nobody is asked, so that an acknowledgement
    does not wait. ``workspace`` is the address that auth.test names, ``thread`` the message that it replies to. None
    without a workspace, channel or message."""
    if not (workspace and channel and ts):
        return None
    link = f"{workspace.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread}&cid={channel}" if thread and thread != ts else link


def said_in(row: Outgoing) -> bool:
    """Whether an answer stands where history can be read: neither ephemeral nor behind a response_url."""
    for_asker = row.card is not None and row.card.audience == "asker"
    in_direct = str(row.payload.get("channel") or "D").startswith("D")
    return not row.payload.get("response_url") and (in_direct or not for_asker)


def drawn(row: Outgoing, card: Card, pictures: Pictures = NO_PICTURES) -> Json:
    """The message that says a card, as blocks or as text alone."""
    if row.as_text:
        return as_text(card, sent_again=row.again)
    return render(card, row.handles, sent_again=row.again, pictures=pictures)


def replacement(row: Outgoing, card: Card) -> Json:
    """What takes the place of a message; its blocks stay if none are named."""
    return {"text": whole_text(card, row.again), "blocks": []} if row.as_text else drawn(row, card)


async def say(client: Client, row: Outgoing, channel: str, card: Card, files: list[Upload], thread: str | None) -> Json:
    """Say a card in a message that stays, its pictures inside, its other files beside it; raises Ended."""
    pictures, beside = await for_message(client, card, files)
    try:
        sent = await _send(client, row, channel, card, thread, pictures)
    except NotShown:
        sent = await _send(client, row, channel, card, thread, NO_PICTURES)
        beside = [*await once_more(client, pictures), *beside]
    await share(client, beside, sent["channel"], thread or sent["ts"])
    return sent


async def _send(
    client: Client, row: Outgoing, channel: str, card: Card, thread: str | None, pictures: Pictures
) -> Json:
    """chat.postMessage with our key; raises Ended, and NotShown for its pictures.

    A public channel is joined when that is all it takes; blocks that Slack does not take become plain text.
    """
    message = drawn(row, card, pictures)
    key = {"event_type": METADATA, "event_payload": {"key": row.key}}
    put = partial(client.api.chat_postMessage, channel=channel, metadata=key, thread_ts=thread, **NO_PREVIEWS)
    try:
        return await _when_ready(client, partial(put, **message))
    except Ended as ended:
        if ended.code == "not_in_channel" and await _joined(client, channel):
            return await client.done(put(**message), Silence)
        if ended.code not in OUR_BUG:
            raise
        log.error("Slack does not take our blocks", extra={"code": ended.code, "shape": shape(message)})
        if pictures:
            raise NotShown from ended
    return await client.done(put(**as_text(card, sent_again=row.again)), Silence)


async def _when_ready(client: Client, put: Callable[[], Awaitable[Any]]) -> Json:
    """A message, tried again a few times while Slack is still reading its pictures, which no other answer tells; raises
    Ended."""
    for pause in client.pauses:
        try:
            return await client.done(put(), Silence)
        except Ended as ended:
            if not is_about_a_file(ended):
                raise
        await asyncio.sleep(pause)
    return await client.done(put(), Silence)


async def _joined(client: Client, channel: str) -> bool:
    """Whether the bot could walk in by itself: only into a public channel, and only with the right to."""
    try:
        await client.done(client.api.conversations_join(channel=channel))
    except Ended:
        return False
    return True


def shape(message: Json) -> list[str]:
    """What the log may know of a message: the kinds of its blocks, without what anybody wrote."""
    return [block["type"] for block in message.get("blocks", ())]
