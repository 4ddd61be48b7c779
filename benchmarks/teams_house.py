"""Teams house: the whole bot with its Teams door, and people who write to it in a fake Teams.

Its loops stand still while commands are timed: the way out of an answer is an outbox row, which is written and counted
here and sent in the fan-outs, or the fake platform in this process would be timed as well.
"""

import json
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path

from aiohttp import web

from benchmarks.house import received
from benchmarks.slack_requests import Signed
from bot.application import Application
from bot.interpreter import prepare_to_serve
from bot.teams.app import TeamsDoor
from tests.chat.bot import settings_for, without_limits
from tests.chat.teams import upload_app
from tests.conftest import teams_keys
from tests.wires.teams import FakeTeams
from tests.wires.teams.activities import said

PEOPLE = ("sam", "olga", "rosa", "ben", "yuki", "owen", "leila", "piotr")
_numbers = count(1)


class TeamsHouse:
    """The bot, answering the Bot Connector."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.teams = folder, FakeTeams()

    async def open(self, *, looking: bool = False) -> None:
        """Start, with people who have the bot in their personal chats already."""
        for person in PEOPLE:
            self.teams.add_user(person, f"{person}@riverton.example.org")
        await self.teams.start()
        settings = settings_for(self.folder, desk="off", **teams_keys(self.teams))
        self.application = Application(without_limits(settings))
        prepare_to_serve()
        upload_app(self.teams, self.application.runtime.city())
        port = await self.application.start(looking=looking)
        self.door = next(door for door in self.application.doors if isinstance(door, TeamsDoor))
        for person in PEOPLE:
            await self.teams.person(person, f"http://127.0.0.1:{port}").install()
            await self.teams.person(person, f"http://127.0.0.1:{port}").message("risk list")

    def requests(self, how_many: int) -> list[Signed]:
        """This many different ``risk add``, each with a token, by people in turn."""
        headers = {"Content-Type": "application/json", **self.teams.authorization()}
        return [Signed(body, headers) for body in self._bodies(how_many)]

    def _bodies(self, how_many: int) -> Iterator[bytes]:
        for _, person in zip(range(how_many), cycle(PEOPLE), strict=False):
            user = self.teams.user(person)
            words = f"risk add Server room floods {next(_numbers)}; likelihood 2; impact 3"
            message = self.teams.put(self.teams.personal(user.id).id, user.id, text=words, via="person")
            yield json.dumps(said(self.teams, user, message)).encode()

    def receive(self, request: Signed) -> web.Request:
        return received("/api/messages", request)

    async def answer(self, request: web.Request) -> int:
        return (await self.door.arrive(request)).status

    async def close(self) -> None:
        await self.application.stop()
        await self.teams.stop()
