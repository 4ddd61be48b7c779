"""Channels: making a channel for a place, and finding the one that was made."""

import logging
import re
from typing import Any

from bot.post import Gone, Outgoing, Refused, Result, Sent, Silence
from bot.slack.client import Client, Ended
from bot.slack.elements import Json
from bot.slack.posting import account_of
from handlers.kit.signs import cut

log = logging.getLogger("cityops.slack")
NAME = 80  # characters
TOPIC = 250  # characters
NUMBERS = 20  # how many names are tried
AT_ONCE = 100  # people in one invitation
BEFORE = 60  # seconds by which Slack's clock and ours may differ
PAGES = 20


async def make_channel(client: Client, row: Outgoing) -> Result:
    """A channel of this name, or with a number behind it; raises Ended. Its people are invited when it is there."""
    names = _names(row)
    for wanted in names:
        try:
            made = await client.done(client.api.conversations_create(name=wanted), Silence)
        except Ended as ended:
            if ended.code != "name_taken":
                raise
            if wanted == names[0] and (found := await _ours(client, row)):
                return Sent(found)
            continue
        channel = str(made["channel"]["id"])
        await _say_topic(client, channel, str(row.payload.get("topic") or ""))
        return Sent(channel)
    return Refused(f"{NUMBERS} channels are called {names[0]} already")


def _names(row: Outgoing) -> list[str]:
    """The name that is wanted, and the same with numbers for when it is taken."""
    name = channel_name(str(row.payload["name"]))
    return [name, *(f"{name[: NAME - 3]}-{number}" for number in range(2, NUMBERS + 1))]


def channel_name(words: str) -> str:
    """A name that Slack takes: lower-case letters, digits, hyphens, at most 80 characters."""
    return re.sub(r"[^\w-]+|_", "-", words.lower()).strip("-")[:NAME].strip("-") or "place"


async def found_channel(client: Client, row: Outgoing) -> Result:
    """The channel that an earlier try made; Gone when there is none. Raises Ended."""
    found = await _ours(client, row)
    return Sent(found) if found else Gone()


async def _ours(client: Client, row: Outgoing) -> str | None:
    """A channel of this name in which the bot is and which is no older than the row: nobody else makes that."""
    names = _names(row)
    asked: Json = {"types": "public_channel", "exclude_archived": True, "limit": 1000}
    for _ in range(PAGES):
        page = await client.done(client.api.conversations_list(**asked))
        for channel in page["channels"]:
            fresh = channel.get("created", 0) >= row.since - BEFORE
            if fresh and channel.get("name") in names and channel.get("is_member"):
                return str(channel["id"])
        asked["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
        if not asked["cursor"]:
            break
    return None


async def invite(client: Client, row: Outgoing) -> Result:
    """Invite the people; those who are in already stay in. Raises Ended.

    A person who cannot be invited is logged: the place is there, and pages reach them directly.
    """
    channel = row.channel or ""
    accounts = await _accounts(client, row)
    for start in range(0, len(accounts), AT_ONCE):
        users = accounts[start : start + AT_ONCE]
        force: dict[str, Any] = {"force": True}  # invites those for whom it works
        try:
            await client.done(client.api.conversations_invite(channel=channel, users=users, **force))
        except Ended as ended:
            if not ended.for_good:
                raise
            if ended.code != "already_in_channel":
                log.warning("people could not be invited", extra={"channel": channel, "code": ended.code})
    return Sent(channel)


async def _say_topic(client: Client, channel: str, topic: str) -> None:
    """Set the topic, as much of it as fits; without one the channel serves as well."""
    if not topic:
        return
    try:
        await client.done(client.api.conversations_setTopic(channel=channel, topic=cut(topic, TOPIC)))
    except Ended as ended:
        log.warning("a topic could not be set", extra={"channel": channel, "code": ended.code})


async def _accounts(client: Client, row: Outgoing) -> list[str]:
    """The accounts of those to invite: known ones, else by e-mail address."""
    emails = row.payload.get("emails") or {}
    found: list[str] = []
    for person in row.payload.get("invite") or ():
        if account := row.handles.get(person):
            found.append(account)
            continue
        try:
            found.append(await account_of(client, *_addresses(emails[person])))
        except KeyError:
            log.warning("nobody knows this person's Slack account", extra={"person": person})
        except Ended as ended:
            if not ended.for_good:
                raise
            log.warning("no Slack account has this person's address", extra={"person": person})
    return list(dict.fromkeys(found))


def _addresses(kept: str | list[str]) -> list[str]:
    """Somebody's addresses; a row that waits since an older version has one of them."""
    return [kept] if isinstance(kept, str) else kept
