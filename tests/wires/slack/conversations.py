"""Conversations: channels and direct messages: make, find, fill and read them."""

import re

from .chat import as_message
from .methods import HISTORY, READ, Args, Slack, known_channel, known_user, method, page
from .workspace import BOT_USER, Channel, Json, Message, Refused

NAME_AT_MOST = 80
TOPIC_AT_MOST = 250
INVITED_AT_MOST = 100
MPIM_AT_MOST = 8


def as_channel(slack: Slack, channel: Channel) -> Json:
    """A channel as conversations.info shows it."""
    shown: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
    }
    if channel.kind == "im":
        return {**shown, "user": channel.members[0], "is_open": True}
    return {
        **shown,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_private": channel.kind != "public",
        "is_general": False,
        "is_member": BOT_USER in channel.members,
        "context_team_id": slack.team_id,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "num_members": len(channel.members),
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
    }


def inside(slack: Slack, args: Args) -> Channel:
    """The named channel, in which the bot must be and which must be alive."""
    channel = known_channel(slack, args.required("channel"))
    if channel.archived:
        raise Refused("is_archived")
    if BOT_USER not in channel.members:
        raise Refused("not_in_channel")
    return channel


def manage(slack: Slack, channel: Channel, finer: str) -> None:
    """The scope to change a channel, or the finer one for just this."""
    if channel.kind == "private":
        slack.need("groups:write", f"groups:write.{finer}")
    else:
        slack.need("channels:manage", f"channels:write.{finer}")


@method("conversations.open")
def open_dm(slack: Slack, args: Args) -> Json:
    """The direct message with one person, or with a few."""
    names = [name.strip() for name in args.text("users").split(",") if name.strip()]
    if args.text("channel"):
        return {"channel": as_channel(slack, known_channel(slack, args.text("channel")))}
    if not names:
        raise Refused("users_list_not_supplied")
    slack.need("im:write" if len(names) == 1 else "mpim:write")
    if len(names) > MPIM_AT_MOST:
        raise Refused("too_many_users")
    users = [known_user(slack, name) for name in names]
    if any(user.deleted for user in users):
        raise Refused("user_disabled")
    if any(user.is_bot for user in users):
        raise Refused("cannot_dm_bot")
    if len(users) == 1:
        channel = slack.dm(users[0].id)
    else:
        channel = slack.new_channel("mpdm", "mpim", [user.id for user in users] + [BOT_USER])
    return {"channel": as_channel(slack, channel) if args.flag("return_im") else {"id": channel.id}}


def name_error(name: str) -> str | None:
    """What is wrong with a channel name."""
    if not name:
        return "invalid_name_required"
    if len(name) > NAME_AT_MOST:
        return "invalid_name_maxlength"
    if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
        return "invalid_name_specials"
    return None if re.search(r"[^\W_]", name) else "invalid_name_punctuation"


@method("conversations.create")
def create(slack: Slack, args: Args) -> Json:
    """A new channel with the bot in it."""
    private = args.flag("is_private")
    slack.need("groups:write" if private else "channels:manage")
    name = args.text("name")
    wrong = name_error(name)
    if wrong:
        raise Refused(wrong)
    if any(known.name == name and known.kind in ("public", "private") for known in slack.channels.values()):
        raise Refused("name_taken")
    return {"channel": as_channel(slack, slack.new_channel(name, "private" if private else "public", [BOT_USER]))}


def invite_error(slack: Slack, channel: Channel, user_id: str) -> str | None:
    """Why this person cannot be invited."""
    user = slack.users.get(user_id)
    if user is None:
        return "user_not_found"
    if user.id == BOT_USER:
        return "cant_invite_self"
    if user.deleted or user.team != slack.team_id:
        return "cant_invite"
    if user.is_restricted:
        return "user_is_restricted"
    return "already_in_channel" if user.id in channel.members else None


@method("conversations.invite")
def invite(slack: Slack, args: Args) -> Json:
    """Bring people in: all or none, or with `force` those for whom it works."""
    channel = inside(slack, args)
    manage(slack, channel, "invites")
    names = [name.strip() for name in args.required("users").split(",") if name.strip()]
    if len(names) > INVITED_AT_MOST:
        raise Refused("too_many_users")
    wrong = {name: error for name in names if (error := invite_error(slack, channel, name))}
    errors = [{"user": name, "ok": False, "error": error} for name, error in wrong.items()]
    if wrong and (not args.flag("force") or len(wrong) == len(names)):
        raise Refused(next(iter(wrong.values())), errors=errors)
    channel.members.extend(name for name in names if name not in wrong)
    return {"channel": as_channel(slack, channel), **({"errors": errors} if errors else {})}


