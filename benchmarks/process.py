"""Process: what a process of its own takes: seconds and memory until it is ready, and for the shortest command."""

import asyncio
import contextlib
import itertools
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.cases import Case, Figure, Group
from benchmarks.slack_requests import SECRET
from benchmarks.workshop import Workshop
from tests.chat.bot import RIVERTON
from tests.wires.slack import FakeSlack
from tests.wires.teams import APP_ID, APP_PASSWORD, TENANT, FakeTeams

ROOT = Path(__file__).parents[1]
TIMES = 5
READY_SECONDS = 60  # for the slowest machine
SMALLEST = "the smallest servers that cities rent have 512 MB, of which others need some"
KEPT = "kept, so that a change shows"
READY = Case("start to ready with Slack only, s", "s", KEPT, None, "ours")
MEMORY = Case("memory with Slack only, ready, MB", "MB", SMALLEST, 95.0, "ours")
ALL_READY = Case("start to ready with all doors, s", "s", KEPT, None, "ours")
ALL_MEMORY = Case("memory with all doors, ready, MB", "MB", KEPT, None, "ours")
HELP = Case("say --help, whole process, s", "s", "what people type by hand answers at once", 0.5, "ours")


@dataclass(frozen=True)
class Started:
    """How long a process took until it was ready, and how much memory it held then (None where nobody says)."""

    seconds: float
    megabytes: float | None


async def processes(workshop: Workshop) -> list[Figure]:
    """With Slack alone, with every door, and `say --help`; memory only where Linux reports it."""
    async with _slack() as slack, _teams() as teams:
        alone = await _second_start(workshop.folder(), slack)
        everything = await _second_start(workshop.folder(), {**slack, **teams, "DESK": "on"})
    figures = [READY.measured(alone.seconds), ALL_READY.measured(everything.seconds)]
    if alone.megabytes and everything.megabytes:
        figures += [MEMORY.measured(alone.megabytes), ALL_MEMORY.measured(everything.megabytes)]
    return [*figures, HELP.measured(statistics.median(_say_help() for _ in range(TIMES)))]


@contextlib.asynccontextmanager
async def _slack() -> AsyncIterator[dict[str, str]]:
    """The environment of a bot in a Slack."""
    slack = FakeSlack(signing_secret=SECRET)
    await slack.start()
    yield {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": slack.api_url}
    await slack.stop()


@contextlib.asynccontextmanager
async def _teams() -> AsyncIterator[dict[str, str]]:
    """The environment of a bot in a Teams."""
    teams = FakeTeams()
    await teams.start()
    own = {"TEAMS_APP_ID": APP_ID, "TEAMS_APP_PASSWORD": APP_PASSWORD, "TEAMS_TENANT_ID": TENANT}
    yield {**own, "TEAMS_OPENID_URL": teams.openid_url, "TEAMS_TOKEN_URL": teams.token_url}
    await teams.stop()


def _say_help() -> float:
    begun = time.perf_counter()
    arguments = [sys.executable, "-m", "bot", "say", "--help"]
    subprocess.run(arguments, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


async def _second_start(folder: Path, keys: Mapping[str, str]) -> Started:
    """The second start counts: the first one migrates, and keeps Alembic."""
    shutil.copytree(RIVERTON, folder / "city")
    await _started(folder, keys)
    return await _started(folder, keys)


async def _started(folder: Path, keys: Mapping[str, str]) -> Started:
    port, begun = _free_port(), time.perf_counter()
    with (folder / "log").open("w") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=folder, stdout=log, stderr=log,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PORT": str(port), "EMPTY": "1", **keys},
        )  # fmt: skip
        try:
            async with asyncio.timeout(READY_SECONDS):
                await _ready(port)
            return Started(time.perf_counter() - begun, megabytes(process.pid))
        finally:
            process.terminate()
            await process.wait()


async def _ready(port: int) -> None:
    """Ask until the bot says that it is ready."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as web:
        for _ in itertools.count():
            with contextlib.suppress(aiohttp.ClientConnectionError):  # it does not listen yet
                async with web.get("/readyz") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.02)


def megabytes(process: int) -> float | None:
    """Resident memory of a process in MB (1024 * 1024 bytes); None where the system does not tell it."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return None
    lines = status.read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


GROUPS = (Group((READY, MEMORY, ALL_READY, ALL_MEMORY, HELP), processes),)
