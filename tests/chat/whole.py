"""Whole: all that a message says, with what is folded on it, as somebody reads it who cannot see it."""

from tests.chat.seen import Seen
from tests.wires.slack import Message


def whole(message: Seen) -> str:
    """The text of a message; in Slack, where what is folded opens by a button, with the text for screen readers."""
    return f"{message.text}\n{message.raw.text}" if isinstance(message.raw, Message) else message.text
