"""Looking: whatever goes wrong in the ledger, the rest is planned and fired, and every message goes out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import text

from handlers.kit.city.model import City
from handlers.kit.context import Context
from handlers.kit.declared import Timer
from handlers.kit.messages import Card
from storage.chat.outbox import NewRow
from storage.database import DatabaseUnavailable, Store
from tests.bound import bound
from tests.chat.bot import Bot, settings_for
from tests.city_files import people_changed
from tests.scheduler.told import TEA


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    bot = Bot(settings_for(tmp_path))
    await bot.start()
    await bot.settle()
    yield bot
    await bot.stop()


def boil(context: Context, subject: str, step: int) -> None:
    """Say that the pot boils; pot 13 cannot, and pot 99 finds the database full."""
    if step == 13:
        raise ValueError("no \x00water")
    if step == 99:
        raise DatabaseUnavailable("full")
    context.post("ops", Card(f"{subject} {step} boils"))


@pytest.fixture
def pots(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> Bot:
    monkeypatch.setitem(bot.application.runtime.catalogue.timers, "boil", Timer("boil", boil))
    return bot


def _problems(bot: Bot) -> str:
    return str(bot.application.health.problems(bot.application.runtime.city().calendar))


async def _run(bot: Bot, *statements: str) -> None:
    for statement in statements:
        await bot.application.runtime.write(bound(lambda store, sql: store.connection.execute(text(sql)), statement))


async def _due(bot: Bot, *steps: int) -> None:
    now = bot.clock.now()

    def add(store: Store) -> None:
        for step in steps:
            store.time.timers.add("boil", "pot", step, now)

    await bot.application.runtime.write(add)


async def _sent(bot: Bot) -> list[str]:
    """The titles of all that has arrived."""
    asked = text("SELECT card FROM outbox WHERE state = 'sent' AND kind = 'post' ORDER BY id")
    cards = await bot.read(lambda store: store.connection.execute(asked).all())
    return [Card.model_validate_json(card).title for (card,) in cards]


async def _faults(bot: Bot) -> list[str]:
    return [fault.part for fault in await bot.read(lambda store: store.faults.all())]


async def test_what_breaks_with_an_error_that_no_database_takes_is_set_aside_too(pots: Bot) -> None:
    await _due(pots, 13, 1)
    await pots.settle()
    assert await _sent(pots) == ["pot 1 boils"]
    assert await _faults(pots) == ["timer boil"]


@pytest.mark.doors
async def test_what_can_neither_be_fired_nor_set_aside_holds_up_nothing_behind_it(pots: Bot) -> None:
    await _run(
        pots,
        "CREATE TRIGGER stubborn BEFORE UPDATE ON timers WHEN old.step = 13 OR old.step >= 1000 "
        "BEGIN SELECT RAISE(ABORT, 'it stays'); END",
    )
    await _due(pots, 13, *range(1000, 1060), 1)
    await pots.settle()
    assert await _sent(pots) == ["pot 1 boils"]
    pots.clock.advance(seconds=41)
    await pots.application.look()
    assert "running timers has not succeeded" in _problems(pots)
    await _run(pots, "DROP TRIGGER stubborn")
    await pots.settle()
    assert len(await _sent(pots)) == 61
    assert _problems(pots) == "[]"


async def test_one_that_the_database_never_keeps_holds_up_nothing_behind_it(pots: Bot) -> None:
    await _due(pots, 99, 1)
    await pots.settle()
    assert await _sent(pots) == ["pot 1 boils"]


async def test_a_sending_that_cannot_be_read_holds_up_no_timer(pots: Bot) -> None:
    await _run(
        pots,
        "INSERT INTO occurrences (routine, day, seat, due_at, state) "
        "VALUES ('tea', 'some day', 'admin', '2026-11-23 09:00:00.000000', 'planned')",
    )
    await _due(pots, 1)
    await pots.settle()
    assert await _sent(pots) == ["pot 1 boils"]
    assert await _faults(pots) == ["sendings that are due"]
    await _run(pots, "DELETE FROM occurrences WHERE day = 'some day'")
    await pots.settle()
    assert await _faults(pots) == []


async def test_a_page_that_is_due_amid_hundreds_of_sendings_waits_for_a_few_of_them_alone(
    pots: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, fired = pots.application.runtime.catalogue, list[str]()

    def page(context: Context, subject: str, step: int) -> None:
        fired.append("page")

    def tea(context: Context) -> Card:
        fired.append("tea")
        if fired.count("tea") == 10:  # while the first few are fired
            context.schedule("page", "sam", context.now)
        return Card("Tea")

    monkeypatch.setitem(known.timers, "page", Timer("page", page, counts_seconds=True))
    monkeypatch.setitem(known.routines, "tea", replace(TEA, function=tea))
    now = pots.clock.now()

    def plan(store: Store) -> None:
        for number in range(300):
            store.time.occurrences.plan("tea", now.date(), f"person:{number}", now, None)

    await pots.application.runtime.write(plan)
    await _due(pots, 1)
    await pots.settle()
    assert fired.count("tea") == 300
    assert fired.index("page") <= 50
    assert (await _sent(pots))[-1] == "pot 1 boils"


async def test_planning_that_breaks_as_a_whole_holds_up_neither_firing_nor_delivery(pots: Bot) -> None:
    await _run(pots, "UPDATE marks SET at = 'some day' WHERE name = 'planned'")
    pots.clock.advance(hours=1)
    await _due(pots, 1)
    await pots.settle()
    assert await _sent(pots) == ["pot 1 boils"]
    assert await _faults(pots) == ["planning"]
    pots.clock.advance(seconds=41)
    await pots.application.look()
    assert "planning routines has not succeeded" in _problems(pots)


async def test_what_the_files_say_of_people_holds_up_no_planning_when_it_cannot_be_kept(bot: Bot) -> None:
    await _run(
        bot,
        "CREATE TRIGGER stubborn BEFORE UPDATE ON standings BEGIN SELECT RAISE(ABORT, 'it stays'); END",
        "DELETE FROM occurrences",
    )
    people_changed(bot.application.settings.city_dir, changed={"sam": {"deputy": '"tom"'}})
    bot.clock.advance(seconds=3)
    await bot.settle()
    asked = text("SELECT count(*) FROM occurrences WHERE state = 'planned'")
    assert await bot.read(lambda store: store.connection.execute(asked).scalar())
    assert await _faults(bot) == ["people.toml"]
    bot.clock.advance(seconds=41)
    await bot.application.look()
    assert "planning routines has not succeeded" in _problems(bot)
    await _run(bot, "DROP TRIGGER stubborn")
    await bot.settle()
    assert (await _faults(bot), _problems(bot)) == ([], "[]")


async def test_one_thing_that_cannot_be_tidied_up_keeps_no_other_from_it(bot: Bot) -> None:
    async def drafts() -> Any:
        return await bot.read(lambda store: store.connection.execute(text("SELECT count(*) FROM drafts")).scalar())

    await bot.application.runtime.write(lambda store: store.chat.inbox.keep("slack 1", None, bot.clock.now()))
    await bot.application.runtime.write(lambda store: store.chat.drafts.keep("sam", "risk add", {}, bot.clock.now()))
    await _run(bot, "CREATE TRIGGER stubborn BEFORE DELETE ON inbox BEGIN SELECT RAISE(ABORT, 'it stays'); END")
    bot.clock.advance(days=8)
    await bot.application.tidying.take()
    assert await drafts() == 0
    assert await _faults(bot) == ["tidying the inbox"]


async def test_a_plan_that_never_ends_holds_up_no_page(tmp_path: Path, postgresql_url: str) -> None:
    """On PostgreSQL, where a plan has a connection of its own; SQLite has one writer, and the bot says that nothing is
    written."""
    bot, goes_on = Bot(settings_for(tmp_path, database_url=postgresql_url)), Event()

    def waits(_city: City, _day: date) -> list[str]:
        goes_on.wait(20)
        return []

    routines = bot.application.runtime.catalogue.routines
    routines["cake"] = replace(TEA, name="cake", to=waits)
    try:
        await bot.application.start(looking=True)
        await bot.application.runtime.write(lambda store: _page(store, bot))
        async with asyncio.timeout(10):
            while "Help" not in await _sent(bot):
                bot.clock.advance(seconds=1)
                bot.application.runtime.wake.set()
                await asyncio.sleep(0.01)
        bot.clock.advance(seconds=60)
        assert "planning routines has not" in _problems(bot)
    finally:
        goes_on.set()
        del routines["cake"]
        await bot.stop()


async def test_what_a_command_queues_goes_out_without_a_look_at_what_is_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.clock.LOOK_EVERY", 3600)
    monkeypatch.setattr("bot.application.LONGEST_SLEEP", 3600.0)
    bot = Bot(settings_for(tmp_path))
    bot.clock.advance(seconds=30)
    await bot.application.start(looking=True)
    try:
        async with asyncio.timeout(10):
            while bot.application.health.ages["firing"]:  # noqa: ASYNC110  # the look of the start is yet to come
                await asyncio.sleep(0.01)
            bot.clock.advance(seconds=60)
            await bot.application.runtime.write(lambda store: _page(store, bot))
            while "Help" not in await _sent(bot):  # noqa: ASYNC110  # nobody says that it has gone out
                await asyncio.sleep(0.01)
        assert bot.application.health.ages["firing"] == 60
    finally:
        await bot.stop()


def _page(store: Store, bot: Bot) -> None:
    row = NewRow(
        platform="desk",
        place="dm:tom",
        kind="post",
        priority="page",
        repeat=True,
        at=bot.clock.now(),
        card=Card("Help").model_dump_json(),
    )
    store.chat.outbox.add(row)


async def test_a_standup_with_one_member_twice_stops_nothing_from_48_hours_before_it(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    routines = bot.application.runtime.catalogue.routines
    doubled = [f"member:streets/{person}" for person in ("sam", "olga", "sam")]
    monkeypatch.setitem(routines, "standup", replace(routines["standup"], to=lambda city, day: doubled))
    bot.clock.advance(days=5)
    await bot.settle()
    await bot.application.runtime.write(lambda store: _page(store, bot))
    bot.clock.advance(hours=1)
    await bot.settle()
    assert (await _sent(bot))[-1] == "Help"
    assert await _faults(bot) == []
    planned = text("SELECT seat FROM occurrences WHERE routine = 'standup' AND day = '2026-11-30' ORDER BY seat")
    seats = await bot.read(lambda store: store.connection.execute(planned).all())
    assert [seat for (seat,) in seats] == ["member:streets/olga", "member:streets/sam"]
