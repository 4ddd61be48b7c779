"""Process: what a process of its own takes: memory of a bot with Slack alone, seconds of the shortest command."""

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
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from benchmarks.slack_requests import SECRET
from tests.chat.bot import RIVERTON
from tests.wires.slack import FakeSlack

ROOT = Path(__file__).parents[1]
MEMORY, HELP = "run with Slack only, ready: MB", "say --help, whole process: s"
BOUNDS = {MEMORY: 90.0, HELP: 0.5}
TIMES = 5
READY_SECONDS = 60  # for the slowest machine


async def process_figures(folder: Path) -> dict[str, float]:
    """The figures that have a bound; memory only where Linux reports it."""
    figures = {HELP: statistics.median(_say_help() for _ in range(TIMES))}
    return {MEMORY: await _memory(folder), **figures} if sys.platform == "linux" else figures


def _say_help() -> float:
    begun = time.perf_counter()
    arguments = [sys.executable, "-m", "bot", "say", "--help"]
    subprocess.run(arguments, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


async def _memory(folder: Path) -> float:
    """Resident memory in MB (1024 * 1024 bytes) of the second start: the first one migrates, and keeps Alembic."""
    slack = FakeSlack(signing_secret=SECRET)
    await slack.start()
    shutil.copytree(RIVERTON, folder / "city", dirs_exist_ok=True)
    keys = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": slack.api_url}
    try:
        await _resident(folder, keys)
        return await _resident(folder, keys)
    finally:
        await slack.stop()


async def _resident(folder: Path, keys: Mapping[str, str]) -> float:
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=folder, stdout=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PORT": str(port), **keys},
    )  # fmt: skip
    try:
        async with asyncio.timeout(READY_SECONDS):
            await _ready(port)
        return _megabytes(process.pid)
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
            await asyncio.sleep(0.05)


def _megabytes(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
