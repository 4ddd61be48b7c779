"""Lost database: its file is removed under a running bot; nothing is said to be logged, and no empty one is made."""

from contextlib import suppress
from pathlib import Path

import pytest
from aiohttp import ClientSession

from storage.trouble import DatabaseUnavailable
from tests.chat.bot import Bot
from tests.chat.door import Chat

in_a_file = pytest.mark.parametrize("chat", ["desk", "slack", "slack_socket", "teams"], indirect=True)
DAM = "/risk add Dam gate stuck; likelihood 4; impact 5"


def file_of(chat: Chat) -> Path:
    file = chat.bot.application.runtime.database.file
    assert file is not None
    return file.path


async def readiness(chat: Chat) -> tuple[int, str]:
    async with ClientSession() as web, web.get(f"{chat.bot.url}/readyz") as said:
        return said.status, await said.text()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look that finds no database ends, as in the bot's own loop, and the next one looks again."""
    settle = Bot.settle

    async def settled(bot: Bot) -> None:
        with suppress(DatabaseUnavailable):
            await settle(bot)

    monkeypatch.setattr(Bot, "settle", settled)


@in_a_file
@pytest.mark.usefixtures("patient")
async def test_while_the_file_is_gone_commands_are_refused_with_their_text_and_then_all_goes_on(chat: Chat) -> None:
    sam, file = chat.person("sam"), file_of(chat)
    assert await sam.says("risk list")
    away = file.rename(file.with_name("away.db"))
    refused = await sam.says(DAM)
    assert refused.title == "Nothing was saved"
    assert "Dam gate stuck; likelihood 4; impact 5" in refused.text
    status, why = await readiness(chat)
    assert (status, "the file is gone" in why) == (503, True)
    assert not file.exists()
    away.rename(file)
    logged = await sam.says(DAM)
    assert logged.title == "Logged R-1"
    assert (await readiness(chat))[0] == 200
