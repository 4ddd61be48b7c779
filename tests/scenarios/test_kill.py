"""Kill: the process dies at any moment between the commit and the post; nothing is lost and nothing is doubled."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.assembly import build_runtime
from handlers.kit.city.reading import read_city
from storage.database import Database
from tests.chat.bot import RIVERTON, settings_for
from tests.wires.slack import FakeSlack

KILLS = int(os.environ.get("KILLS", "6"))
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


class Killable:
    """A loaded process that begins a bot, again and again."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process, self.bot = process, 0

    async def begin(self) -> str:
        """Begin the bot, and give its address."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        port, self.bot = map(int, (await self._told()).split())
        return f"http://127.0.0.1:{port}"

    async def kill(self) -> None:
        os.kill(self.bot, signal.SIGKILL)
        assert await self._told() == "gone"

    async def _told(self) -> str:
        assert self.process.stdout is not None
        return (await self.process.stdout.readline()).decode().strip()


@pytest.fixture
async def killable(tmp_path: Path, workspace: FakeSlack) -> AsyncIterator[Callable[..., Awaitable[Killable]]]:
    """Gives loaded processes, for the database of the folder or for another one."""
    pipe, loaded = asyncio.subprocess.PIPE, []

    async def load(*database: str) -> Killable:
        command = (sys.executable, "-m", "tests.killable", str(tmp_path), workspace.api_url, *database)
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, start_new_session=True)
        loaded.append(process)
        return Killable(process)

    yield load
    for process in loaded:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def unlimited(folder: Path) -> None:
    """Let one person log more risks within a minute than anybody types."""
    city = folder / "city" / "city.toml"
    text = city.read_text()
    for what, most in (("commands", 60), ("announcements", 30)):
        text = text.replace(f"{what}_a_minute = {most}", f"{what}_a_minute = 1000")
    city.write_text(text)


@pytest.mark.doors
async def test_kills_lose_nothing_and_double_nothing(
    tmp_path: Path, workspace: FakeSlack, killable: Callable[..., Awaitable[Killable]]
) -> None:
    channel = workspace.add_channel("risks", members=["sam"])
    settings = settings_for(tmp_path)
    unlimited(tmp_path)
    runtime = build_runtime(settings)
    await runtime.write(lambda store: store.chat.places.bind("risks", "slack", channel, runtime.clock.now()))
    chance, acknowledged = random.Random(20261122), 0
    dying = await killable()
    for kill in range(KILLS):
        sam = workspace.person("sam", await dying.begin())
        if kill == 0:
            await sam.slash("/risk", "list")  # so that sam is known from now on
        lines = [f"add Kill {kill} risk {number}; likelihood 5; impact 5" for number in range(EACH)]
        sending = [asyncio.create_task(sam.slash("/risk", line)) for line in lines]
        await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(chance.uniform(0, 0.04))
        await dying.kill()
        acknowledged += sum(reply.status == 200 for reply in await asyncio.gather(*sending))
    await dying.begin()
    await _until_all_is_sent(runtime.database)
    await dying.kill()

    logged = runtime.database.read(lambda store: store.risk.records.open_count())
    announced = Counter(message.shown.splitlines()[0] for message in workspace.messages("risks"))
    assert logged >= acknowledged >= KILLS
    assert sum(announced.values()) == logged
    assert set(announced.values()) == {1}
    assert runtime.database.read(lambda store: store.audit.first_bad_row())[1] is None
    runtime.database.close()


@pytest.mark.doors
async def test_of_two_replicas_one_is_killed_again_and_again_and_the_other_finishes_its_work(
    tmp_path: Path, workspace: FakeSlack, postgresql_url: str, killable: Callable[..., Awaitable[Killable]]
) -> None:
    channel = workspace.add_channel("risks", members=["sam"])
    settings = settings_for(tmp_path, database_url=postgresql_url)
    unlimited(tmp_path)
    runtime = build_runtime(settings)
    await runtime.write(lambda store: store.chat.places.bind("risks", "slack", channel, runtime.clock.now()))
    chance, acknowledged = random.Random(20261123), set[str]()
    steady, killed = [await killable(postgresql_url) for _ in range(2)]
    at_steady = workspace.person("sam", await steady.begin())
    await at_steady.slash("/risk", "list")  # so that sam is known from now on
    for kill in range(KILLS):
        at_killed = workspace.person("sam", await killed.begin())
        titles = [f"Kill {kill} risk {number}" for number in range(2 * EACH)]
        staying, dying = (
            [asyncio.create_task(sam.slash("/risk", f"add {title}; likelihood 5; impact 5")) for title in some]
            for sam, some in ((at_steady, titles[:EACH]), (at_killed, titles[EACH:]))
        )
        await asyncio.wait(dying, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(chance.uniform(0, 0.04))
        await killed.kill()
        replies = await asyncio.gather(*staying, *dying)
        assert all(reply.status == 200 for reply in replies[:EACH])
        acknowledged |= {title for title, reply in zip(titles, replies, strict=True) if reply.status == 200}
    await _until_all_is_sent(runtime.database)
    await steady.kill()

    found = runtime.database.read(lambda store: store.risk.records.since(datetime.fromtimestamp(0, UTC)))
    risks = sorted(found, key=lambda risk: risk.number)  # two replicas number and date them side by side
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
        while database.read(lambda store: store.chat.outbox.counts(datetime.now(UTC))):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
