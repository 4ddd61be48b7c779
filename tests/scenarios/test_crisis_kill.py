"""Crisis kill: the bot dies at random moments of a crisis's first hour; every page is sent, none after its answer."""

import asyncio
import json
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.assembly import build_runtime
from bot.runtime import Runtime
from handlers.kit.city.reading import read_city
from storage.database import Store
from tests.bound import bound
from tests.chat.bot import RIVERTON, Bot, settings_for
from tests.chat.clock import SetClock
from tests.chat.teams import TeamsChat, upload_app
from tests.conftest import teams_keys
from tests.killable import TEAMS, FileClock, set_clock
from tests.scenarios.test_kill import Killable
from tests.wires.slack import FakeSlack
from tests.wires.slack.workspace import Message as SlackMessage
from tests.wires.teams import FakeTeams
from tests.wires.teams.records import Message as TeamsMessage
from tests.wires.teams.words import words

KILLS = int(os.environ.get("KILLS", "3"))
T0 = datetime(2026, 11, 23, 14, 0, 30, tzinfo=UTC)
TICK = timedelta(seconds=20)  # how far the clock goes at once: a step may be seen as much after its time
HOUR = 180  # ticks
ANSWERS = {6: "tom", 18: "felix", 27: "ines", 36: "victor", 51: "hugo"}  # who answers at which tick
STEP, LATE = 5 * 60, 60  # seconds
HALF = ("dana", "marcus", "felix", "victor", "grace", "noah", "ines", "leila", "owen")


@dataclass
class Wires:
    """The platforms of one test, on its clock: who is not in Teams is in Slack."""

    slack: FakeSlack | None
    teams: FakeTeams | None
    in_teams: tuple[str, ...]

    @property
    def slack_url(self) -> str:
        return self.slack.api_url if self.slack else ""

    def calls(self, person: str) -> list["Call"]:
        """How somebody was called, oldest first, each as it first appeared."""
        if self.teams and person in self.in_teams:
            found = [Call(_said(post), int(post.id) / 1000, post) for post in self.teams.direct_messages(person)]
        else:
            assert self.slack is not None
            found = [Call(_first(post), float(post.ts), post) for post in self.slack.direct_messages(person)]
        return [call for call in found if "you are needed" in call.text.splitlines()[0]]

    async def says(self, person: str, words: str, url: str) -> None:
        if self.teams and person in self.in_teams:
            reply: Any = await self.teams.person(person, url).message(words)
        else:
            assert self.slack is not None
            group, _, rest = words.partition(" ")
            reply = await self.slack.person(person, url).slash(f"/{group}", rest)
        assert reply.status == 200

    async def comes(self, person: str, call: "Call", url: str) -> None:
        if isinstance(call.message, SlackMessage):
            assert self.slack is not None
            reply: Any = await self.slack.person(person, url).press(call.message, label="On my way")
        else:
            assert self.teams is not None
            reply = await self.teams.person(person, url).press(call.message, title="On my way")
        assert reply.status == 200


@dataclass(frozen=True)
class Call:
    """A page as it first appeared, and when (seconds since 1970)."""

    text: str
    at: float
    message: Any


@pytest.fixture(params=["slack", *(pytest.param(door, marks=pytest.mark.doors) for door in ("teams", "mixed"))])
async def wires(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Wires]:
    """Everybody in Slack, everybody in Teams, or half here and half there; a channel for each place."""
    set_clock(tmp_path, T0)
    clock, city = FileClock(tmp_path / "clock"), read_city(RIVERTON)
    in_teams = {"slack": (), "teams": tuple(city.people), "mixed": HALF}[request.param]
    slack = None if request.param == "teams" else FakeSlack(now=lambda: clock.now().timestamp())
    teams = None if request.param == "slack" else FakeTeams(now=lambda: clock.now().timestamp())
    for fake in (slack, teams):
        if fake:
            fake.pace = False
            await fake.start()
    if slack:
        others = [member.id for member in city.people.values() if member.id not in in_teams]
        for person in others:
            slack.add_user(person, city.people[person].email)
        for place in city.places:
            slack.add_channel(place, members=others)
    if teams:
        await _settle_in(tmp_path, teams, in_teams)
    yield Wires(slack, teams, in_teams)
    for fake in (slack, teams):
        if fake:
            await fake.stop()


async def _settle_in(folder: Path, teams: FakeTeams, people: tuple[str, ...]) -> None:
    """A bot that is not killed yet gets to know the team, its places and everybody in it."""
    city = read_city(RIVERTON)
    for person in people:
        teams.add_user(person, city.people[person].email)
    admin = "ines" if "ines" in people else people[0]
    teams.add_team("City", list(people), channels=list(city.places))
    upload_app(teams, city)
    keys = teams_keys(teams)
    bot = Bot(settings_for(folder, **keys), clock=SetClock(T0))
    await bot.start()
    await teams.install_in_team("City", bot.url)
    chat = TeamsChat(bot, teams)
    for place in city.places:
        await chat.person(admin).there.message(f"city connect {place}", conversation=place)
        await bot.pass_time(seconds=2)
    for person in people:
        await chat.person(person).there.install()
    await bot.settle()
    await bot.stop()
    teams.timeline.clear()
    plain = {name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in keys.items()}
    (folder / TEAMS).write_text(json.dumps(plain))


