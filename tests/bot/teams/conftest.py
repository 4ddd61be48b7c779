"""A city in the fake Teams: the real runtime, delivery and door, on a clock that stands still."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from bot.teams.app import TeamsDoor
from bot.teams.client import Client
from bot.teams.messenger import TeamsMessenger
from bot.teams.posting import Bearings, Post
from bot.teams.render import never
from handlers.kit.city.reading import read_city
from storage.database import Database
from tests.bot.house import CITY, MONDAY, Clock, opened
from tests.bot.house import House as DoorHouse
from tests.chat.teams import upload_app
from tests.sqlite import new_database
from tests.wires.teams import APP_ID, APP_PASSWORD, BOT_ID, TENANT, FakeTeams, TeamsPerson


class House(DoorHouse[TeamsDoor]):
    """One bot in one Teams."""

    def __init__(self, teams: FakeTeams, clock: Clock, database: Database, settings: Settings) -> None:
        super().__init__("teams", clock, database)
        self.teams = teams
        self.opens_at(TeamsDoor(self.runtime, settings))

    def person(self, name: str) -> TeamsPerson:
        return self.teams.person(name, self.url)

    def bind(self, place: str, channel: str) -> None:
        where = self.teams.conversation(channel).id
        self.database.write(lambda store: store.chat.places.bind(place, "teams", where, self.clock.now()))

    def reach(self, person: str) -> tuple[str, str | None] | None:
        """How the bot would write to somebody: their account and the address it has stored."""
        return self.database.read(lambda store: store.chat.people.reach("teams", person))


def settings_for(teams: FakeTeams, **more: Any) -> Settings:
    own = {
        "teams_app_id": APP_ID, "teams_app_password": SecretStr(APP_PASSWORD), "teams_tenant_id": TENANT,
        "teams_openid_url": teams.openid_url, "teams_token_url": teams.token_url,
    }  # fmt: skip
    return Settings(**{**own, **more})


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY)


@pytest.fixture
async def teams(clock: Clock) -> AsyncIterator[FakeTeams]:
    teams = FakeTeams(now=lambda: clock.true.timestamp())
    for name in ("maria", "olga", "sam", "tom", "ines"):
        teams.add_user(name, f"{name}@riverton.example.org")
    teams.add_team("City", ["maria", "olga", "sam", "ines"], channels=["risks"])
    upload_app(teams, read_city(CITY))
    await teams.start()
    yield teams
    await teams.stop()


@pytest.fixture
async def house(teams: FakeTeams, clock: Clock, tmp_path: Path) -> AsyncIterator[House]:
    async for house in opened(House(teams, clock, new_database(tmp_path), settings_for(teams))):
        yield house


@pytest.fixture
async def open_house(teams: FakeTeams, clock: Clock, tmp_path: Path) -> AsyncIterator[House]:
    """A bot without an app id, for this machine's own client."""
    keys = {"teams_app_id": None, "teams_app_password": None, "teams_tenant_id": None, "teams_unauthenticated": True}
    async for house in opened(House(teams, clock, new_database(tmp_path), settings_for(teams, **keys))):
        yield house


@pytest.fixture
async def client(teams: FakeTeams, clock: Clock) -> AsyncIterator[Client]:
    client = Client(clock, teams.token_url, APP_ID, APP_PASSWORD)
    yield client
    await client.close()


def messenger_of(client: Client, teams: FakeTeams) -> TeamsMessenger:
    return TeamsMessenger(Post(client, Bearings(BOT_ID, TENANT, teams.service_url), never))


@pytest.fixture
def messenger(client: Client, teams: FakeTeams) -> TeamsMessenger:
    return messenger_of(client, teams)
