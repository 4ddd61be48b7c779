"""Payloads: Slack's payloads as what somebody typed, pressed or filled in."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.channel_news import ARCHIVED, GONE, NOT_A_MEMBER, ChannelNews
from bot.inbound import Changed, FromMessage, Inbound, Pressed, Submitted, Typed
from bot.slack.elements import ABOUT_ONE, FOLDED, ONE_OF, Json
from bot.slack.forms import filled, origin
from bot.slack.words import pictured, unescape

Body = Mapping[str, Any]
_TS = re.compile(r"\d{1,10}\.\d{1,9}", re.ASCII)
PEOPLE_SAY = (None, "file_share")  # subtypes of messages that somebody wrote


def without_mention(text: str, bot: str) -> str:
    """A message to the bot without the bot's own name, once; who else is named stays."""
    return re.sub(rf"\s*<@{re.escape(bot)}(\|[^<>]*)?>[\s:,]*", " ", text, count=1).strip()


def slash(body: Body, prefix: str) -> Inbound:
    """A slash command; the city's prefix keeps it apart from other apps' commands."""
    command = str(body["command"]).removeprefix("/").removeprefix(prefix)
    channel, user = str(body["channel_id"]), str(body["user_id"])
    return Inbound(
        platform="slack",
        account=user,
        what=Typed(f"{command} {unescape(pictured(str(body.get('text') or '')))}".strip()),
        key=str(body["trigger_id"]),
        channel=channel,
        private=is_direct(channel),
        reply={"response_url": body.get("response_url"), "channel": channel, "user": user},
    )


def submission(body: Body) -> Inbound:
    """A modal that was sent; its answer goes to where it was opened when it comes too late for the modal."""
    view, user = body["view"], str(body["user"]["id"])
    form = filled(view)
    channel = form.origin.channel
    return Inbound(
        platform="slack",
        account=user,
        what=Submitted(form.target, form.nonce, form.values),
        key=f"{view.get('id')} {view.get('hash')}",
        channel=channel,
        private=is_direct(channel),
        reply={"response_url": form.origin.response_url, "channel": channel, "user": user},
        passing=form.origin.passing,
    )


def press(body: Body) -> Inbound | None:
    """A button that was pressed in a message, a modal or the home tab; None for what is not our button."""
    pressed = (body.get("actions") or [{}])[0]
    action, mark, number = str(pressed.get("action_id", "")).rpartition("#")
    if pressed.get("type") != "button" or not mark:
        return None
    reply = _reply_to_press(body)
    spends = action.endswith(ONE_OF)
    if (body.get("container") or {}).get("is_ephemeral") and (spends or number.endswith(ABOUT_ONE)):
        reply["passing"] = True
    channel = reply["channel"]
    return Inbound(
        platform="slack",
        account=str(body["user"]["id"]),
        what=Pressed(action.removesuffix(FOLDED).removesuffix(ONE_OF), str(pressed.get("value") or "")),
        key=str(body["trigger_id"]),
        channel=channel,
        private=is_direct(channel),
        inline=_answers_in_modal(body, action),
        reply=reply,
        message=reply.get("message_ts"),
        passing=bool(reply.get("passing")),
        spends=spends,
        shown_at=_moment(str((body.get("container") or {}).get("message_ts") or "")),
    )


def _answers_in_modal(body: Body, action: str) -> bool:
    """Whether a modal shows the answer: it is what was folded, or there is no message beside which it could stand."""
    return action.endswith(FOLDED) or (body.get("view") or {}).get("type") == "home"


def _moment(ts: str) -> datetime | None:
    """When a message was posted: its ts are seconds."""
    return datetime.fromtimestamp(float(ts), UTC) if _TS.fullmatch(ts) else None


def _reply_to_press(body: Body) -> Json:
    container, user = body.get("container") or {}, str(body["user"]["id"])
    if view := body.get("view"):
        opened = origin(view)
        reply: Json = {"response_url": opened.response_url, "channel": opened.channel, "user": user}
        return {**reply, "view_id": view["id"]} if view.get("type") == "modal" else reply
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
    reply = {"response_url": body.get("response_url"), "channel": channel, "user": user}
    lasting = not container.get("is_ephemeral")
    thread = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts")
    return {**reply, "thread_ts": thread, "message_ts": container.get("message_ts") if lasting else None}


def sent_along(said: Body) -> tuple[str, ...]:
    """The names of the photos and files of a message."""
    files = said.get("files")
    named = [file for file in files if isinstance(file, Mapping)] if isinstance(files, list) else []
    return tuple(str(file.get("title") or file.get("name") or "a file") for file in named)


