"""Crisis replicas: two bots on one PostgreSQL look at the same moment, and every page goes once."""

import asyncio
from pathlib import Path

from aiohttp import ClientSession

from tests.chat.bot import MONDAY, Bot, settings_for
from tests.chat.clock import SetClock
from tests.chat.desk import DeskChat


async def test_two_bots_call_everybody_once_at_each_step(tmp_path: Path, postgresql_url: str) -> None:
    clock = SetClock(MONDAY)
    one, other = (Bot(settings_for(tmp_path, database_url=postgresql_url), clock=clock) for _ in range(2))
    for bot in (one, other):
        await bot.start()
    async with ClientSession() as web:
        chat = DeskChat(one, web)
        await chat.person("olga").says("/crisis activate Water main burst; level 2")
        for _ in range(17):
            clock.advance(minutes=1)
            await asyncio.gather(one.settle(), other.settle())
        called = [card.title for card in await chat.person("hugo").direct() if "you are needed" in card.title]
        asked = [card.title for card in await chat.person("maria").direct() if "please phone" in card.title]
    begun = "Crisis CR-2026-01: you are needed"
    assert called == [begun, *(f"{begun} (page {number})" for number in (2, 3, 4))]
    assert len(asked) == 1
    assert await one.read(lambda store: store.audit.first_bad_row())
    for bot in (one, other):
        await bot.stop()
