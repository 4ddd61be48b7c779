"""Folded: a message with what stands behind one of its folds, however the door opens it."""

from tests.chat.door import Speaker
from tests.chat.seen import Seen


async def unfolded(speaker: Speaker, message: Seen, label: str = "What happened") -> str:
    """The text of a message, and what a button that begins so shows where the door needs one for its fold."""
    labels = [button for button in message.buttons if button.startswith(label)]
    behind = [(await speaker.presses(button, message)).text for button in labels]
    return "\n".join([message.text, *behind])
