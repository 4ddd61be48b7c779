"""Crisis kill: the bot dies at random moments of a crisis's first hour; every page is sent, none after its answer."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.application import build_runtime
from bot.runtime import Runtime
from handlers.kit.city import read_city
from storage.database import Store
from tests.chat.bot import RIVERTON, settings_for
from tests.killable import FileClock, set_clock
from tests.scenarios.test_kill import Killable, killable
from tests.wires.slack import FakeSlack
from tests.wires.slack.workspace import Message

__all__ = ["killable"]  # a fixture that is made elsewhere
KILLS = int(os.environ.get("KILLS", "3"))
T0 = datetime(2026, 11, 23, 14, 0, 30, tzinfo=UTC)
ANSWERS = {2: "tom", 6: "felix", 9: "ines", 12: "victor", 17: "hugo"}  # who answers at which minute
HOUR = 60


@pytest.fixture
async def workspace(tmp_path: Path) -> AsyncIterator[FakeSlack]:
    """Slack on the clock of the test, with a channel for each place."""
    set_clock(tmp_path, T0)
    clock = FileClock(tmp_path / "clock")
    fake = FakeSlack(now=lambda: clock.now().timestamp())
    fake.pace = False
    await fake.start()
    city = read_city(RIVERTON)
    for person in city.people.values():
        fake.add_user(person.id, person.email)
    for place in city.places:
        fake.add_channel(place, members=list(city.people))
    yield fake
    await fake.stop()


class Hour:
    """The first hour of a crisis, minute by minute, around a bot that may die."""

    def __init__(self, folder: Path, slack: FakeSlack, bot: Killable) -> None:
        self.folder, self.slack, self.bot = folder, slack, bot
        self.runtime: Runtime = build_runtime(settings_for(folder, slack_bot_token=None), FileClock(folder / "clock"))
        self.url = ""
        self.answered: dict[str, float] = {}

    async def begin(self) -> None:
        self.url = await self.bot.begin()

    async def die(self, after: float) -> None:
        """Kill the bot in the middle of what it does, and begin it again."""
        await asyncio.sleep(after)
        await self.bot.kill()
        await self.begin()

    async def minute(self, number: int) -> None:
        set_clock(self.folder, T0 + timedelta(minutes=number))
        self.look()

    def look(self) -> None:
        os.kill(self.bot.bot, signal.SIGUSR1)

    async def settle(self) -> None:
        """Wait until all that is due now has been done; seconds of the bot's clock pass where it waits for them."""
        async with asyncio.timeout(30):
            while await self.runtime.read(self._is_busy):
                clock = FileClock(self.folder / "clock")
                set_clock(self.folder, clock.now() + timedelta(milliseconds=500))
                self.look()
                await asyncio.sleep(0.02)

    def _is_busy(self, store: Store) -> bool:
        now = self.runtime.clock.now()
        left = {name: count for name, count in store.outbox.counts(now).items() if name != "quiet"}
        return bool(left or store.timers.due(now) or store.occurrences.due(now))

    async def answer(self, person: str) -> None:
        page = self.pages(person)[-1]
        self.answered[person] = self.runtime.clock.now().timestamp()
        reply = await self.slack.person(person, self.url).press(page, label="On my way")
        assert reply.status == 200

    def pages(self, person: str) -> list[Message]:
        """How somebody was called, oldest first; an edited message counts as what it was at first."""
        return [one for one in self.slack.direct_messages(person) if "you are needed" in _first(one)]


def _first(message: Message) -> str:
    """The words with which a message appeared."""
    return (message.edits[0] if message.edits else message).shown


async def test_every_page_of_the_first_hour_is_sent_and_none_after_its_answer(
    tmp_path: Path, workspace: FakeSlack, killable: Callable[..., Awaitable[Killable]]
) -> None:
    chance = random.Random(20261124)
    hour = Hour(tmp_path, workspace, await killable())
    for place in read_city(RIVERTON).places:
        channel = workspace.channel(place).id
        await hour.runtime.write(lambda store, place=place, there=channel: store.places.bind(place, "slack", there, T0))
    await hour.begin()
    deaths = Counter(chance.choices(range(HOUR), k=KILLS))
    olga = workspace.person("olga", hour.url)
    assert (await olga.slash("/crisis", "activate Water main burst; level 2")).status == 200
    for number in range(HOUR):
        await hour.minute(number)
        for _ in range(deaths[number]):
            await hour.die(chance.uniform(0, 0.05))
        await hour.settle()
        if person := ANSWERS.get(number):
            await hour.answer(person)
            await hour.settle()
    await hour.bot.kill()
    _every_page_once(hour)
    hour.runtime.database.close()


def _every_page_once(hour: Hour) -> None:
    """What the people have seen, against what the bot has written down."""
    called = hour.runtime.database.read(lambda store: store.crisis_pages.of("CR-2026-01"))
    assert len(called) > 10
    for page in called:
        seen = [_first(one) for one in hour.pages(page.person)]
        again = [text for text in seen if "sent again" in text.lower()]
        titles = Counter(text.splitlines()[0].partition("(page ")[2].rstrip(")") or "1" for text in seen)
        assert set(titles) == {str(number) for number in range(1, page.times + 1)}, page.person
        assert len(seen) - len(again) <= page.times, page.person
        late = [one for one in hour.pages(page.person) if float(one.ts) > hour.answered.get(page.person, 1e12) + 1]
        assert late == [], page.person
    times = {page.person: page.times for page in called}
    assert (times["tom"], times["felix"], times["dana"]) == (1, 2, 1)  # dana: tom comes, and one commander is enough
    assert times["noah"] == 4
    for number, one in enumerate(_first_of_each(hour.pages("noah"))):  # each step within a minute of its time
        assert 0 <= float(one.ts) - (T0 + timedelta(minutes=5 * number)).timestamp() < 60
    assert hour.runtime.database.read(lambda store: store.audit.first_bad_row())[1] is None
    assert hour.runtime.database.read(lambda store: store.timers.failed()) == []


def _first_of_each(pages: list[Message]) -> list[Message]:
    """Each page as it first appeared, without what was sent again."""
    return [one for one in pages if "sent again" not in _first(one).lower()]
