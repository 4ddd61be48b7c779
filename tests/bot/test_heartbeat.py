"""Heartbeat: somebody outside hears every minute that all is well, and nothing as soon as it is not."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from pydantic import SecretStr

from bot.heartbeat import Heartbeat
from handlers.kit.context import Context
from handlers.kit.faults import PARTS
from handlers.kit.messages import Card
from storage.chat.outbox import NewRow
from storage.database import Store
from tests.chat.bot import Bot, settings_for


class Outside:
    """An address outside, and the calls it has had."""

    def __init__(self) -> None:
        self.url, self.calls, self.came = "", list[str](), asyncio.Queue[str]()

    async def hear(self, request: web.Request) -> web.Response:
        self.calls.append(request.path)
        self.came.put_nowait(request.path)
        return web.Response()


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    server, application = Outside(), web.Application()
    application.router.add_get("/beat", server.hear)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/beat"
    yield server
    await runner.cleanup()


@pytest.fixture
async def bot(tmp_path: Path, outside: Outside) -> AsyncIterator[Bot]:
    bot = Bot(settings_for(tmp_path, heartbeat_url=outside.url))
    await bot.start()
    yield bot
    await bot.stop()


def _heart(bot: Bot) -> Heartbeat:
    return bot.application.heartbeat


async def _readyz(bot: Bot) -> tuple[int, str]:
    async with ClientSession() as session, session.get(f"{bot.url}/readyz") as answer:
        return answer.status, await answer.text()


async def test_while_all_is_well_somebody_outside_hears_it(bot: Bot, outside: Outside) -> None:
    await bot.settle()
    assert await _heart(bot).beat()
    assert outside.calls == ["/beat"]


async def test_a_bot_that_looks_at_nothing_any_more_is_silent(bot: Bot, outside: Outside) -> None:
    await bot.settle()
    bot.clock.advance(seconds=90)
    assert not await _heart(bot).beat()
    assert outside.calls == []


async def test_an_escalation_without_a_next_step_silences_it(bot: Bot, outside: Outside) -> None:
    def begin(store: Store) -> None:
        now = bot.clock.now()
        crisis = store.crisis.records.add(what="Fire", where=None, level=1, by="sam", at=now, year=2026)
        store.crisis.pages.add(crisis.ref, "tom", now)
        store.time.timers.add("crisis.watch", crisis.ref, 0, now + timedelta(minutes=5))

    await bot.application.runtime.write(begin)
    await bot.settle()
    assert not await _heart(bot).beat()
    assert outside.calls == []
    assert await _readyz(bot) == (200, "ready\nCR-2026-01: no next step is planned for the unanswered page to tom\n")
    due = bot.clock.now() + timedelta(minutes=5)
    await bot.application.runtime.write(
        lambda store: store.time.timers.add("crisis.page-again", "CR-2026-01 tom", 1, due)
    )
    assert await _heart(bot).beat()
    assert outside.calls == ["/beat"]
    assert await _readyz(bot) == (200, "ready\n")


async def test_a_page_that_no_platform_takes_silences_it(tmp_path: Path, outside: Outside) -> None:
    nowhere = {"slack_bot_token": SecretStr("xoxb-1"), "slack_signing_secret": SecretStr("x")}
    address = "http://127.0.0.1:9/api/"
    bot = Bot(settings_for(tmp_path, heartbeat_url=outside.url, slack_api_url=address, **nowhere))
    await bot.start()
    await bot.application.runtime.write(
        lambda store: store.chat.outbox.add(
            NewRow(
                platform="slack",
                place="dm:tom",
                kind="post",
                priority="page",
                repeat=True,
                at=bot.clock.now(),
                card=Card("Help").model_dump_json(),
            )
        )
    )
    await bot.settle()
    assert await _heart(bot).beat()
    bot.clock.advance(minutes=6)
    await bot.settle()
    assert not await _heart(bot).beat()
    await bot.stop()


async def test_a_feature_that_cannot_watch_itself_silences_it_and_the_next_beat_comes(
    bot: Bot, outside: Outside, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_context: Context) -> list[str]:
        raise ZeroDivisionError

    await bot.settle()
    with monkeypatch.context() as patch:
        patch.setitem(bot.application.runtime.catalogue.health_checks, "broken", broken)
        assert not await _heart(bot).beat()
    assert "ZeroDivisionError" in caplog.text
    assert await _heart(bot).beat()
    assert outside.calls == ["/beat"]


async def test_it_beats_every_minute_of_the_bots_clock_until_the_bot_stops(tmp_path: Path, outside: Outside) -> None:
    bot = Bot(settings_for(tmp_path, heartbeat_url=outside.url))
    await bot.application.start(looking=True)
    await bot.application.look()
    for _ in range(2):
        for _ in range(2):
            bot.clock.advance(seconds=30)
            await bot.application.look()
            await bot.application.pulse.beat()
        async with asyncio.timeout(5):
            await outside.came.get()
        bot.clock.step_wall(days=-30)  # changes nothing, once it is known to be right
        bot.application.clock.trust_machine()
    await bot.stop()
    bot.clock.advance(seconds=60)
    await asyncio.sleep(0)
    assert outside.calls == ["/beat"] * 2


async def test_an_address_that_answers_wrongly_is_no_problem_of_the_bots(
    tmp_path: Path, outside: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    bot = Bot(settings_for(tmp_path, heartbeat_url=f"{outside.url}/nowhere"))
    await bot.start()
    await bot.settle()
    with caplog.at_level(logging.WARNING, "cityops.heartbeat"):
        assert await _heart(bot).beat()
    assert "answered 404" in caplog.text
    await bot.stop()


async def test_without_an_address_what_is_wrong_is_named_too(tmp_path: Path) -> None:
    bot = Bot(settings_for(tmp_path))
    await bot.start()
    await bot.settle()
    bot.clock.advance(seconds=90)
    assert not await _heart(bot).beat()
    code, text = await _readyz(bot)
    assert code == 503
    assert text.splitlines() == [f"{part} has not succeeded since Mon Nov 23, 9:00 AM" for part in PARTS.values()]
    await bot.stop()
