"""Edits: what Slack tells an app of a message that was changed or deleted, and when it tells nothing."""

from .chat import as_message
from .methods import HISTORY, Slack
from .workspace import BOT_USER, Channel, Json, Message

TOMBSTONE = "This message was deleted."


def is_told(slack: Slack, place: Channel) -> bool:
    """Whether the app hears what is said in a conversation: it is in it, and may read it."""
    return BOT_USER in place.members and HISTORY[place.kind] in slack.scopes


def said_in(slack: Slack, place: Channel, told: Json) -> Json:
    """An event about a message in a conversation."""
    kind = {"public": "channel", "private": "group"}.get(place.kind, place.kind)
    return {"type": "message", "channel": place.id, "channel_type": kind, "event_ts": slack.ts(), **told}


def change(slack: Slack, message: Message, text: str) -> Json:
    """Change a message's words; gives the event."""
    before = as_message(message)
    slack.change(message, text=text)
    told = {"subtype": "message_changed", "message": as_message(message), "previous_message": before}
    return said_in(slack, slack.channels[message.channel], {**told, "hidden": True, "ts": slack.ts()})


def delete(slack: Slack, message: Message) -> Json:
    """Take a message away; gives the event. Where others have answered below it, a tombstone stays."""
    before, place = as_message(message), slack.channels[message.channel]
    answers = [post for post in slack.messages(place.id) if post.thread_ts == message.ts and post.ts != message.ts]
    message.deleted = True
    common: Json = {"hidden": True, "ts": slack.ts(), "previous_message": before}
    if not answers:
        return said_in(slack, place, {"subtype": "message_deleted", "deleted_ts": message.ts, **common})
    stone = {"type": "message", "subtype": "tombstone", "text": TOMBSTONE, "user": "USLACKBOT", "hidden": True}
    stone |= {"ts": message.ts, "thread_ts": message.ts, "reply_count": len(answers)}
    return said_in(slack, place, {"subtype": "message_changed", "message": stone, **common})
