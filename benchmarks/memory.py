"""Memory: whether a bot that answers many commands grows. It runs in a process of its own, so that nothing else counts.

The commands are those that cost least, so that there can be many: nine of ten only read, and each tenth logs a risk.
"""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.cases import Case, Figure, Group
from benchmarks.house import House
from benchmarks.process import ROOT, megabytes
from benchmarks.proof import check
from benchmarks.slack_requests import Signed, risk_add, signed
from benchmarks.workshop import Workshop
from bot.logs import start_logging

AT_ONCE = 500  # requests that are made before they are answered
EACH = 10_000
GROWTH = Case(
    "memory growth per 10,000 commands after the first 20,000, MB", "MB",
    "a bot that runs for years without a start stays as it is; a megabyte is what the allocator moves",
    1.0, "ours",
)  # fmt: skip
READS = ("help", "help risk", "city contacts", "city absences")


async def memory(workshop: Workshop) -> list[Figure]:
    """Megabytes by which it grows; nothing where the system does not tell them."""
    size, folder = workshop.size, workshop.folder()
    with (folder / "log").open("w") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.memory", str(folder), str(size.settled), str(size.commands),
            cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=log,
        )  # fmt: skip
        told, _ = await process.communicate()
    assert process.returncode == 0, "the commands were not all answered"
    settled, end = json.loads(told)
    if settled is None:
        return []
    note = f"{settled:.0f} MB after {size.settled:,}, {end:.0f} MB after {size.commands:,} commands"
    return [GROWTH.measured((end - settled) / (size.commands - size.settled) * EACH, note=note)]


def _commands(user: str) -> Iterator[Signed]:
    """Endless commands."""
    while True:
        for number in range(9):
            yield signed(user, "/city", READS[number % len(READS)])
        yield from risk_add(user, 1)


async def answer(folder: Path, settled: int, commands: int) -> tuple[float | None, float | None]:
    """Answer so many; megabytes after the first ones and at the end."""
    house = House(folder)
    await house.open()
    coming, at = _commands(house.user), list[float | None]()
    try:
        for count in (settled, commands - settled):
            for first in range(0, count, AT_ONCE):
                for request in islice(coming, min(AT_ONCE, count - first)):
                    assert await house.answer(house.receive(request)) == 200
            at.append(megabytes(os.getpid()))
        await check(house.application.runtime, risks=commands // 10)
    finally:
        await house.close()
    return at[0], at[1]


GROUPS = (Group((GROWTH,), memory),)

if __name__ == "__main__":
    start_logging("INFO")
    print(json.dumps(asyncio.run(answer(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))))
