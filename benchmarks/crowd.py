"""Crowd: people who log risks, one every 20 ms, whether the one before is answered or not."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from benchmarks.city import Inhabitant
from benchmarks.still import StillBot
from bot.inbound import Answered, Inbound, Typed

EVERY = 0.02  # seconds between two commands: 3,000 a minute, as many as Riverton lets everybody give together


@dataclass
class Crowd:
    """`/risk add` by everybody in turn; ``took`` in milliseconds, ``logged`` how many the bot has taken."""

    bot: StillBot
    those: list[Inhabitant]
    took: list[float] = field(default_factory=list)
    logged: int = 0
    _numbers: "count[int]" = field(default_factory=count)

    @asynccontextmanager
    async def coming(self) -> AsyncIterator[None]:
        """Have them come meanwhile, and wait for those that came."""
        stop = asyncio.Event()
        coming = asyncio.create_task(self._come(stop))
        try:
            yield
        finally:
            stop.set()
            await coming

    async def _come(self, stop: asyncio.Event) -> None:
        due, under_way = time.perf_counter(), []
        while not stop.is_set():
            under_way.append(asyncio.create_task(self._log(due)))
            due += EVERY
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await asyncio.gather(*under_way)

    async def _log(self, due: float) -> None:
        """One command, timed from when it should have come: a loop that stands still makes people wait too."""
        number = next(self._numbers)
        account = self.those[number % len(self.those)].account
        line = f"/risk add Server room floods {number}; likelihood 2; impact 3"
        reply = {"response_url": "http://127.0.0.1:9/hooks/1"}
        asked = Inbound("slack", account, Typed(line), key=f"bench {number}", channel="D1", reply=reply)
        outcome = await self.bot.runtime.handle(asked)
        self.took.append((time.perf_counter() - due) * 1000)
        self.logged += isinstance(outcome, Answered) and outcome.ok

    def p99(self) -> float:
        took, self.took = self.took, []
        return statistics.quantiles(took, n=100)[98]
