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
from tests.wires.slack import FakeSlack


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


@pytest.fixture(params=["desk", "slack"])
def chat(request: pytest.FixtureRequest) -> Chat:
    """Everybody of Riverton, at each door in turn."""
    return request.getfixturevalue(f"{request.param}_chat")
