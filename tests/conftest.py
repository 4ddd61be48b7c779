"""What the tests share: a chat at every door."""

import gc
import os
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from zlib import crc32

import hypothesis
import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from handlers.kit.city.reading import read_city
from tests.chat.bot import MONDAY, RIVERTON, Bot, settings_for
from tests.chat.clock import SetClock
from tests.chat.connected import connect, port
from tests.chat.desk import DeskChat
from tests.chat.door import Chat
from tests.chat.slack import SlackChat
from tests.chat.teams import PUBLIC_URL, TeamsChat, upload_app
from tests.parity import Parity
from tests.postgresql import postgresql, postgresql_url
from tests.wires.slack import APP_TOKEN, FakeSlack
from tests.wires.teams import APP_ID, APP_PASSWORD, TENANT, FakeTeams

hypothesis.settings.register_profile("cityops", deadline=None)  # how long an example takes says nothing about it
hypothesis.settings.load_profile("cityops")

__all__ = ["postgresql", "postgresql_url"]  # fixtures that are made elsewhere
AT_DOORS = ("chat", "platform_chat", "either_slack_chat")  # fixtures that stand at each door in turn
SECOND = ("slack_socket", "desk_postgresql")  # Slack by another way in, and the desk on another database
ONE_IN = 10  # of those that show what a door can do, how many are tried by the second way each time
LONGEST = ("test_year.py", "test_lives.py", "test_kill.py", "test_crisis_kill.py", "test_weeks.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-parity", action="store_true", help="write docs/parity.md from the scenarios that pass")
    parser.addoption("--write-access", action="store_true", help="write tests/access/matrix.txt, with make access")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "parity(what, door=None): this test shows a row of docs/parity.md")
    config.addinivalue_line("markers", "doors: this test is long, or a copy on another database; make doors runs it")
    config.pluginmanager.register(Parity(config))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the longest first, so that no worker is still busy with one of them when the others have nothing left to do.

    ``make test`` leaves out what is marked ``doors``, and runs a scenario at one door, which its name chooses; one that
    shows what a door can do (``parity``) at every door, and over Socket Mode and on PostgreSQL one in ten of these.
    Name a file, and what is marked in it runs too; name a door, and the test runs there. ``make doors``
    (DOORS=all) runs all at all doors, and with DOORS=others what is left, which is how CI goes on after the tests.
    """
    items.sort(key=lambda item: item.path.name not in LONGEST)
    doors = os.environ.get("DOORS")
    if doors != "all" and not any("[" in named for named in config.args):
        left = _at_other_doors(items)
        if [Path(named).name for named in config.args] == config.getini("testpaths"):
            left |= {item for item in items if item.get_closest_marker("doors")}
        if doors == "others":
            left = set(items) - left
        config.hook.pytest_deselected(items=list(left))
        items[:] = [item for item in items if item not in left]


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what was imported and collected, which stays until the end."""
    gc.collect()
    gc.freeze()


def _at_other_doors(items: list[pytest.Item]) -> set[pytest.Item]:
    """The scenarios at doors where they need not run each time."""
    same: dict[str, list[tuple[str, pytest.Item]]] = defaultdict(list)
    for item in items:
        given = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        door = next((str(given[name]) for name in AT_DOORS if name in given), None)
        if door:
            others = {name: value for name, value in given.items() if name not in AT_DOORS}
            same[f"{item.nodeid.partition('[')[0]} {others}"].append((door, item))
    left: set[pytest.Item] = set()
    for name, at_doors in same.items():
        chosen = _chosen(name, [door for door, _ in at_doors], at_doors[0][1].get_closest_marker("parity") is not None)
        left |= {item for door, item in at_doors if door not in chosen}
    return left


def _chosen(name: str, doors: list[str], shows: bool) -> list[str]:
    """The doors at which a scenario of this name runs each time; ``shows``: whether it shows what a door can do."""
    drawn = crc32(name.encode())
    first = [door for door in doors if door not in SECOND] or doors
    if not shows:
        return [first[drawn % len(first)]]
    return first if drawn % ONE_IN else doors


@pytest.fixture
def clock() -> SetClock:
    return SetClock(MONDAY)


@pytest.fixture
async def desk_chat(tmp_path: Path, clock: SetClock) -> AsyncIterator[DeskChat]:
    async for chat in _at_the_desk(Bot(settings_for(tmp_path), clock=clock)):
        yield chat


