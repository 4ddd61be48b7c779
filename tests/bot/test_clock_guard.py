"""Clock guard: which steps of the clock are followed, which are held in doubt, and who ends the doubt."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.events import EVENT_JOB_MODIFIED

from bot.trusted_clock import TrustedClock
from storage.database import Store
from tests.chat.bot import MONDAY, Bot, settings_for
from tests.chat.clock import SetClock


@asynccontextmanager
async def started(folder: Path, clock: SetClock, **keys: str) -> AsyncIterator[Bot]:
    """A bot that has looked once."""
    bot = Bot(settings_for(folder, **keys), clock=clock)
    await bot.start()
    await bot.settle()
    yield bot
    await bot.stop()


def waits(bot: Bot) -> bool:
    return bot.application.guard.waits


def test_a_clock_that_is_set_in_a_test_moves_what_it_shows_and_the_seconds_that_pass() -> None:
    clock = SetClock(MONDAY)
    began = clock.monotonic()
    clock.advance(seconds=7)
    assert (clock.now() - MONDAY, clock.monotonic() - began) == (timedelta(seconds=7), 7)
    clock.set(MONDAY + timedelta(hours=1))
    assert (clock.now() - MONDAY, clock.monotonic() - began) == (timedelta(hours=1), 3600)
    clock.step_wall(days=1)  # somebody sets the machine's clock
    assert (clock.now() - MONDAY, clock.monotonic() - began) == (timedelta(days=1, hours=1), 3600)
    clock.set(clock.now() + timedelta(minutes=1))
    assert (clock.now() - MONDAY, clock.monotonic() - began) == (timedelta(days=1, hours=1, minutes=1), 3660)


@pytest.mark.parametrize("seconds", [-599, -5, 5, 599])
def test_a_small_step_is_followed_at_once(seconds: int) -> None:
    clock = SetClock(MONDAY)
    trusted = TrustedClock(clock)
    for _ in range(3):
        clock.step_wall(seconds=seconds)
        assert trusted.now() == clock.now()
        clock.advance(hours=1)
    assert trusted.doubt is None


@pytest.mark.parametrize("minutes", [-9, 9])
def test_small_steps_that_add_up_within_an_hour_are_one_large_step(minutes: int) -> None:
    clock = SetClock(MONDAY)
    trusted = TrustedClock(clock)
    for _ in range(12):
        clock.step_wall(minutes=minutes)
        trusted.now()
        clock.advance(minutes=4)
    assert trusted.now() == MONDAY + timedelta(minutes=48)
    assert trusted.doubt
    assert trusted.step == timedelta(minutes=12 * minutes)
    clock.step_wall(minutes=-12 * minutes)
    assert trusted.now() == clock.now()
    assert trusted.doubt is None


def test_a_step_that_takes_the_last_one_back_is_a_small_one() -> None:
    clock = SetClock(MONDAY)
    trusted = TrustedClock(clock)
    for minutes in (9, -9, -9, 9) * 3:
        clock.step_wall(minutes=minutes)
        assert trusted.now() == clock.now()
    assert trusted.doubt is None


def test_a_large_step_after_a_small_one_leaves_the_small_one() -> None:
    clock = SetClock(MONDAY)
    trusted = TrustedClock(clock)
    clock.step_wall(minutes=5)
    trusted.now()
    clock.step_wall(days=30)
    assert trusted.now() == MONDAY + timedelta(minutes=5)
    assert trusted.step == timedelta(days=30)


async def test_small_steps_that_add_up_make_what_is_planned_wait_until_the_platforms_show_the_time(
    tmp_path: Path,
) -> None:
    async with started(tmp_path, SetClock(MONDAY)) as bot:
        for _ in range(2):
            bot.clock.step_wall(minutes=-9)
            await bot.pass_time(minutes=1)
        assert waits(bot)
        assert bot.application.clock.now() == MONDAY + timedelta(minutes=2)


@pytest.mark.parametrize("seconds", [-86_400, -601, 601, 86_400 * 30])
def test_a_large_step_is_not_followed_while_time_passes_as_before(seconds: int) -> None:
    clock = SetClock(MONDAY)
    trusted = TrustedClock(clock)
    clock.step_wall(seconds=seconds)
    assert trusted.now() == MONDAY
    clock.advance(seconds=7)
    assert trusted.now() == MONDAY + timedelta(seconds=7)
    assert trusted.step == timedelta(seconds=seconds)
    clock.step_wall(seconds=1 - seconds)
    assert trusted.now() == clock.now() == MONDAY + timedelta(seconds=8)
    assert trusted.doubt is None


async def test_a_machine_that_was_suspended_is_in_no_doubt(tmp_path: Path) -> None:
    async with started(tmp_path, SetClock(MONDAY)) as bot:
        await bot.pass_time(hours=5)
        assert not waits(bot)
        assert bot.application.clock.now() == bot.clock.now()


async def test_what_becomes_due_in_doubt_waits_and_goes_when_that_is_over(tmp_path: Path) -> None:
    async with started(tmp_path, SetClock(MONDAY)) as bot:
        bot.clock.step_wall(days=30)
        await bot.settle()
        for _ in range(23):
            await bot.pass_time(hours=1)
        assert await bot.read(_mornings) == ["planned"]
        bot.clock.step_wall(days=-30)
        await bot.settle()
        assert await bot.read(_mornings) == ["sent"]


def _mornings(store: Store) -> list[str]:
    """What became of the next day's morning check."""
    known = store.time.occurrences.from_day("morning-check", MONDAY.date())
    return [occurrence.state for (day, _), occurrence in known.items() if day == MONDAY.date() + timedelta(days=1)]


