"""Pulse: how late an event loop is with what it should do at once."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

BEAT = 0.005  # seconds


class Beats:
    """How late each beat came, in milliseconds."""

    def __init__(self) -> None:
        self.late: list[float] = []

    @property
    def worst(self) -> float:
        return max(self.late, default=0.0)


@asynccontextmanager
async def pulse() -> AsyncIterator[Beats]:
    """Have the loop beat every 5 ms while something else goes on in it."""
    beats = Beats()

    async def beat() -> None:
        while True:
            due = time.perf_counter() + BEAT
            await asyncio.sleep(BEAT)
            beats.late.append(max(0.0, time.perf_counter() - due) * 1000)

    beating = asyncio.create_task(beat())
    try:
        yield beats
    finally:
        beating.cancel()
        await asyncio.wait({beating})
