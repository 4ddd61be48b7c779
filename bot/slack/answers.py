"""Answers: what somebody asked for, brought to where they asked, by the first way that is still open."""

import logging

from bot.post import Outgoing, Result, Sent, Silence
from bot.retry_after import asked_to_wait
from bot.slack.client import Client, Ended, unreached
from bot.slack.elements import Json
from bot.slack.forms import Origin, confirmation
from bot.slack.posting import NO_PREVIEWS, direct, drawn, replacement, say
from bot.slack.uploads import Upload, share, uploaded
from handlers.kit.messages import Card, Note

log = logging.getLogger("cityops.slack")


async def answer(client: Client, row: Outgoing) -> Result:
    """The modal, the response_url, the place of the pressed card, the channel, the direct conversation.

    Raises Ended. Files always go where only those meant to can see them.
    """
    assert row.card is not None, "an answer without a card"
    if row.payload.get("trace"):
        return await _traced(client, row, row.card)
    card, files = await uploaded(client, row.card, as_text=row.as_text)
    if files and _apart(row, card):
        card = card.with_words(Note("The files are in your direct messages with me."))
    if await _in_view(client, row, card):
        await _share(client, row, card, files)
        return Sent(row.payload.get("channel") or "")
    message = drawn(row, card)
    if await _by_response_url(client, row, message, card.audience) or await _in_its_place(client, row, card):
        await _share(client, row, card, files)
        return Sent(row.payload.get("channel") or "")
    return await _said(client, row, card, files)


async def _in_view(client: Client, row: Outgoing, card: Card) -> bool:
    """Whether the modal in which somebody pressed a button shows the answer; it may have been closed."""
    view_id = row.payload.get("view_id")
    if not view_id or row.as_text:
        return False
    view = confirmation(card, row.handles, Origin(row.payload.get("channel"), row.payload.get("response_url")))
    try:
        await client.done(client.api.views_update(view_id=view_id, view=view))
    except Ended as ended:
        if not ended.for_good:
            raise
        return False
    return True


async def _by_response_url(client: Client, row: Outgoing, message: Json, audience: str) -> bool:
    """Whether the response_url took it: it takes five in 30 minutes. Raises Ended when nobody knows, or later."""
    url = row.payload.get("response_url")
    if not url:
        return False
    kind = "in_channel" if audience == "room" else "ephemeral"
    replaces = {"replace_original": bool(row.payload.get("replaces"))}
    try:
        sent = await client.send(url, {**message, **NO_PREVIEWS, **replaces, "response_type": kind})
    except Exception as problem:
        raise Ended(unreached(problem, Silence)) from problem
    if sent.status == 429:
        raise Ended(asked_to_wait("Slack asks to go slower", sent.headers))
    if sent.status >= 500:
        raise Ended(Silence(f"Slack answered {sent.status}"))
    return sent.status == 200


async def _in_its_place(client: Client, row: Outgoing, card: Card) -> bool:
    """Whether the card whose button was pressed could be replaced without its response_url."""
    where: Json = {"channel": row.payload.get("channel") or "", "ts": row.payload.get("message_ts") or ""}
    if not row.payload.get("replaces") or not all(where.values()):
        return False
    try:
        await client.done(client.api.chat_update(**where, **replacement(row, card)))
    except Ended as ended:
        if not ended.for_good:
            raise
        return False
    return True


async def _said(client: Client, row: Outgoing, card: Card, files: list[Upload]) -> Result:
    """In the channel, for all or for one; in the direct conversation when the bot cannot speak there."""
    channel, user = row.payload.get("channel") or row.channel or "", row.payload.get("user") or row.account or ""
    if not channel or channel.startswith("D"):
        place = channel or await direct(client, user)
        return await _sent(client, row, place, card, files, row.payload.get("thread_ts"))
    try:
        return await _in_channel(client, row, channel, card, files, user)
    except Ended as ended:
        if not ended.for_good or not user:
            raise
    return await _sent(client, row, await direct(client, user), card, files, None)


async def _in_channel(
    client: Client, row: Outgoing, channel: str, card: Card, files: list[Upload], user: str
) -> Result:
    thread = row.payload.get("thread_ts")
    if card.audience != "asker":
        return await _sent(client, row, channel, card, files, thread or row.payload.get("ts"))
    await _whispered(client, channel, user, thread, drawn(row, card))
    await _share(client, row, card, files)
    return Sent(channel)


async def _sent(
    client: Client, row: Outgoing, place: str, card: Card, files: list[Upload], thread: str | None
) -> Result:
    sent = await say(client, row, place, card, files, thread)
    return Sent(place, sent["ts"])


async def _whispered(client: Client, channel: str, user: str, thread: str | None, message: Json) -> None:
    put = client.api.chat_postEphemeral(channel=channel, user=user, thread_ts=thread, **message)
    await client.done(put, Silence)


async def _traced(client: Client, row: Outgoing, card: Card) -> Result:
    """Below words that everybody read, what came of them; a thread that takes nothing goes without. Raises Ended."""
    channel = str(row.payload["channel"])
    try:
        return await _sent(client, row, channel, card, [], row.payload.get("thread_ts"))
    except Ended as ended:
        if not ended.for_good:
            raise
        log.warning("a thread was not told of its answer", extra={"why": str(ended), "channel": channel})
        return Sent(channel)


def _apart(row: Outgoing, card: Card) -> bool:
    """Whether an answer for one person is given where others read, so that its files cannot stand beside it."""
    return card.audience == "asker" and not str(row.payload.get("channel") or "").startswith("D")


async def _share(client: Client, row: Outgoing, card: Card, files: list[Upload]) -> None:
    """Files beside a message that Slack gave no place for: for one person they go into the direct conversation.

    The message is there by now, so that nothing of this is tried again.
    """
    channel, user = row.payload.get("channel") or "", row.payload.get("user")
    if files and user and _apart(row, card):
        try:
            channel = await direct(client, user)
        except Ended as ended:
            log.warning("files were not shown", extra={"why": str(ended)})
            return
    if files and channel:
        await share(client, files, channel, row.payload.get("thread_ts") if card.audience == "room" else None)
