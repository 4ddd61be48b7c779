"""House: the whole bot with its Slack door, as it runs: real clock, loops and SQLite file; Slack is a fake one."""

from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from pydantic import SecretStr

from benchmarks.slack_requests import SECRET, Signed
from bot.application import Application
from tests.chat.bot import settings_for, without_limits
from tests.wires.slack import FakeSlack


class House:
    """The bot, answering what bolt would hand it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.slack = FakeSlack(signing_secret=SECRET)

    async def open(self) -> str:
        """Start, and give the account of somebody who is known already."""
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
        self.port = await self.application.start()
        await self.slack.person(self.user, f"http://127.0.0.1:{self.port}").slash("/risk", "list")
        self.door = next(door for door in self.application.doors if door.platform == "slack")
        return self.user

    def receive(self, request: Signed) -> web.Request:
        """The request as the web server hands it over, its body read; made before the clock runs."""
        received = make_mocked_request("POST", "/slack/events", headers=request.headers)
        received._read_bytes = request.body
        return received

    async def answer(self, request: web.Request) -> int:
        """Answer one request; gives the HTTP status."""
        return int((await self.door.arrive(request)).status)  # type: ignore[attr-defined]

    async def close(self) -> None:
        await self.application.stop()
        await self.slack.stop()