@method("conversations.info")
def info(slack: Slack, args: Args) -> Json:
    """One channel."""
    channel = known_channel(slack, args.required("channel"))
    slack.need(READ[channel.kind])
    return {"channel": as_channel(slack, channel)}


@method("conversations.list", *READ.values())
def list_channels(slack: Slack, args: Args) -> Json:
    """The channels that the bot may know of."""
    words = [word.strip() for word in args.text("types", "public_channel").split(",")]
    kinds = [word.removesuffix("_channel") for word in words]
    if not set(kinds) <= set(READ):
        raise Refused("invalid_types")
    for kind in kinds:
        slack.need(READ[kind])
    found = [
        as_channel(slack, channel)
        for channel in slack.channels.values()
        if channel.kind in kinds
        and (channel.kind == "public" or BOT_USER in channel.members)
        and not (channel.archived and args.flag("exclude_archived"))
    ]
    channels, more = page(found, args)
    return {"channels": channels, **more}


@method("conversations.members")
def members(slack: Slack, args: Args) -> Json:
    """Who is in a channel."""
    channel = known_channel(slack, args.required("channel"))
    slack.need(READ[channel.kind])
    found, more = page(channel.members, args)
    return {"members": found, **more}


@method("conversations.join", "channels:join")
def join(slack: Slack, args: Args) -> Json:
    """Walk into a public channel."""
    channel = known_channel(slack, args.required("channel"))
    if channel.kind != "public":
        raise Refused("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refused("is_archived")
    if BOT_USER not in channel.members:
        channel.members.append(BOT_USER)
    return {"channel": as_channel(slack, channel)}


@method("conversations.archive")
def archive(slack: Slack, args: Args) -> Json:
    """Close a channel for good."""
    channel = known_channel(slack, args.required("channel"))
    slack.need("groups:write" if channel.kind == "private" else "channels:manage")
    if channel.archived:
        raise Refused("already_archived")
    channel = inside(slack, args)
    channel.archived = True
    return {}


@method("conversations.setTopic")
def set_topic(slack: Slack, args: Args) -> Json:
    """The line above the channel."""
    channel = inside(slack, args)
    manage(slack, channel, "topic")
    if len(args.text("topic")) > TOPIC_AT_MOST:
        raise Refused("too_long")
    channel.topic = args.text("topic")
    return {"channel": as_channel(slack, channel)}


@method("conversations.setPurpose")
def set_purpose(slack: Slack, args: Args) -> Json:
    """What the channel is for."""
    channel = inside(slack, args)
    manage(slack, channel, "topic")
    if len(args.text("purpose")) > TOPIC_AT_MOST:
        raise Refused("too_long")
    channel.purpose = args.text("purpose")
    return {"channel": as_channel(slack, channel)}


def instant(args: Args, key: str, default: float) -> float:
    """A message timestamp as a number."""
    try:
        return float(args.text(key) or default)
    except ValueError:
        raise Refused(f"invalid_ts_{key}") from None


def readable(slack: Slack, args: Args) -> tuple[Channel, list[Message]]:
    """A channel's lasting messages between `oldest` and `latest`, oldest first."""
    channel = known_channel(slack, args.required("channel"))
    slack.need(HISTORY[channel.kind])
    if BOT_USER not in channel.members:
        raise Refused("not_in_channel")
    oldest, latest = instant(args, "oldest", 0.0), instant(args, "latest", float("inf"))
    edge = args.flag("inclusive")
    return channel, [
        post
        for post in slack.messages(channel.id)
        if not post.ephemeral_to and (oldest < float(post.ts) < latest or (edge and float(post.ts) in (oldest, latest)))
    ]


@method("conversations.history")
def history(slack: Slack, args: Args) -> Json:
    """What was said in a channel, newest first, replies in threads left out."""
    _, found = readable(slack, args)
    with_metadata = args.flag("include_all_metadata")
    shown = [
        as_message(post, with_metadata=with_metadata) for post in reversed(found) if post.thread_ts in (None, post.ts)
    ]
    messages, more = page(shown, args)
    return {"messages": messages, "has_more": bool(more["response_metadata"]["next_cursor"]), **more}


@method("conversations.replies")
def replies(slack: Slack, args: Args) -> Json:
    """A thread, the parent first."""
    channel, found = readable(slack, args)
    ts = args.required("ts")
    parents = [post for post in slack.messages(channel.id) if post.ts == ts and not post.ephemeral_to]
    if not parents:
        raise Refused("thread_not_found")
    thread = parents + [post for post in found if post.thread_ts == ts and post.ts != ts]
    shown, more = page([as_message(post, with_metadata=args.flag("include_all_metadata")) for post in thread], args)
    return {"messages": shown, "has_more": bool(more["response_metadata"]["next_cursor"]), **more}
