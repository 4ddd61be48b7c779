"""Uploads: the pictures and files of a card, sent to Slack first and shown in the card's message or beside it."""

import logging
from collections.abc import Iterable, Mapping

from bot.post import Failed
from bot.retry_after import asked_to_wait
from bot.slack.client import Client, Ended, unreached
from bot.slack.elements import Json
from handlers.kit.messages import Card, File, Fold, Note, Picture, flat

log = logging.getLogger("cityops.slack")
ALT = 1000  # characters
Upload = Json
Pictures = Mapping[Picture, str]  # the pictures that a message shows, each with the id of its file


async def uploaded(client: Client, card: Card, *, as_text: bool = False) -> tuple[Card, list[Upload]]:
    """The card's files at Slack, where nobody sees them yet; with a note in the card when Slack takes none, or when it
    goes as text.

    Raises Ended when it can be tried again: nothing was shown.
    """
    files: list[Upload] = []
    if as_text and card.files:
        return card.with_words(Note("The files could not be attached. Please ask again later.")), files
    try:
        for file in card.files:
            files.append(await _upload(client, file))
    except Ended as ended:
        if not ended.for_good:
            raise
        log.warning("Slack takes no files", extra={"code": ended.code})
        code = f": {ended.code}" if ended.code else ""
        return card.with_words(Note(f"Slack did not take the files. Please tell IT{code}.")), []
    return card, files


async def _upload(client: Client, file: Picture | File) -> Upload:
    alt, data = file.alt if isinstance(file, Picture) else "", file.data
    begun = client.api.files_getUploadURLExternal(filename=file.name, length=len(data), alt_txt=alt[:ALT] or None)
    place = await client.done(begun)
    try:
        sent = await client.send(place["upload_url"], data)
    except Exception as problem:
        raise Ended(unreached(problem)) from problem
    if sent.status == 429:
        raise Ended(asked_to_wait("Slack asks to go slower", sent.headers))
    if sent.status != 200:
        raise Ended(Failed(f"Slack did not take a file ({sent.status})"))
    return {"id": place["file_id"], "title": alt[:ALT] or file.name}


async def for_message(client: Client, card: Card, files: list[Upload]) -> tuple[Pictures, list[Upload]]:
    """Those of a card's files that its message can show itself, and those that stand beside it.

    Only a message that stays shows pictures: Slack has no way to give one person the file of an ephemeral one.
    """
    both = list(zip(card.files, files, strict=True)) if files else []
    in_sight = [word for word in card.body if not (isinstance(word, Fold) and word.button)]
    shown = {file: upload for file, upload in both if isinstance(file, Picture) and file in flat(tuple(in_sight))}
    if not shown:
        return {}, files
    try:
        await client.done(client.api.files_completeUploadExternal(files=list(shown.values())))
    except Ended as ended:
        log.warning("pictures stand beside their message", extra={"why": str(ended)})
        return {}, files
    return {picture: upload["id"] for picture, upload in shown.items()}, [
        upload for file, upload in both if file not in shown
    ]


async def once_more(client: Client, pictures: Iterable[Picture]) -> list[Upload]:
    """Pictures that Slack would not show in a message that is there by now, to stand beside it."""
    try:
        return [await _upload(client, picture) for picture in pictures]
    except Ended as ended:
        log.warning("pictures were not shown", extra={"why": str(ended)})
        return []


async def share(client: Client, files: list[Upload], channel: str, thread: str | None) -> None:
    """Show the files in a conversation. The card is there by now, so a failure is logged and not tried again."""
    if not files:
        return
    try:
        await client.done(client.api.files_completeUploadExternal(files=files, channel_id=channel, thread_ts=thread))
    except Ended as ended:
        log.warning("files were not shown", extra={"why": str(ended), "channel": channel})
