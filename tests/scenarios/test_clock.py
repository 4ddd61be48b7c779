"""Clock: somebody sets the machine's clock wrongly: nothing is sent for that, nothing is lost, and people decide."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from sqlalchemy import select

from handlers.kit.messages import Card
from storage.chat.outbox import outbox
from storage.database import Store
from tests.chat.bot import Bot, settings_for
from tests.chat.clock import SetClock
from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat
from tests.wires.slack import FakeSlack
from tests.wires.teams import FakeTeams
from tests.year.walk import walk

EARLY = datetime.fromisoformat("2026-11-30T10:00+00:00")  # a Monday, 05:00 in Riverton
EVENING = EARLY + timedelta(hours=14)
DOUBT, RIGHT = "The clock may be wrong: routines and reminders wait", "The clock is right again"
Posted = list[tuple[str, str, datetime]]  # where to, the title, and when it was queued

_usual: list[Posted] = []  # what an ordinary day posts, kept once a test has asked for it


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.doors)])
def database(request: pytest.FixtureRequest) -> dict[str, str]:
    """Where the bot keeps everything."""
    return {} if request.param == "sqlite" else {"database_url": request.getfixturevalue("postgresql_url")}


async def _day(bot: Bot, wrong: Sequence[int]) -> Posted:
    """What is posted on a day during which the clock is wrong by so many days, each time for a minute."""
    await bot.start()
    await bot.settle()
    for days in wrong:
        bot.clock.step_wall(days=days)
        for _ in range(6):
            await bot.pass_time(seconds=10)
        bot.clock.step_wall(days=-days)
        await bot.pass_time(minutes=30)
    await walk(bot, EVENING, carried=True)
    posted: Posted = await bot.read(_posted)
    assert await bot.read(lambda store: store.chat.outbox.counts(bot.clock.now())) == {}
    await bot.stop()
    return posted


def _posted(store: Store) -> Posted:
    rows = select(outbox.c.place, outbox.c.card, outbox.c.created_at, outbox.c.about).where(outbox.c.kind == "post")
    return [
        (row.place, Card.model_validate_json(row.card).title, row.created_at)
        for row in store.connection.execute(rows.order_by(outbox.c.id))
        if not (row.about or "").startswith("clock ")
    ]


@pytest.mark.doors
async def test_a_clock_that_is_wrong_for_a_minute_changes_nothing_on_the_real_day(
    tmp_path: Path, database: dict[str, str]
) -> None:
    if not _usual:
        _usual.append(await _day(Bot(settings_for(tmp_path / "usual"), clock=SetClock(EARLY)), []))
    posted = await _day(Bot(settings_for(tmp_path, **database), clock=SetClock(EARLY)), [30, -1, 365])
    assert len(posted) >= 26
    assert posted == _usual[0]


async def _doubts(chat: Chat) -> list[Seen]:
    """What the admin was told about the clock."""
    return [card for card in await chat.person("ines").direct() if card.title in (DOUBT, RIGHT)]


async def _ready(bot: Bot) -> list[str]:
    await bot.application.heartbeat.beat()
    async with ClientSession() as web, web.get(f"{bot.url}/readyz") as answer:
        return (await answer.text()).splitlines()


async def test_admins_are_told_once_and_read_when_the_clock_was_set_right(chat: Chat) -> None:
    bot = chat.bot
    await bot.settle()
    bot.clock.step_wall(days=30)
    for _ in range(5):
        await bot.pass_time(minutes=1)
    [told] = await _doubts(chat)
    assert told.title == DOUBT
    assert "30 days ahead" in told.text
    assert "Wed Dec 23, 2026, 9:0" in told.text
    assert "30 days ahead" in "".join(await _ready(bot))
    shown = await chat.person("sam").says("/city clock")
    assert "30 days ahead" in shown.text
    assert "The clock is right" not in shown.buttons
    assert "ask somebody with the role admin to say so." in shown.text
    waiting = await chat.person("ines").says("/city today")
    assert "The clock of " in waiting.text
    assert "30 days ahead" in waiting.text
    bot.clock.step_wall(days=-30)
    await bot.settle()
    [told] = await _doubts(chat)
    assert told.title == RIGHT
    assert await _ready(bot) == ["ready"]
    shown = await chat.person("sam").says("/city clock")
    assert shown.title == "The clock is right"


async def test_an_admin_says_that_the_clock_is_right_and_what_is_planned_goes_on(chat: Chat) -> None:
    bot = chat.bot
    await bot.settle()
    bot.clock.step_wall(hours=23)  # Tuesday, 08:00: the morning check is due
    await bot.settle()
    assert not [card for card in await chat.person("maria").direct() if card.title.startswith("Good morning")]
    refused = await chat.person("sam").says("/city clock confirm")
    assert "admin" in refused.text
    [told] = await _doubts(chat)
    await chat.person("ines").presses("The clock is right", told)
    await bot.settle()
    [told] = await _doubts(chat)
    assert told.title == RIGHT
    assert "Ines Varga says" in told.text
    [morning] = [card for card in await chat.person("maria").direct() if card.title.startswith("Good morning")]
    assert "Tue Nov 24" in morning.title
    assert await bot.read(lambda store: store.chat.outbox.counts(bot.clock.now())) == {}
    assert await bot.read(lambda store: store.audit.first_bad_row()[1]) is None


async def test_what_was_not_seen_is_not_agreed_to(desk_chat: Chat) -> None:
    chat, bot = desk_chat, desk_chat.bot
    await bot.settle()
    bot.clock.step_wall(hours=1)
    await bot.settle()
    [told] = await _doubts(chat)
    bot.clock.step_wall(days=300)
    await bot.pass_time(minutes=2)
    await chat.person("ines").presses("The clock is right", told)
    await bot.settle()
    assert bot.application.clock.now() == bot.clock.true
    bot.clock.step_wall(days=-300, hours=-1)
    await bot.settle()
    [told] = await _doubts(chat)
    assert told.title == RIGHT


@pytest.mark.doors
async def test_a_crisis_goes_on_by_the_time_that_passes(chat: Chat) -> None:
    bot, start = chat.bot, chat.bot.clock.true
    await chat.person("olga").says("/crisis activate Water main burst; level 2")
    await bot.pass_time(minutes=2)
    bot.clock.step_wall(days=30)
    for _ in range(14):
        await bot.pass_time(minutes=1)
    bot.clock.step_wall(days=-30)
    await bot.settle()
    pages = [card.title for card in await chat.person("hugo").direct() if "you are needed" in card.title]
    begun = "Crisis CR-2026-01: you are needed"
    assert pages == [begun, *(f"{begun} (page {number})" for number in (2, 3, 4))]
    at = await bot.read(lambda store: [entry.at for entry in store.crisis.log.of("CR-2026-01")])
    assert all(start <= moment <= bot.clock.true for moment in at)


async def test_a_crisis_of_a_bot_that_began_with_a_wrong_clock_goes_on_when_that_is_set_right(desk_chat: Chat) -> None:
    chat, bot = desk_chat, desk_chat.bot
    bot.clock.boot = "another-boot"  # after another boot nothing is known of the clock
    bot.clock.step_wall(days=30)
    city = bot.application.settings.city_dir / "city.toml"
    city.write_text(city.read_text().replace("commands_a_minute = 60", "commands_a_minute = 3"))
    await bot.restart()
    await bot.settle()
    await chat.person("olga").says("/crisis activate Water main burst; level 2")
    for _ in range(3):
        await chat.person("sam").says("/city clock")
    await bot.pass_time(minutes=2)
    bot.clock.step_wall(days=-30)
    await bot.settle()
    await chat.person("ines").says("/city clock confirm")
    await bot.settle()
    assert bot.application.clock.now() == bot.clock.true
    for _ in range(3):
        await bot.pass_time(minutes=1)
    pages = [card.title for card in await chat.person("hugo").direct() if "you are needed" in card.title]
    assert pages == [f"Crisis CR-2026-01: you are needed{page}" for page in ("", " (page 2)")]
    said = await chat.person("sam").says("/city clock")  # which is not the fourth within a minute
    assert said.title == "The clock is right"


def _platform(chat: SlackChat | TeamsChat) -> FakeSlack | FakeTeams:
    return chat.slack if isinstance(chat, SlackChat) else chat.teams


async def _heard(bot: Bot) -> None:
    """Look, hear what time it is at the platform, and look again."""
    await bot.settle()
    await bot.application.guard.knocking.finish()
    await bot.settle()


async def test_two_answers_of_a_platform_show_that_the_new_time_is_right(platform_chat: SlackChat | TeamsChat) -> None:
    chat, bot = platform_chat, platform_chat.bot
    _platform(chat).date = lambda: bot.clock.now().timestamp()
    bot.clock.step_wall(hours=23)
    await _heard(bot)
    [told] = await _doubts(chat)
    assert told.title == RIGHT
    assert "Slack or Teams shows the same time" in told.text
    assert bot.application.clock.now() == bot.clock.now()


async def test_a_platform_with_another_time_confirms_nothing(platform_chat: SlackChat | TeamsChat) -> None:
    chat, bot = platform_chat, platform_chat.bot
    bot.clock.step_wall(days=30)
    for _ in range(3):
        await _heard(bot)
        bot.clock.advance(seconds=30)
    [told] = await _doubts(chat)
    assert told.title == DOUBT


@pytest.mark.doors
@pytest.mark.parametrize("days", [30, -365])
async def test_a_start_of_the_machine_with_a_wrong_clock_hears_from_the_platform_what_time_it_is(
    platform_chat: SlackChat | TeamsChat, days: int
) -> None:
    chat, bot = platform_chat, platform_chat.bot
    await bot.settle()
    bot.clock.boot = "another-boot"
    bot.clock.advance(hours=3)
    bot.clock.step_wall(days=days)
    await bot.restart()
    await _heard(bot)
    [told] = await _doubts(chat)
    assert told.title == DOUBT
    assert abs(bot.application.clock.now() - bot.clock.true) < timedelta(seconds=2)
    bot.clock.step_wall(days=-days)
    bot.clock.boot = "a-third-boot"
    bot.clock.advance(days=3)
    await bot.restart()
    await _heard(bot)
    assert not bot.application.guard.waits
    assert await bot.read(lambda store: store.time.clocks.in_doubt(bot.clock.true)) == []


async def test_a_start_of_the_machine_after_a_long_stop_waits_a_minute_for_a_platform_that_is_down(
    platform_chat: SlackChat | TeamsChat,
) -> None:
    bot = platform_chat.bot
    await bot.settle()
    _platform(platform_chat).down = True
    bot.clock.boot = "another-boot"
    bot.clock.advance(days=3)
    await bot.restart()
    await bot.settle()
    assert bot.application.guard.waits
    bot.clock.advance(minutes=1)
    await bot.settle()
    assert not bot.application.guard.waits
    _platform(platform_chat).down = False
