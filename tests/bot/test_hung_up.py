"""Hung up: a client that closes the connection in the middle, or sends what is no HTTP, is no error in the log."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.logs import start_logging
from tests.chat.bot import Bot, settings_for
from tests.wires.slack import FakeSlack

HEAD = "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\n"
WORDS = {
    "half of its words": "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{",
    "half of a chunk": "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    "half of its head": "Content-Le",
    "no chunk": "Transfer-Encoding: chunked\r\n\r\nZZ\r\nab",
    "no gzip": "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the log writes to standard error."""
    root, server = logging.getLogger(), logging.getLogger("aiohttp.server")
    kept, filters, stream = root.handlers[:], server.filters[:], io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    start_logging("INFO")
    yield stream
    root.handlers[:], server.filters[:] = kept, filters


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """A bot with every door open."""
    slack = FakeSlack()
    await slack.start()
    keys = {"slack_bot_token": SecretStr("xoxb-test"), "slack_signing_secret": SecretStr("signing-secret")}
    bot = Bot(settings_for(tmp_path, desk="on", teams_unauthenticated=True, slack_api_url=slack.api_url, **keys))
    await bot.start()
    yield bot
    await bot.stop()
    await slack.stop()


async def test_who_hangs_up_is_no_error(bot: Bot, written: io.StringIO) -> None:
    paths = ("/slack/events", "/api/messages", "/desk/say", "/desk/submit", "/nowhere")
    said = [(HEAD + words).format(path=path) for words in WORDS.values() for path in paths]
    await asyncio.gather(*(_hang_up(bot, words, abort) for words in said for abort in (False, True)))
    await _answered(bot)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [line for line in lines if line["level"] in ("ERROR", "WARNING") or "exc_info" in line] == []
    assert "a client hung up before its request had arrived" in written.getvalue()


async def test_who_hangs_up_while_the_answer_is_made_is_no_error(bot: Bot, written: io.StringIO) -> None:
    await asyncio.gather(
        *(
            _hang_up(bot, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", True)
            for path in ("/", "/healthz", "/readyz", "/desk/events?as=sam")
        )
    )
    await _answered(bot)
    assert "ERROR" not in written.getvalue()


async def _hang_up(bot: Bot, words: str, abort: bool) -> None:
    """Say this much, and be gone once the bot has begun to read it."""
    _, writer = await asyncio.open_connection("127.0.0.1", bot.port)
    writer.write(words.encode())
    await writer.drain()
    await _answered(bot)
    if abort:
        writer.transport.abort()
    else:
        writer.close()


async def _answered(bot: Bot) -> None:
    """Ask for something small and read the answer: what arrived before that has been read by then."""
    for _ in range(3):
        reader, writer = await asyncio.open_connection("127.0.0.1", bot.port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert b"200 OK" in await reader.read()
        writer.close()
