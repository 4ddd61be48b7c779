"""Kill: the process dies at any moment between the commit and the post; nothing is lost and nothing is doubled."""

import asyncio
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.application import build_runtime
from handlers.kit.city import read_city
from storage.database import Database
from tests.chat.bot import RIVERTON, settings_for
from tests.wires.slack import FakeSlack

KILLS = 20
EACH = 4  # risks logged before each kill


@pytest.fixture
async def workspace() -> AsyncIterator[FakeSlack]:
    """Slack on the real clock, which does not hold anybody to its pace."""
    fake = FakeSlack()
    fake.pace = False
    await fake.start()
    for person in read_city(RIVERTON).people.values():
        fake.add_user(person.id, person.email)
    yield fake
    await fake.stop()


async def _ready(folder: Path, slack: FakeSlack) -> asyncio.subprocess.Process:
    """A process that is loaded and waits."""
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.killable", str(folder), slack.api_url, stdin=pipe, stdout=pipe
    )


async def _begin(process: asyncio.subprocess.Process) -> str:
    """Let a process run the bot, and give the bot's address."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"\n")
    return f"http://127.0.0.1:{(await process.stdout.readline()).decode().strip()}"


async def _kill(process: asyncio.subprocess.Process) -> None:
    process.send_signal(signal.SIGKILL)
    await process.wait()


async def test_twenty_kills_lose_nothing_and_double_nothing(tmp_path: Path, workspace: FakeSlack) -> None:
    channel = workspace.add_channel("risks", members=["sam"])
    settings = settings_for(tmp_path)
    runtime = build_runtime(settings)
    await runtime.write(lambda store: store.places.bind("risks", "slack", channel, runtime.clock.now()))
    chance, acknowledged = random.Random(20261122), 0
    following = await _ready(tmp_path, workspace)
    for kill in range(KILLS):
        process, following = following, await _ready(tmp_path, workspace)
        url = await _begin(process)
        sam = workspace.person("sam", url)
        if kill == 0:
            await sam.slash("/risk", "list")  # so that sam is known from now on
        lines = [f"add Kill {kill} risk {number}; likelihood 5; impact 5" for number in range(EACH)]
        sending = [asyncio.create_task(sam.slash("/risk", line)) for line in lines]
        await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(chance.uniform(0, 0.04))
        await _kill(process)
        acknowledged += sum(reply.status == 200 for reply in await asyncio.gather(*sending))
    await _begin(following)
    await _until_all_is_sent(runtime.database)
    await _kill(following)

    logged = runtime.database.read(lambda store: store.risks.open_count())
    announced = Counter(message.shown.splitlines()[0] for message in workspace.messages("risks"))
    assert logged >= acknowledged >= KILLS
    assert sum(announced.values()) == logged
    assert set(announced.values()) == {1}
    assert runtime.database.read(lambda store: store.audit.first_bad_row())[1] is None
    runtime.database.close()


async def _until_all_is_sent(database: Database) -> None:
    """Wait for the real clock of another process: nothing active is left in its outbox."""
    async with asyncio.timeout(30):
        while database.read(lambda store: store.outbox.counts()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
