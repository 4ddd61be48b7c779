"""Tasks: what goes on in the background; one that breaks is in the log, once."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger("cityops.tasks")


class Tasks:
    """Tasks that are held until they end: asyncio itself forgets one that nobody holds, and its exception with it."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._running)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something in the background."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def finish(self) -> None:
        """Wait until all have ended, also those that they begin."""
        while self._running:
            await asyncio.wait(self._running)

    async def wait(self, seconds: float) -> None:
        """Wait until all that runs now has ended, but not longer than this."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)

    async def cancel(self) -> None:
        """End all of them, and wait until they have ended."""
        for task in self._running:
            task.cancel()
        await self.finish()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (problem := task.exception()):
            log.error("what went on in the background broke", exc_info=problem)
