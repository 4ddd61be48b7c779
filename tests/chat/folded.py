"""Folded: a message with what stands behind one of its folds, however the door opens it."""

from tests.chat.door import Speaker
from tests.chat.seen import Seen


async def unfolded(speaker: Speaker, message: Seen, label: str = "What happened") -> str:
    """The text of a message, and what a button with this label shows where the door needs one for its fold."""
    behind = (await speaker.presses(label, message)).text if label in message.buttons else ""
    return f"{message.text}\n{behind}"
