"""A city in the fake Slack: the real runtime, delivery and door, on a clock that stands still."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.slack.app import SlackDoor
from bot.slack.client import Client
from bot.slack.messenger import SlackMessenger
from storage.database import Database
from tests.bot.house import MONDAY, Clock, PassingClock, opened
from tests.bot.house import House as DoorHouse
from tests.sqlite import new_database
from tests.wires.slack import FakeSlack, SlackPerson


class House(DoorHouse[SlackDoor]):
    """One bot in one Slack."""

    def __init__(self, slack: FakeSlack, clock: PassingClock, database: Database, settings: Settings) -> None:
        super().__init__("slack", clock, database)
        self.slack = slack
        self.opens_at(SlackDoor(self.runtime, settings))

    def person(self, name: str) -> SlackPerson:
        return self.slack.person(name, self.url)

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
    async for house in opened(House(slack, clock, database, settings)):
        yield house
