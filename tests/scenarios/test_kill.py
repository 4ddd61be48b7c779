"""Kill: the process dies at any moment between the commit and the post; nothing is lost and nothing is doubled."""

import asyncio
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
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


async def _ready(folder: Path, slack: FakeSlack, *database: str) -> asyncio.subprocess.Process:
    """A process that is loaded and waits."""
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.killable", str(folder), slack.api_url, *database, stdin=pipe, stdout=pipe
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


async def test_of_two_replicas_one_is_killed_twenty_times_and_the_other_finishes_its_work(
    tmp_path: Path, workspace: FakeSlack, postgresql_url: str
) -> None:
    channel = workspace.add_channel("risks", members=["sam"])
    runtime = build_runtime(settings_for(tmp_path, database_url=postgresql_url))
    await runtime.write(lambda store: store.places.bind("risks", "slack", channel, runtime.clock.now()))
    chance, acknowledged = random.Random(20261123), set[str]()
    steady, following = [await _ready(tmp_path, workspace, postgresql_url) for _ in range(2)]
    at_steady = workspace.person("sam", await _begin(steady))
    await at_steady.slash("/risk", "list")  # so that sam is known from now on
    for kill in range(KILLS):
        process, following = following, await _ready(tmp_path, workspace, postgresql_url)
        at_killed = workspace.person("sam", await _begin(process))
        titles = [f"Kill {kill} risk {number}" for number in range(2 * EACH)]
        staying, dying = (
            [asyncio.create_task(sam.slash("/risk", f"add {title}; likelihood 5; impact 5")) for title in some]
            for sam, some in ((at_steady, titles[:EACH]), (at_killed, titles[EACH:]))
        )
        await asyncio.wait(dying, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(chance.uniform(0, 0.04))
        await _kill(process)
        replies = await asyncio.gather(*staying, *dying)
        assert all(reply.status == 200 for reply in replies[:EACH])
        acknowledged |= {title for title, reply in zip(titles, replies, strict=True) if reply.status == 200}
    await _kill(following)
    await _until_all_is_sent(runtime.database)
    await _kill(steady)

    found = runtime.database.read(lambda store: store.risks.since(datetime.fromtimestamp(0, UTC)))
    risks = sorted(found, key=lambda one: one.number)  # two replicas number and date them side by side
    announced = Counter(message.shown.splitlines()[0] for message in workspace.messages("risks"))
    assert [risk.number for risk in risks] == list(range(1, len(risks) + 1))
    assert len(acknowledged) > KILLS * EACH
    assert acknowledged <= {risk.title for risk in risks}
    assert sorted(announced.values()) == [1] * len(risks)
    assert runtime.database.read(lambda store: store.audit.first_bad_row())[1] is None
    runtime.database.close()


async def _until_all_is_sent(database: Database) -> None:
    """Wait for the real clock of another process: nothing active is left in its outbox."""
    async with asyncio.timeout(30):
        while database.read(lambda store: store.outbox.counts(datetime.now(UTC))):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
