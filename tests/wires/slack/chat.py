"""Chat: chat.*, pins and reactions, and the rules that every message of the bot has to pass."""

from typing import Any

from .blocks import RENDERED_AT_MOST, block_problems, metadata_error, rendered
from .methods import Args, Slack, known_channel, known_user, method
from .workspace import BOT_ID, BOT_USER, Channel, Json, Message, Refused

POST_TEXT_AT_MOST = 40_000
UPDATE_TEXT_AT_MOST = 4_000


def check_pictures(slack: Slack, blocks: list[Json], where: str) -> None:
    """Refused for a file that is not there, that Slack is still reading, or that one person alone cannot be given."""
    for number, block in enumerate(blocks):
        if "slack_file" not in block:
            continue
        file = slack.files.get(str(block["slack_file"].get("id")), {})
        unread = file.get("unread", 1)
        file["unread"] = unread - 1
        if unread > 0 or where:
            wrong = f"invalid slack file {where}".strip() + f" [json-pointer:/blocks/{number}/slack_file]"
            raise Refused("invalid_blocks", errors=[wrong], response_metadata={"messages": [f"[ERROR] {wrong}"]})


def checked(slack: Slack, said: Args, text_at_most: int, *, lasting: bool = True) -> Json:
    """The text, blocks and metadata of a message; Refused when Slack would not show it."""
    blocks, text = said.parsed("blocks"), said.text("text")
    if blocks is not None and not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    problems = block_problems(blocks or [], "message")
    if problems:
        raise Refused("invalid_blocks", response_metadata={"messages": problems})
    check_pictures(slack, blocks or [], "" if lasting else "of an ephemeral message")
    if rendered(blocks) > RENDERED_AT_MOST:
        raise Refused("msg_blocks_too_long")
    if len(text) > text_at_most:
        raise Refused("msg_too_long")
    if not text.strip() and not blocks and not said.parsed("attachments"):
        raise Refused("no_text")
    metadata = said.parsed("metadata")
    wrong = metadata_error(metadata) if metadata else None
    if wrong:
        raise Refused(wrong)
    return {"text": text, "blocks": blocks or [], "metadata": metadata or None}


def as_message(message: Message, *, with_metadata: bool = False) -> Json:
    """A message as history and payloads show it."""
    shown: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    if message.user == BOT_USER:
        shown |= {"bot_id": BOT_ID, "app_id": "A0CITYOPS"}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.files:
        shown["files"] = [{key: value for key, value in file.items() if key != "content"} for file in message.files]
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.edits:
        shown["edited"] = {"user": message.user, "ts": message.ts}
    if with_metadata and message.metadata:
        shown["metadata"] = message.metadata
    return shown


def target(slack: Slack, name: str) -> Channel:
    """Where a post goes; Refused when the bot may not post there."""
    channel = slack.dm(name) if name in slack.users else known_channel(slack, name)
    person = slack.users[channel.members[0]] if channel.kind == "im" else None
    if channel.archived or (person and person.deleted):
        raise Refused("is_archived")
    if BOT_USER not in channel.members and "chat:write.public" not in slack.scopes:
        raise Refused("not_in_channel")
    return channel


def thread(slack: Slack, channel: Channel, args: Args) -> str | None:
    """The parent's ts; a reply's ts will not do."""
    ts = args.text("thread_ts")
    if not ts:
        return None
    parent = [post for post in slack.timeline if (post.channel, post.ts) == (channel.id, ts) and not post.ephemeral_to]
    if not parent or parent[0].thread_ts not in (None, ts):
        raise Refused("invalid_thread_ts")
    return ts


@method("chat.postMessage", "chat:write")
def post_message(slack: Slack, args: Args) -> Json:
    """A message that everyone in the channel sees."""
    channel = target(slack, args.required("channel"))
    message = slack.put(
        channel.id, BOT_USER, **checked(slack, args, POST_TEXT_AT_MOST), thread_ts=thread(slack, channel, args)
    )
    return {"channel": channel.id, "ts": message.ts, "message": as_message(message, with_metadata=True)}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(slack: Slack, args: Args) -> Json:
    """A message that one person in the channel sees."""
    channel, user = target(slack, args.required("channel")), known_user(slack, args.required("user"))
    if user.id not in channel.members:
        raise Refused("user_not_in_channel")
    message = slack.put(
        channel.id,
        BOT_USER,
        **checked(slack, args, POST_TEXT_AT_MOST, lasting=False),
        thread_ts=thread(slack, channel, args),
        ephemeral_to=user.id,
        via="chat.postEphemeral",
    )
    return {"message_ts": message.ts}


def changes(slack: Slack, args: Args, message: Message) -> Json:
    """What an update changes: blocks and metadata that are not named stay as they were."""
    said = checked(slack, args if "blocks" in args else Args({**args, "blocks": message.blocks}), UPDATE_TEXT_AT_MOST)
    return {key: value for key, value in said.items() if key in args or key == "text"}


@method("chat.update", "chat:write")
def update(slack: Slack, args: Args) -> Json:
    """New words for a message of the bot."""
    channel = known_channel(slack, args.required("channel"))
    message = slack.find(channel.id, args.required("ts"))
    if message.user != BOT_USER:
        raise Refused("cant_update_message")
    slack.change(message, **changes(slack, args, message))
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": as_message(message)}


@method("chat.delete", "chat:write")
def delete(slack: Slack, args: Args) -> Json:
    """Take a message of the bot away."""
    channel = known_channel(slack, args.required("channel"))
    message = slack.find(channel.id, args.required("ts"))
    if message.user != BOT_USER:
        raise Refused("cant_delete_message")
    message.deleted = True
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink")
def permalink(slack: Slack, args: Args) -> Json:
    """A lasting address of a message."""
    channel = known_channel(slack, args.required("channel"))
    message = slack.find(channel.id, args.required("message_ts"))
    reply = message.thread_ts not in (None, message.ts)
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if reply else ""
    return {
        "channel": channel.id,
        "permalink": f"https://riverton.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}{thread}",
    }


@method("pins.add", "pins:write")
def pin(slack: Slack, args: Args) -> Json:
    """Pin a message."""
    channel = known_channel(slack, args.required("channel"))
    if BOT_USER not in channel.members:
        raise Refused("not_in_channel")
    message = slack.find(channel.id, args.required("timestamp"))
    if message.ts in channel.pins:
        raise Refused("already_pinned")
    channel.pins.append(message.ts)
    return {}


def respond(
    slack: Slack,
    said: Json,
    channel: str,
    user: str,
    original: Message | None,
    *,
    via: str,
    typed: str | None = None,
) -> Message | None:
    """What an answer by ack or response_url does; Refused when Slack would not show it."""
    if said.get("delete_original"):
        if original:
            original.deleted = True
        return None
    content = checked(slack, Args(said), POST_TEXT_AT_MOST, lasting=said.get("response_type") == "in_channel")
    if said.get("replace_original") and original:
        slack.change(original, **content)
        return original
    public = said.get("response_type", "ephemeral") == "in_channel"
    extra: dict[str, Any] = {} if public else {"ephemeral_to": user}
    return slack.put(
        channel,
        BOT_USER,
        **content,
        via=via,
        thread_ts=said.get("thread_ts"),
        typed=typed if public else None,
        **extra,
    )
