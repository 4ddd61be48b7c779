"""Heartbeat: somebody outside hears every minute that all is well, and nothing as soon as it is not."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.heartbeat import Heartbeat
from handlers.kit.messages import Card
from storage.database import Store
from tests.chat.bot import Bot, settings_for


@pytest.fixture
async def outside() -> AsyncIterator[tuple[str, list[str]]]:
    """An address outside, and the calls it has had."""
    calls: list[str] = []

    async def hear(request: web.Request) -> web.Response:
        calls.append(request.path)
        return web.Response()

    application = web.Application()
    application.router.add_get("/beat", hear)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/beat", calls
    await runner.cleanup()


@pytest.fixture
async def bot(tmp_path: Path, outside: tuple[str, list[str]]) -> AsyncIterator[Bot]:
    bot = Bot(settings_for(tmp_path, heartbeat_url=outside[0]))
    await bot.start()
    yield bot
    await bot.stop()


def _heart(bot: Bot) -> Heartbeat:
    assert bot.application.heartbeat is not None
    return bot.application.heartbeat


async def test_while_all_is_well_somebody_outside_hears_it(bot: Bot, outside: tuple[str, list[str]]) -> None:
    await bot.settle()
    assert await _heart(bot).beat()
    assert outside[1] == ["/beat"]


async def test_a_bot_that_looks_at_nothing_any_more_is_silent(bot: Bot, outside: tuple[str, list[str]]) -> None:
    await bot.settle()
    bot.clock.advance(seconds=90)
    assert not await _heart(bot).beat()
    assert outside[1] == []


async def test_an_escalation_without_a_next_step_silences_it(bot: Bot, outside: tuple[str, list[str]]) -> None:
    def begin(store: Store) -> None:
        now = bot.clock.now()
        crisis = store.crises.add(what="Fire", where=None, level=1, by="sam", at=now, year=2026)
        store.crisis_pages.add(crisis.ref, "tom", now)

    await bot.application.runtime.write(begin)
    await bot.settle()
    assert not await _heart(bot).beat()
    due = bot.clock.now() + timedelta(minutes=5)
    await bot.application.runtime.write(lambda store: store.timers.add("crisis.page-again", "CR-2026-01 tom", 1, due))
    assert await _heart(bot).beat()
    assert outside[1] == ["/beat"]


async def test_a_page_that_no_platform_takes_silences_it(bot: Bot) -> None:
    await bot.application.runtime.write(
        lambda store: store.outbox.add(
            platform="slack", place="dm:tom", kind="post", priority="page", repeat=True, at=bot.clock.now(),
            card=Card("Help").model_dump_json(),
        )
    )  # fmt: skip
    await bot.settle()
    assert await _heart(bot).beat()
    bot.clock.advance(minutes=6)
    await bot.settle()
    assert not await _heart(bot).beat()