@pytest.fixture
async def killable_at(tmp_path: Path) -> AsyncIterator[Callable[[str], Awaitable[Killable]]]:
    """Gives the loaded process of a bot for a Slack, or for none."""
    loaded: list[asyncio.subprocess.Process] = []

    async def load(slack_url: str) -> Killable:
        pipe, command = asyncio.subprocess.PIPE, (sys.executable, "-m", "tests.killable", str(tmp_path), slack_url)
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, start_new_session=True)
        loaded.append(process)
        return Killable(process)

    yield load
    for process in loaded:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


class Hour:
    """The first hour of a crisis, tick by tick, around a bot that may die."""

    def __init__(self, folder: Path, wires: Wires, bot: Killable) -> None:
        self.folder, self.wires, self.bot = folder, wires, bot
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

    async def tick(self, number: int) -> None:
        set_clock(self.folder, max(self.runtime.clock.now(), T0 + number * TICK))
        self.look()

    def look(self) -> None:
        os.kill(self.bot.bot, signal.SIGUSR1)

    async def settle(self) -> None:
        """Wait until all that is due now has been done; seconds of the bot's clock pass where it waits for them."""
        async with asyncio.timeout(60):
            while await self.runtime.read(self._is_busy):
                set_clock(self.folder, self.runtime.clock.now() + timedelta(milliseconds=200))
                self.look()
                await asyncio.sleep(0.02)

    def _is_busy(self, store: Store) -> bool:
        now = self.runtime.clock.now()
        counts = store.chat.outbox.counts(now)
        left = sum(counts.get(state, 0) for state in ("pending", "sending", "unknown"))
        return bool(left or store.time.timers.due(now, 1) or store.time.occurrences.due(now, 1))

    async def answer(self, person: str) -> None:
        self.answered[person] = self.runtime.clock.now().timestamp()
        await self.wires.comes(person, self.wires.calls(person)[-1], self.url)


def _first(message: SlackMessage) -> str:
    """The words with which a message appeared."""
    return (message.edits[0] if message.edits else message).shown


def _said(message: TeamsMessage) -> str:
    card = (message.edits[0] if message.edits else message).card
    return "\n".join(words(card["body"])) if card else message.text


@pytest.mark.doors
async def test_every_page_of_the_first_hour_is_sent_and_none_after_its_answer(
    tmp_path: Path, wires: Wires, killable_at: Callable[[str], Awaitable[Killable]]
) -> None:
    chance = random.Random(20261124)
    hour = Hour(tmp_path, wires, await killable_at(wires.slack_url))
    for place in read_city(RIVERTON).places if wires.slack else ():
        channel = wires.slack.channel(place).id if wires.slack else ""
        await hour.runtime.write(
            bound(lambda store, place, there: store.chat.places.bind(place, "slack", there, T0), place, channel)
        )
    await hour.begin()
    deaths = Counter(chance.choices(range(HOUR), k=KILLS))
    await wires.says("olga", "crisis activate Water main burst; level 2", hour.url)
    for number in range(HOUR):
        await hour.tick(number)
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
    called = hour.runtime.database.read(lambda store: store.crisis.pages.of("CR-2026-01"))
    assert len(called) > 10
    for page in called:
        seen = hour.wires.calls(page.person)
        once = [call for call in seen if "sent again" not in call.text.lower()]
        titles = {_number(call) for call in seen}
        assert titles == {str(number) for number in range(1, page.times + 1)}, page.person
        assert len(once) <= page.times, page.person
        late = [call for call in seen if call.at > hour.answered.get(page.person, 1e12) + 1]
        assert late == [], page.person
    times = {page.person: page.times for page in called}
    assert (times["tom"], times["felix"], times["dana"]) == (1, 2, 1)  # dana: tom comes, and one commander is enough
    assert times["noah"] == 4
    begun = [next(call.at for call in hour.wires.calls("noah") if _number(call) == str(step)) for step in (1, 2, 3, 4)]
    assert begun[0] - T0.timestamp() < LATE
    for before, after in pairwise(begun):  # each step within a minute of its time, which counts from the one before
        assert -LATE < after - before - STEP < LATE
    assert hour.runtime.database.read(lambda store: store.audit.first_bad_row())[1] is None
    assert hour.runtime.database.read(lambda store: store.faults.all()) == []


def _number(call: Call) -> str:
    """Which page of somebody it is, as its title says."""
    return call.text.splitlines()[0].partition("(page ")[2].rstrip(")") or "1"
