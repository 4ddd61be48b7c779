"""Connected: a Teams in which everybody has the bot, connected once per process and the same again for each test."""

import socket
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.settings import Settings
from tests.chat.bot import MONDAY, Bot, settings_for
from tests.chat.clock import SetClock
from tests.chat.teams import TeamsChat
from tests.wires.teams import FakeTeams, Kept

_connected: list[tuple[bytes, Kept]] = []  # the bot's database and what Teams keeps, once somebody asked for them


@cache
def port() -> socket.socket:
    """The port of 127.0.0.1 that is Teams' own in this process: the bot keeps its address."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    return held


async def connect(folder: Path, teams: FakeTeams, **keys: object) -> Settings:
    """The settings of a bot in this folder that everybody of this Teams has, and that knows all of its places."""
    if not _connected:
        _connected.append(await _installed_by_all(teams, **keys))
    database, kept = _connected[0]
    teams.take_up(kept)
    (folder / "cityops.db").write_bytes(database)
    return settings_for(folder, **keys)


async def _installed_by_all(teams: FakeTeams, **keys: object) -> tuple[bytes, Kept]:
    with TemporaryDirectory() as folder:
        bot = Bot(settings_for(Path(folder), **keys), clock=SetClock(MONDAY))
        await bot.start()
        await teams.install_in_team("City", bot.url)
        chat = TeamsChat(bot, teams)
        for place in bot.application.runtime.city().places:
            await chat.connects(place, channel=place)
        for person in bot.application.runtime.city().people:
            await chat.person(person).there.install()
        await bot.settle()
        await bot.stop()
        for said in (teams.timeline, teams.posts, teams.calls):
            said.clear()
        return (Path(folder) / "cityops.db").read_bytes(), teams.kept()
