"""Digest: however many people there are, each gets theirs, and nobody waits long for an answer to a command."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scheduler.digest import AT_ONCE
from storage.database import Store
from tests.chat.bot import Bot, settings_for

MORNING = datetime(2026, 11, 24, 13, 29, 50, tzinfo=UTC)  # a little before 08:30 in Riverton
MANY = 3 * AT_ONCE


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """A town of many people, with news for each of them."""
    settings = settings_for(tmp_path)
    with (settings.city_dir / "people.toml").open("a", encoding="utf-8") as file:
        for number in range(MANY):
            file.write(f'\n[[person]]\nid = "p{number}"\nname = "P {number}"\nemail = "p{number}@example.org"\n')
    bot = Bot(settings)
    await bot.start()
    await bot.settle()
    bot.clock.set(MORNING)
    await bot.settle()
    await bot.application.runtime.write(_news_for_all)
    yield bot
    await bot.stop()


def _news_for_all(store: Store) -> None:
    for number in range(MANY):
        store.chat.notes.add(f"p{number}", f"F-{number}", "It is answered", (), MORNING)


async def told(bot: Bot) -> list[str]:
    """The places that a digest went to, in their order."""
    asked = "SELECT place FROM outbox WHERE card LIKE '%Your day: Tue 24 Nov%' ORDER BY id"
    found = await bot.read(lambda store: store.connection.exec_driver_sql(asked).fetchall())
    return [place for (place,) in found]


async def test_everybody_has_one_and_so_many_at_a_time(bot: Bot) -> None:
    bot.clock.advance(seconds=10)
    await bot.application.look()
    first = await told(bot)
    assert 0 < len(first) <= AT_ONCE
    for _ in range(5):
        await bot.pass_time(seconds=2)
    assert await told(bot) == [f"dm:p{number}" for number in range(MANY)]


async def test_who_is_in_no_file_any_more_meanwhile_takes_nobody_along(bot: Bot) -> None:
    bot.clock.advance(seconds=10)
    await bot.application.look()
    last = (await told(bot))[-1].removeprefix("dm:")
    file = bot.application.settings.city_dir / "people.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(f'id = "{last}"\n', 'id = "new"\n'), encoding="utf-8")
    for _ in range(5):
        await bot.pass_time(seconds=2)
    assert await told(bot) == [f"dm:p{number}" for number in range(MANY)]


async def test_after_a_restart_in_the_midst_it_goes_on(bot: Bot) -> None:
    bot.clock.advance(seconds=10)
    await bot.application.look()
    await bot.restart()
    for _ in range(5):
        await bot.pass_time(seconds=2)
    assert await told(bot) == [f"dm:p{number}" for number in range(MANY)]
