"""Health: when something that the bot does by itself fails, it is known within a minute, wherever people look."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex

import pytest
from aiohttp import ClientSession
from sqlalchemy import text

from bot.__main__ import main
from bot.inbound import Answered, Inbound, Pressed, Typed
from bot.settings import Settings
from handlers.kit.context import Context
from handlers.kit.declared import Timer
from handlers.kit.faults import PARTS
from handlers.kit.messages import Card
from storage.database import Store
from tests.chat.bot import Bot, settings_for
from tests.chat.clock import SetClock

QUARTER = 15  # seconds between two looks at the health


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """A bot that the test brings up to the present, so that the doctor, who reads the real clock, finds it running."""
    bot = Bot(settings_for(tmp_path), clock=SetClock(datetime.now(UTC) - timedelta(hours=2, minutes=2, seconds=20)))
    await bot.start()
    await bot.settle()
    yield bot
    await bot.stop()


async def _asked(bot: Bot, path: str) -> tuple[int, str]:
    async with ClientSession() as session, session.get(f"{bot.url}{path}") as answer:
        return answer.status, await answer.text()


async def _a_minute(bot: Bot) -> None:
    """Let a minute pass with four looks and four pulses, as in a running bot."""
    for _ in range(60 // QUARTER):
        bot.clock.advance(seconds=QUARTER)
        await bot.application.look()
        await bot.application.pulse.beat()


async def _run(bot: Bot, statement: str) -> None:
    await bot.application.runtime.write(lambda store: store.connection.execute(text(statement)))


def _doctor(bot: Bot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What the doctor says of this bot, run beside it."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    settings = bot.application.settings
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("CITY_DIR", str(settings.city_dir))
    monkeypatch.setenv("SHELF_DIR", str(settings.shelf_dir))
    capsys.readouterr()
    main(["doctor"])
    return capsys.readouterr().out


async def _stop_planning(bot: Bot) -> None:
    await _run(
        bot,
        "CREATE TRIGGER stubborn BEFORE UPDATE ON marks WHEN old.name = 'planned' "
        "BEGIN SELECT RAISE(ABORT, 'it stays'); END",
    )
    with (bot.application.settings.city_dir / "city.toml").open("a") as file:
        file.write("\n# changed, so that all is planned at the next look\n")


async def _stop_firing(bot: Bot) -> None:
    await _run(
        bot,
        "INSERT INTO occurrences (routine, day, seat, due_at, state) "
        "VALUES ('tea', 'some day', 'admin', '2026-01-01 09:00:00.000000', 'planned')",
    )


async def _stop_delivery(bot: Bot) -> None:
    await bot.application.runtime.write(lambda store: bot.application.runtime.context(store).post("ops", Card("Tea")))
    await _run(bot, "CREATE TRIGGER stubborn BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'it stays'); END")


async def _stop_writing(bot: Bot) -> None:
    """Let another program lock the file, as a backup tool of the machine may."""
    with bot.application.runtime.database.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
    path = bot.application.runtime.database.writer.url.database
    other = sqlite3.connect(str(path), check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    HOLDS.append(other)


HOLDS: list[sqlite3.Connection] = []
STOPS = {
    "planning": _stop_planning, "firing": _stop_firing, "delivery": _stop_delivery, "writing": _stop_writing,
}  # fmt: skip


@pytest.mark.parametrize("part", STOPS)
async def test_what_does_not_succeed_is_known_within_a_minute_wherever_one_looks(
    bot: Bot, part: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bot.clock.advance(hours=2)
    await _a_minute(bot)
    assert await _asked(bot, "/readyz") == (200, "ready\n")
    await STOPS[part](bot)
    await _a_minute(bot)
    said = f"{PARTS[part]} has not succeeded since"
    code, ready = await _asked(bot, "/readyz")
    assert code == 503
    assert said in ready
    ages = dict(line.split() for line in (await _asked(bot, "/metrics"))[1].splitlines() if "since_success{" in line)
    assert float(ages[f'cityops_seconds_since_success{{part="{part}"}}']) >= 60
    assert not await bot.application.heartbeat.beat()
    assert said in await _home(bot, "ines")
    assert said not in await _home(bot, "sam")
    fix = [line for line in _doctor(bot, monkeypatch, capsys).splitlines() if "has not succeeded" in line]
    assert len(fix) == (4 if part == "writing" else 1), "when nothing is written, no row says that anything succeeds"
    assert f"to fix   {said}" in str(fix)
    while HOLDS:
        HOLDS.pop().close()


async def _home(bot: Bot, person: str) -> str:
    """What waits for somebody, as they read it."""
    bot_says = await bot.application.runtime.handle(Inbound("say", person, Typed("city today"), key=token_hex(4)))
    assert isinstance(bot_says, Answered)
    return str(bot_says.card)


async def test_an_admins_home_page_says_by_itself_what_broke_and_when_it_is_mended(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def page() -> str:
        asked = text("SELECT card FROM outbox WHERE about = 'home ines' ORDER BY id DESC LIMIT 1")
        return str(await bot.read(lambda store: store.connection.execute(asked).scalar()))

    def home_page(store: Store) -> None:
        post = store.chat.posts.add("home ines", "desk", "home:ines")
        store.chat.posts.posted(post, "home", "ines")

    def broken(_context: Context, _subject: str, _step: int) -> None:
        raise KeyError("pot")

    await bot.application.runtime.write(home_page)
    monkeypatch.setitem(bot.application.runtime.catalogue.timers, "boil", Timer("boil", broken))
    await bot.application.runtime.write(lambda store: store.time.timers.add("boil", "pot", 0, bot.clock.now()))
    await _a_minute(bot)
    assert "timer boil (pot 0)" in await page()
    digest = await bot.application.runtime.handle(Inbound("say", "ines", Typed("city digest"), key="digest"))
    assert "Set aside: timer boil (pot 0)" in str(digest)
    assert await _asked(bot, "/readyz") == (200, "ready\nset aside: timer boil\n")
    mended = await bot.application.runtime.handle(
        Inbound("say", "ines", Pressed("fault.mended", "timer boil"), key="m")
    )
    assert "Nothing is broken" in str(mended)
    await bot.settle()
    assert "timer boil" not in await page()
    assert await _asked(bot, "/readyz") == (200, "ready\n")


async def test_what_a_long_transaction_sets_aside_is_told_once_although_the_pulse_was_faster(bot: Bot) -> None:
    async def told() -> list[str]:
        return [note.line for note in await bot.read(lambda store: store.chat.notes.all("ines"))]

    await _a_minute(bot)
    began = bot.clock.now() - timedelta(seconds=40)
    await bot.application.runtime.write(lambda store: store.faults.note("timer boil", "no water", began))
    await _a_minute(bot)
    assert [line.partition(",")[0] for line in await told()] == ["Set aside: timer boil"]
    bot.clock.advance(minutes=1)
    await bot.application.runtime.write(lambda store: store.faults.clear("timer boil"))
    await bot.application.runtime.write(lambda store: store.faults.note("timer boil", "no fire", bot.clock.now()))
    await _a_minute(bot)
    assert ["fire" in line for line in await told()] == [True, False]


async def test_a_wrong_clock_that_was_ahead_does_not_hide_for_days_that_nothing_succeeds(bot: Bot) -> None:
    await _run(bot, "UPDATE marks SET at = '2027-01-01 00:00:00.000000' WHERE name LIKE 'worked %'")
    await _a_minute(bot)
    asked = text("SELECT count(*) FROM marks WHERE name LIKE 'worked %' AND at > '2026-12-31'")
    assert await bot.read(lambda store: store.connection.execute(asked).scalar()) == 0
