"""A city in the fake Slack: the real runtime, delivery and door, on a clock that stands still."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

import handlers
from bot.delivery import Delivery
from bot.runtime import Runtime
from bot.settings import Settings
from bot.slack.app import SlackDoor
from bot.slack.client import Client
from bot.slack.messenger import SlackMessenger
from handlers.kit.city.reading import read_city
from handlers.kit.registry import load
from storage.database import Database
from tests.chat.clock import SetClock
from tests.sqlite import new_database
from tests.wires.slack import FakeSlack, SlackPerson

CITY = Path(__file__).parents[3] / "city"
MONDAY = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)  # 07:30 in Riverton


class PassingClock(SetClock):
    """A clock on which a wait takes no real time: it moves on by the seconds that are waited for."""

    def pass_by(self, seconds: float) -> None:
        self.advance(seconds=seconds)


class Clock(PassingClock):
    """A clock that stands still until it is moved; nobody sleeps."""

    async def until(self, moment: datetime) -> None:
        await asyncio.Event().wait()


class House:
    """One bot in one Slack."""

    def __init__(self, slack: FakeSlack, clock: PassingClock, database: Database, settings: Settings) -> None:
        self.slack, self.clock, self.database = slack, clock, database
        city = read_city(CITY)
        self.runtime = Runtime(database, lambda: city, load(handlers), clock, ("slack",))
        self.door = SlackDoor(self.runtime, settings)
        self.delivery = Delivery(self.runtime, {"slack": self.door.messenger})
        self.url = ""

    def person(self, name: str) -> SlackPerson:
        return self.slack.person(name, self.url)

    async def deliver(self) -> None:
        """Carry the outbox until nothing is due any more."""
        while await self.delivery.round():
            await self.delivery.finish()
            self.clock.pass_by(1)

    def bind(self, place: str, channel: str) -> None:
        self.database.write(
            lambda store: store.chat.places.bind(place, "slack", self.slack.channel(channel).id, self.clock.now())
        )


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY)


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[FakeSlack]:
    slack = FakeSlack(now=lambda: clock.true.timestamp())
    for name in ("maria", "olga", "sam", "tom", "ines"):
        slack.add_user(name, f"{name}@riverton.example.org")
    slack.add_channel("risks", ["maria", "sam", "ines"])
    await slack.start()
    yield slack
    await slack.stop()


@pytest.fixture
async def client(slack: FakeSlack) -> AsyncIterator[Client]:
    client = Client("xoxb-test", slack.api_url)
    yield client
    await client.close()


@pytest.fixture
def messenger(client: Client) -> SlackMessenger:
    return SlackMessenger(client)


@pytest.fixture
async def house(slack: FakeSlack, clock: Clock, tmp_path: Path) -> AsyncIterator[House]:
    database = new_database(tmp_path)
    settings = Settings(slack_bot_token="xoxb-test", slack_signing_secret="signing-secret", slack_api_url=slack.api_url)
    house = House(slack, clock, database, settings)
    app = web.Application()
    app.add_routes(house.door.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    house.url = "http://{}:{}".format(*runner.addresses[0][:2])
    await house.door.start()
    yield house
    await house.delivery.stop()
    await house.door.stop()
    await runner.cleanup()
    database.close()
