"""Read again: the words of a message that was not understood, once somebody has mended them."""

from typing import Any

import pytest

from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat

Workplace = SlackChat | TeamsChat


class Writer:
    """Somebody who writes to the bot alone and changes what they wrote."""

    def __init__(self, chat: Workplace) -> None:
        self.chat, self.sam = chat, chat.person("sam")
        self.there: Any = self.sam.there
        self.message: Any = None

    async def writes(self, line: str) -> list[str]:
        before = len(await self.sam.direct())
        if isinstance(self.chat, SlackChat):
            await self.there.direct(line)
            [*_, self.message] = [post for post in self.chat.slack.direct_messages("sam") if post.text == line]
        else:
            reply = await self.there.message(line)
            self.message = reply.message
        return await self._told(before)

    async def changes(self, line: str) -> list[str]:
        before = len(await self.sam.direct())
        await self.there.edit(self.message, line)
        return await self._told(before)

    async def _told(self, before: int) -> list[str]:
        await self.chat.bot.settle()
        return [card.title for card in (await self.sam.direct())[before:]]


@pytest.mark.parity("Fix a message that was not understood")
async def test_words_that_were_not_understood_are_read_again_when_they_are_changed(platform_chat: Workplace) -> None:
    sam = Writer(platform_chat)
    assert await sam.writes("rsik lst") == ["I do not know that"]
    assert await sam.changes("risk list") == ["No open risks"]
    assert await sam.changes("risk list overdue") == []


async def test_a_command_that_was_understood_is_not_done_again_when_its_message_is_changed(
    platform_chat: Workplace,
) -> None:
    sam = Writer(platform_chat)
    assert await sam.writes("risk add Dam gate stuck; likelihood 2; impact 2") == ["Logged R-1"]
    assert await sam.changes("risk add Weir breaks; likelihood 2; impact 2") == []
    assert await platform_chat.bot.read(lambda store: store.risk.records.open_count()) == 1


async def test_a_change_that_is_delivered_twice_leaves_the_next_one_to_be_read(platform_chat: Workplace) -> None:
    sam = Writer(platform_chat)
    await sam.writes("rsik lst")
    assert await sam.changes("rsik lsit") == ["I do not know that"]
    await sam.sam.delivered_again()
    assert await sam.changes("risk list") == ["No open risks"]
