"""Pulse: a running bot writes a row every 15 seconds by itself; /readyz reports it, also a file that is gone, and
writes nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.pulse import EVERY
from handlers.kit.faults import mark
from storage.database import Store
from tests.chat.bot import MONDAY, Bot, settings_for
from tests.chat.clock import SetClock


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """A bot that beats by itself, as it runs in a city."""
    bot = Bot(settings_for(tmp_path), clock=SetClock(MONDAY))
    await bot.start()
    beating = asyncio.create_task(bot.application.pulse.keep_beating())
    yield bot
    beating.cancel()
    await bot.stop()


async def readiness(bot: Bot) -> tuple[int, str]:
    async with ClientSession() as web, web.get(f"{bot.url}/readyz") as said:
        return said.status, await said.text()


def written_at(store: Store) -> datetime | None:
    found: datetime | None = store.time.checkpoints.at(mark("writing"))
    return found


async def beats(bot: Bot, at: datetime) -> bool:
    """Whether the row says this moment, once the bot had its chance to write and waits for its next time."""
    for _ in range(1000):
        await asyncio.sleep(0)
        if await bot.read(written_at) == at and at + EVERY in bot.clock.awaited:
            return True
    return False


async def test_a_row_is_written_every_15_seconds(bot: Bot) -> None:
    assert await beats(bot, MONDAY)
    for _ in range(3):
        last = bot.clock.now()
        bot.clock.advance(seconds=14)
        assert not await beats(bot, bot.clock.now())
        assert await bot.read(written_at) == last
        bot.clock.advance(seconds=1)
        assert await beats(bot, bot.clock.now())


async def test_readyz_reports_it_and_writes_nothing(bot: Bot) -> None:
    assert await beats(bot, MONDAY)
    changes = await whole(bot)
    bot.clock.advance(seconds=10)
    for _ in range(5):
        assert await readiness(bot) == (200, "ready\n")
    assert await whole(bot) == changes


async def whole(bot: Bot) -> bytes:
    """All that stands in the database, as its file and its log hold it."""
    file = bot.application.runtime.database.file
    assert file is not None
    parts = [file.path, file.path.with_name(f"{file.path.name}-wal")]
    return b"".join(part.read_bytes() for part in parts if part.exists())


async def test_a_file_that_is_removed_while_nobody_types_is_known_at_the_next_beat(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    assert await beats(bot, MONDAY)
    assert (await readiness(bot))[0] == 200
    file = bot.application.runtime.database.file
    assert file is not None
    file.path.unlink()
    bot.clock.advance(seconds=15)
    async with asyncio.timeout(2):
        while "the database is unavailable" not in caplog.messages:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    status, why = await readiness(bot)
    assert (status, "the file is gone" in why) == (503, True)
    assert not file.path.exists()
