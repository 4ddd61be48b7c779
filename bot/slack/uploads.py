"""Uploads: the pictures and files of a card, sent to Slack first and shown where the card is posted."""

import logging

from bot.post import Failed
from bot.retry_after import asked_to_wait
from bot.slack.client import Client, Ended, unreached
from bot.slack.elements import Json
from handlers.kit.messages import Card, Note, Picture

log = logging.getLogger("cityops.slack")
ALT = 1000  # characters
Upload = Json


async def uploaded(client: Client, card: Card, *, as_text: bool = False) -> tuple[Card, list[Upload]]:
    """The card's files at Slack, where nobody sees them yet; with a note in the card when Slack takes none, or when it
    goes as text.

    Raises Ended when it can be tried again: nothing was shown.
    """
    files: list[Upload] = []
    if as_text and card.files:
        return card.with_words(Note("The files could not be attached.")), files
    try:
        for file in card.files:
            alt = file.alt if isinstance(file, Picture) else ""
            files.append(await _upload(client, file.name, file.data, alt))
    except Ended as ended:
        if not ended.for_good:
            raise
        log.warning("Slack takes no files", extra={"code": ended.code})
        return card.with_words(Note(f"The files could not be attached: {ended.code or 'Slack refuses them'}.")), []
    return card, files


async def _upload(client: Client, name: str, data: bytes, alt: str) -> Upload:
    begun = client.api.files_getUploadURLExternal(filename=name, length=len(data), alt_txt=alt[:ALT] or None)
    place = await client.done(begun)
    try:
        sent = await client.send(place["upload_url"], data)
    except Exception as problem:
        raise Ended(unreached(problem)) from problem
    if sent.status == 429:
        raise Ended(asked_to_wait("Slack asks to go slower", sent.headers))
    if sent.status != 200:
        raise Ended(Failed(f"Slack did not take a file ({sent.status})"))
    return {"id": place["file_id"], "title": alt[:ALT] or name}


async def share(client: Client, files: list[Upload], channel: str, thread: str | None) -> None:
    """Show the files in a conversation. The card is there by now, so a failure is logged and not tried again."""
    if not files:
        return
    try:
        await client.done(client.api.files_completeUploadExternal(files=files, channel_id=channel, thread_ts=thread))
    except Ended as ended:
        log.warning("files were not shown", extra={"why": str(ended), "channel": channel})
