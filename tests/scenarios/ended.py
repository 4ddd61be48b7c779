"""Ended: how scenarios stand a crisis down, which takes two people."""

from tests.chat.door import Chat
from tests.chat.seen import Seen


async def stand_down(
    chat: Chat, reason: str = "The pipe is mended", *, asker: str = "tom", second: str = "maria"
) -> Seen:
    """One asks, another agrees; gives what the second one reads."""
    await chat.person(asker).says(f"/crisis standdown {reason}")
    over = await chat.person(second).presses("Agree: stand down", await chat.person(second).finds("asks to stand down"))
    assert "is over" in over.title, over.text
    return over
