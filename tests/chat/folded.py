"""Folded: a message with what stands behind one of its folds, however the door opens it."""

from tests.chat.door import Speaker
from tests.chat.seen import Seen


async def unfolded(speaker: Speaker, message: Seen, begins: str = "What happened") -> str:
    """The text of a message, and of what stands behind the title that begins so."""
    title = next((button for button in message.buttons if button.startswith(begins)), begins)
    return f"{message.text}\n{(await speaker.unfolds(title, message)).text}"
