"""What the tests of the fake Slack share."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from tests.wires.slack import FakeSlack
from tests.wires.stage import Bot, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[FakeSlack]:
    slack = FakeSlack(now=clock)
    slack.add_user("maria", "maria@riverton.example.org")
    slack.add_user("sam", "sam@riverton.example.org")
    slack.add_channel("risks", ["maria", "sam"])
    await slack.start()
    yield slack
    await slack.stop()


@pytest.fixture
async def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient("xoxb-test", base_url=slack.api_url, retry_handlers=[], timeout=1)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    bot = Bot()
    app = web.Application()
    app.router.add_post("/slack/events", bot.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = "http://{}:{}".format(*runner.addresses[0][:2])
    yield bot
    await runner.cleanup()
