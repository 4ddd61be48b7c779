"""House: the whole bot with its Slack door, as it runs: real clock, loops and SQLite file; Slack is a fake one."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace

from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from pydantic import SecretStr

from benchmarks.slack_requests import SECRET, Signed, risk_add
from bot.application import Application
from bot.interpreter import prepare_to_serve
from bot.slack.app import SlackDoor
from tests.chat.bot import settings_for, without_limits
from tests.wires.slack import FakeSlack


class House:
    """The bot, answering what bolt would hand it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.slack = FakeSlack(signing_secret=SECRET)

    async def open(self, *, looking: bool = True) -> None:
        """Start, with somebody who is known already; nothing is planned or sent where it does not look."""
        await self.slack.start()
        self.user = self.slack.add_user("sam", "sam@riverton.example.org")
        settings = settings_for(
            self.folder,
            slack_bot_token=SecretStr("xoxb-test"),
            slack_signing_secret=SecretStr(SECRET),
            slack_api_url=self.slack.api_url,
            desk="off",
        )
        self.application = Application(without_limits(settings))
        prepare_to_serve()
        self.port = await self.application.start(looking=looking)
        await self.slack.person(self.user, f"http://127.0.0.1:{self.port}").slash("/risk", "list")
        self.door = next(door for door in self.application.doors if isinstance(door, SlackDoor))

    def requests(self, how_many: int) -> list[Signed]:
        """This many different ``/risk add``."""
        return risk_add(self.user, how_many)

    def receive(self, request: Signed) -> web.Request:
        """The request as the web server hands it over, its body read; made before the clock runs."""
        return received("/slack/events", request)

    async def answer(self, request: web.Request) -> int:
        """Answer one request; gives the HTTP status."""
        return (await self.door.arrive(request)).status

    async def close(self) -> None:
        await self.application.stop()
        await self.slack.stop()


def received(path: str, request: Signed) -> web.Request:
    """A request with its body, as the web server hands it over."""
    there = _empty(path).clone(headers=request.headers)
    there._read_bytes = request.body
    return there


@cache
def _empty(path: str) -> web.Request:
    """What all requests to a path have in common; aiohttp takes milliseconds to make one up.

    Of the connection only what is asked for stands there: aiohttp's stand-in remembers each question for ever.
    """
    connection = SimpleNamespace(peername=None, sockname=None, ssl_context=None)
    return make_mocked_request("POST", path, protocol=connection)