async def test_a_restart_while_the_clock_is_wrong_knows_it_and_tells_nobody_again(tmp_path: Path) -> None:
    async with started(tmp_path, SetClock(MONDAY)) as bot:
        bot.clock.step_wall(days=30)
        await bot.settle()
        await bot.restart()
        await bot.pass_time(minutes=5)
        assert waits(bot)
        assert bot.application.clock.now() == bot.clock.true
        bot.clock.step_wall(days=-30)
        await bot.settle()
        assert not waits(bot)
        asked = await bot.read(lambda store: store.chat.posts.known([f"clock {int(MONDAY.timestamp())}"]))
        assert len(asked) == 1


async def test_a_clock_that_was_set_while_the_bot_was_down_is_noticed(tmp_path: Path) -> None:
    async with started(tmp_path, SetClock(MONDAY)) as bot:
        bot.clock.advance(hours=20)
        bot.clock.step_wall(days=30)
        await bot.restart()
        await bot.settle()
        assert waits(bot)
        assert bot.application.clock.now() == bot.clock.true


async def test_a_bot_that_was_down_for_long_goes_on_at_once(tmp_path: Path) -> None:
    async with started(tmp_path, SetClock(MONDAY)) as bot:
        bot.clock.advance(days=40)
        await bot.restart()
        await bot.settle()
        assert not waits(bot)


async def test_after_a_start_of_the_machine_a_clock_behind_what_is_known_waits_until_it_is_not(tmp_path: Path) -> None:
    async with started(tmp_path, SetClock(MONDAY)) as bot:
        bot.clock.boot = "the-second-boot"
        bot.clock.advance(hours=20)
        bot.clock.step_wall(days=-365)
        await bot.restart()
        await bot.pass_time(minutes=1)
        assert waits(bot)
        assert bot.application.clock.now() >= MONDAY
        await bot.restart()
        await bot.settle()
        assert waits(bot)
        bot.clock.step_wall(days=365)
        await bot.settle()
        assert not waits(bot)
        assert bot.application.clock.now() == bot.clock.true


async def test_after_a_start_of_the_machine_a_clock_in_doubt_stays_so_while_it_is_as_far_ahead(tmp_path: Path) -> None:
    async with started(tmp_path, SetClock(MONDAY)) as bot:
        bot.clock.step_wall(days=30)
        await bot.settle()
        bot.clock.boot = "the-second-boot"
        bot.clock.advance(hours=1)
        await bot.restart()
        await bot.settle()
        assert waits(bot)
        bot.clock.step_wall(days=-30)
        bot.clock.boot = "the-third-boot"
        await bot.restart()
        await bot.settle()
        assert not waits(bot)
        assert await bot.read(lambda store: store.time.clocks.last_asked()) is None


async def test_the_looks_go_on_when_the_clock_is_set_back_under_the_alarm_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.application.LONGEST_SLEEP", 0.01)
    bot, set_again = Bot(settings_for(tmp_path)), asyncio.Event()
    await bot.application.start(looking=True)
    scheduler = bot.application.alarm._scheduler
    [rings] = scheduler.get_jobs()
    rings.modify(next_run_time=datetime.now(UTC) + timedelta(days=30))
    scheduler.add_listener(lambda _event: set_again.set(), EVENT_JOB_MODIFIED)
    async with asyncio.timeout(5):
        await set_again.wait()
    assert rings.next_run_time < datetime.now(UTC) + timedelta(minutes=1)
    await bot.stop()


async def test_the_clock_of_postgresql_confirms_the_new_time(tmp_path: Path, postgresql_url: str) -> None:
    clock = SetClock(datetime.now(UTC) - timedelta(days=30))
    bot = Bot(settings_for(tmp_path, database_url=postgresql_url), clock=clock)
    await bot.start()
    await bot.settle()
    clock.is_real = True
    clock.step_wall(days=30)
    await bot.settle()
    await bot.settle()
    assert not waits(bot)
    assert bot.application.clock.now() == clock.now()
    await bot.stop()


async def test_a_start_is_compared_with_the_clock_of_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    clock = SetClock(datetime.now(UTC), is_real=True)
    clock.step_wall(days=30)
    bot = Bot(settings_for(tmp_path, database_url=postgresql_url), clock=clock)
    await bot.start()
    await bot.settle()
    assert waits(bot)
    assert abs(bot.application.clock.now() - clock.true) < timedelta(minutes=1)
    clock.step_wall(days=-30)
    await bot.settle()
    assert not waits(bot)
    await bot.stop()


async def test_of_two_bots_the_one_with_the_wrong_clock_waits_alone(tmp_path: Path, postgresql_url: str) -> None:
    clocks = [SetClock(MONDAY, boot) for boot in ("left", "right")]
    left, right = (Bot(settings_for(tmp_path, database_url=postgresql_url), clock=clock) for clock in clocks)
    for bot in (left, right):
        await bot.start()
        await bot.settle()
    clocks[0].step_wall(days=30)
    for _ in range(23):
        for bot in (left, right):
            await bot.pass_time(hours=1)
    assert waits(left)
    assert not waits(right)
    assert [clock.boot for clock in await right.read(lambda store: store.time.clocks.in_doubt(MONDAY))] == ["left"]
    assert await right.read(_mornings) == ["sent"]
    clocks[0].step_wall(days=-30)
    await left.settle()
    assert not waits(left)
    for bot in (left, right):
        await bot.stop()