def message(body: Body, bot: str, link: str | None = None) -> Inbound | None:
    """A mention, or words in a direct conversation; None for what bots, apps and Slack itself say. ``link`` leads to
    the message."""
    event = body["event"]
    mentioned, user = event["type"] == "app_mention", event.get("user")
    meant = mentioned or event.get("channel_type") == "im"
    if not meant or not user or user == bot or event.get("bot_id") or event.get("subtype") not in PEOPLE_SAY:
        return None
    channel, text = str(event["channel"]), str(event.get("text") or "")
    words = unescape(pictured(without_mention(text, bot), event.get("blocks")))
    reply: Json = {"channel": channel, "user": user, "thread_ts": event.get("thread_ts")}
    return Inbound(
        platform="slack",
        account=str(user),
        what=Typed(words, sent_along(event), link, message_key(channel, str(event.get("ts")))),
        key=str(body["event_id"]),
        channel=channel,
        private=is_direct(channel),
        opens_forms=False,
        inline=False,
        reply={**reply, "ts": event.get("ts")} if mentioned else reply,
    )


def home_opened(body: Body) -> Inbound | None:
    """Somebody looks at their home tab; None when it is the tab of messages. Nobody waits for an answer."""
    event = body["event"]
    if event.get("tab") != "home":
        return None
    user = str(event["user"])
    return Inbound(platform="slack", account=user, what=Pressed("home.open", user), inline=False)


def changed(body: Body, bot: str) -> Changed | None:
    """A message that somebody changed or took back; None for what bots change, and where the words stay the same."""
    event = body["event"]
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    if not _is_somebodys(now, before, bot):
        return None
    match event.get("subtype"):
        case "message_changed" if now.get("subtype") == "tombstone":  # deleted, with answers below it that stay
            text, ts = None, now.get("ts")
        case "message_changed" if now.get("text") != before.get("text"):
            text, ts = unescape(pictured(str(now.get("text") or ""), now.get("blocks"))), now.get("ts")
        case "message_deleted":
            text, ts = None, event.get("deleted_ts")
        case _:
            return None
    return Changed("slack", message_key(str(event["channel"]), str(ts)), text, str(body["event_id"]))


def edited(body: Body, bot: str, link: str | None = None) -> Inbound | None:
    """The new words of a changed message, as if they were said now; None where they are not said to the bot."""
    event, now = body["event"], body["event"].get("message") or {}
    kind = "app_mention" if f"<@{bot}>" in str(now.get("text") or "") else "message"
    where = {"type": kind, "channel": event["channel"], "channel_type": event.get("channel_type")}
    return message({**body, "event": {**now, **where}}, bot, link)


def _is_somebodys(now: Body, before: Body, bot: str) -> bool:
    """Whether a person wrote a message, and no bot."""
    author = before.get("user") or now.get("user")
    return bool(author) and author != bot and not (before.get("bot_id") or now.get("bot_id"))


def channel_news(body: Body, bot: str) -> ChannelNews | None:
    """What became of a channel, for the bot; None for what is not about the bot."""
    event = body["event"]
    kind, told = str(event["type"]), event.get("channel")
    channel = str(told.get("id") if isinstance(told, dict) else told or "")
    match kind.removeprefix("group_").removeprefix("channel_"):
        case "rename" if isinstance(told, dict) and told.get("name"):
            return ChannelNews(channel, name=str(told["name"]))
        case "archive":
            return ChannelNews(channel, closed=ARCHIVED)
        case "deleted":
            return ChannelNews(channel, closed=GONE)
        case "left":
            return ChannelNews(channel, closed=NOT_A_MEMBER)
        case "unarchive":
            return ChannelNews(channel)
        case "member_joined_channel" if event.get("user") == bot:
            return ChannelNews(channel)
        case _:
            return None


def message_key(channel: str, ts: str) -> str:
    """A message's name for good."""
    return f"slack:{channel}/{ts}"


def from_message(body: Body, link: str | None) -> Inbound:
    """An entry of a message's menu; its name is the command's, and its form opens, which nothing else would answer."""
    channel, user = str((body.get("channel") or {}).get("id") or "") or None, str(body["user"]["id"])
    said = body.get("message") or {}
    text, author = (
        unescape(pictured(str(said.get("text") or ""), said.get("blocks"))),
        said.get("user") if not said.get("bot_id") else None,
    )
    key = message_key(channel, str(body["message_ts"])) if channel and body.get("message_ts") else None
    return Inbound(
        platform="slack",
        account=user,
        what=FromMessage(str(body["callback_id"]), text, link, key, f"@slack:{author}" if author else None),
        key=str(body["trigger_id"]),
        channel=channel,
        private=is_direct(channel),
        inline=False,
        reply={"response_url": body.get("response_url"), "channel": channel, "user": user},
    )


def is_direct(channel: str | None) -> bool:
    """Whether nobody else reads along: a direct conversation, or none at all (the home tab)."""
    return channel is None or channel.startswith("D")
