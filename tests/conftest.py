"""What the tests share: a chat at every door."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from bot.settings import Settings
from handlers.kit.city import read_city
from tests.chat.bot import MONDAY, RIVERTON, Bot, settings_for
from tests.chat.clock import SetClock
from tests.chat.desk import DeskChat
from tests.chat.door import Chat
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat
from tests.wires.slack import FakeSlack
from tests.wires.teams import APP_ID, APP_PASSWORD, TENANT, FakeTeams


@pytest.fixture
def clock() -> SetClock:
    return SetClock(MONDAY)


@pytest.fixture
async def desk_chat(tmp_path: Path, clock: SetClock) -> AsyncIterator[DeskChat]:
    bot = Bot(settings_for(tmp_path), clock=clock)
    await bot.start()
    async with ClientSession() as web:
        yield DeskChat(bot, web)
    await bot.stop()


@pytest.fixture
async def slack(clock: SetClock) -> AsyncIterator[FakeSlack]:
    """A workspace with everybody of Riverton in it, a channel for each place, and nobody else."""
    fake = FakeSlack(now=lambda: clock.now().timestamp())
    await fake.start()
    city = read_city(RIVERTON)
    for person in city.people.values():
        fake.add_user(person.id, person.email)
    for place in city.places:
        fake.add_channel(place, members=list(city.people))
    yield fake
    await fake.stop()


@pytest.fixture
async def slack_chat(tmp_path: Path, clock: SetClock, slack: FakeSlack) -> AsyncIterator[SlackChat]:
    bot = Bot(slack_settings(tmp_path, slack), clock=clock)
    await bot.start()
    chat = SlackChat(bot, slack)
    for place in bot.application.runtime.city().places:
        await chat.person("ines").says(f"/city connect {place}", place=place)
    slack.timeline.clear()
    yield chat
    await bot.stop()
    assert slack.refusals == []


def slack_settings(folder: Path, slack: FakeSlack, **keys: object) -> Settings:
    token, secret = SecretStr("xoxb-test"), SecretStr("signing-secret")
    own = {"slack_bot_token": token, "slack_signing_secret": secret, "slack_api_url": slack.api_url, "desk": "off"}
    return settings_for(folder, **{**own, **keys})


@pytest.fixture
async def teams(clock: SetClock) -> AsyncIterator[FakeTeams]:
    """A tenant with everybody of Riverton in one team, and a channel for each place."""
    fake = FakeTeams(now=lambda: clock.now().timestamp())
    city = read_city(RIVERTON)
    for person in city.people.values():
        fake.add_user(person.id, person.email)
    fake.add_team("City", list(city.people), channels=list(city.places))
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def teams_chat(tmp_path: Path, clock: SetClock, teams: FakeTeams) -> AsyncIterator[TeamsChat]:
    bot = Bot(teams_settings(tmp_path, teams), clock=clock)
    await bot.start()
    await teams.install_in_team("City", bot.url)
    chat = TeamsChat(bot, teams)
    for place in bot.application.runtime.city().places:
        await chat.person("ines").there.message(f"city connect {place}", conversation=place)
        await bot.pass_time(seconds=2)
    for person in bot.application.runtime.city().people:
        await chat.person(person).there.install()
    await bot.settle()
    teams.timeline.clear()
    clock.set(MONDAY)
    yield chat
    await bot.stop()
    assert teams.refusals == []


def teams_settings(folder: Path, teams: FakeTeams, **keys: object) -> Settings:
    own = {
        "teams_app_id": APP_ID,
        "teams_app_password": SecretStr(APP_PASSWORD),
        "teams_tenant_id": TENANT,
        "teams_openid_url": teams.openid_url,
        "teams_token_url": teams.token_url,
        "desk": "off",
    }
    return settings_for(folder, **{**own, **keys})


@pytest.fixture(params=["desk", "slack", "teams"])
def chat(request: pytest.FixtureRequest) -> Chat:
    """Everybody of Riverton, at each door in turn."""
    return request.getfixturevalue(f"{request.param}_chat")
