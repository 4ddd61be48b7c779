"""Same words: one line, said in Slack, on the desk or on the command line, gives the same record and answer."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.inbound import Answered, Inbound, Typed
from handlers.kit.plain import plain
from tests.chat.bot import Bot, settings_for
from tests.chat.clock import SetClock
from tests.chat.desk import DeskChat
from tests.chat.slack import SlackChat
from tests.conftest import slack_keys
from tests.wires.slack import FakeSlack, Message

LINE = "/risk add Server room {} floods; likelihood 2; impact 3; owner @sam; review friday"


@pytest.fixture
async def bot(tmp_path: Path, clock: SetClock, slack: FakeSlack) -> AsyncIterator[Bot]:
    """A bot with both doors open."""
    both = Bot(settings_for(tmp_path, **slack_keys(slack), desk="on"), clock=clock)
    await both.start()
    yield both
    await both.stop()


def _words(text: str) -> list[str]:
    """The words of an answer, without what is different in every record: its number, and that of the room."""
    return re.findall(r"\w+", re.sub(r"R-\d+|room \d", "R", text))


async def test_the_same_line_gives_the_same_record_and_the_same_words(bot: Bot, slack: FakeSlack) -> None:
    in_slack = await SlackChat(bot, slack).person("sam").says(LINE.format(1))
    async with ClientSession() as web:
        on_desk = await DeskChat(bot, web).person("sam").says(LINE.format(2))
    on_line = await bot.application.runtime.handle(Inbound("say", "sam", Typed(LINE.format(3)), key="once"))
    assert isinstance(in_slack.raw, Message)
    assert isinstance(on_line, Answered)
    assert on_line.card is not None
    said = _words(plain(on_line.card))
    assert _words(in_slack.raw.text) == said
    assert _words(on_desk.text.partition("\n9:00 AM\n")[2]) == said

    records = [
        await bot.read(lambda store, ref=ref: vars(store.risk.records.find(ref))) for ref in ("R-1", "R-2", "R-3")
    ]
    assert [record.pop("number") for record in records] == [1, 2, 3]
    assert [record.pop("title") for record in records] == [f"Server room {number} floods" for number in (1, 2, 3)]
    assert records[0] == records[1] == records[2]