@pytest.fixture
async def desk_postgresql_chat(tmp_path: Path, clock: SetClock, postgresql_url: str) -> AsyncIterator[DeskChat]:
    """The same with everything kept in PostgreSQL."""
    async for chat in _at_the_desk(Bot(settings_for(tmp_path, database_url=postgresql_url), clock=clock)):
        yield chat


async def _at_the_desk(bot: Bot) -> AsyncIterator[DeskChat]:
    await bot.start()
    async with ClientSession() as web:
        yield DeskChat(bot, web)
    await bot.stop()


@pytest.fixture
async def slack(clock: SetClock) -> AsyncIterator[FakeSlack]:
    """A workspace with everybody of Riverton in it, a channel for each place, and nobody else."""
    fake = FakeSlack(now=lambda: clock.true.timestamp())
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
    async for chat in _in_slack(Bot(settings_for(tmp_path, **slack_keys(slack)), clock=clock), slack):
        yield chat


@pytest.fixture
async def slack_socket_chat(tmp_path: Path, clock: SetClock, slack: FakeSlack) -> AsyncIterator[SlackChat]:
    """The same over Socket Mode: nothing reaches the bot from outside."""
    keys = slack_keys(slack) | {"slack_signing_secret": None, "slack_app_token": SecretStr(APP_TOKEN)}
    async for chat in _in_slack(Bot(settings_for(tmp_path, **keys), clock=clock), slack):
        yield chat


async def _in_slack(bot: Bot, slack: FakeSlack) -> AsyncIterator[SlackChat]:
    await bot.start()
    chat = SlackChat(bot, slack, via_socket=bool(slack.sockets.open))
    for place in bot.application.runtime.city().places:
        await chat.connects(place, channel=place)
    slack.timeline.clear()
    yield chat
    await bot.stop()
    assert slack.refusals == []


def slack_keys(slack: FakeSlack) -> dict[str, object]:
    """The settings of a bot that is connected to this Slack."""
    token, secret = SecretStr("xoxb-test"), SecretStr("signing-secret")
    return {"slack_bot_token": token, "slack_signing_secret": secret, "slack_api_url": slack.api_url}


@pytest.fixture
async def teams(clock: SetClock) -> AsyncIterator[FakeTeams]:
    """A tenant with everybody of Riverton in one team, and a channel for each place."""
    fake = FakeTeams(now=lambda: clock.true.timestamp())
    city = read_city(RIVERTON)
    for person in city.people.values():
        fake.add_user(person.id, person.email)
    fake.add_team("City", list(city.people), channels=list(city.places))
    upload_app(fake, city)
    await fake.start(port())
    yield fake
    await fake.stop()


@pytest.fixture
async def teams_chat(tmp_path: Path, clock: SetClock, teams: FakeTeams) -> AsyncIterator[TeamsChat]:
    bot = Bot(await connect(tmp_path, teams, **teams_keys(teams)), clock=clock)
    await bot.start()
    yield TeamsChat(bot, teams)
    await bot.stop()
    assert teams.refusals == []


def teams_keys(teams: FakeTeams) -> dict[str, object]:
    """The settings of a bot that is connected to this Teams."""
    return {
        "teams_app_id": APP_ID,
        "teams_app_password": SecretStr(APP_PASSWORD),
        "teams_tenant_id": TENANT,
        "teams_openid_url": teams.openid_url,
        "teams_token_url": teams.token_url,
        "public_url": PUBLIC_URL,
    }


@pytest.fixture(params=["desk", "desk_postgresql", "slack", "slack_socket", "teams"])
def chat(request: pytest.FixtureRequest) -> Chat:
    """Everybody of Riverton, at each door in turn."""
    found: Chat = request.getfixturevalue(f"{request.param}_chat")
    return found


@pytest.fixture(params=["slack", "slack_socket", "teams"])
def platform_chat(request: pytest.FixtureRequest) -> SlackChat | TeamsChat:
    """The same where people have accounts and channels that are not the bot's own."""
    found: SlackChat | TeamsChat = request.getfixturevalue(f"{request.param}_chat")
    return found


@pytest.fixture(params=["slack", "slack_socket"])
def either_slack_chat(request: pytest.FixtureRequest) -> SlackChat:
    """The same in Slack, over HTTP and over Socket Mode."""
    found: SlackChat = request.getfixturevalue(f"{request.param}_chat")
    return found
