"""Leaves: who is taken out of a team is looked for in all others at once, all who left within a minute by one look."""

import asyncio
import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from bot.everybody import Lists, list_again, list_soon
from bot.runtime import Runtime
from bot.tasks import Tasks
from storage.database import DatabaseUnavailable

log = logging.getLogger("cityops.teams")
LOOK_AGAIN = 60.0  # seconds from one look at all rosters to the next, unless somebody speaks who was taken out
LOOK_SECONDS = 12  # Teams delivers again what is not answered in 15


class Leaves:
    """Lists everybody again when people are taken out of teams, no more than once a minute however many they are."""

    def __init__(self, door: Lists, runtime: Runtime) -> None:
        self.door, self.runtime, self.clock = door, runtime, runtime.clock
        self._doubtful: set[str] = set()
        self._looked_at = float("-inf")
        self._later = Tasks()

    async def left(self, accounts: Iterable[str]) -> None:
        """Look now, or with all others who leave within the minute after the last look."""
        waits = bool(self._doubtful)
        self._doubtful.update(accounts)
        wait = self._looked_at + LOOK_AGAIN - self.clock.monotonic()
        if wait <= 0:
            await self._look()
        elif not waits:
            self._later.begin(self._look_later(timedelta(seconds=wait)))

    async def settle(self, account: str) -> None:
        """Before somebody speaks who was taken out of a team: look, unless that was done since."""
        if account in self._doubtful:
            await self._look()

    async def stop(self) -> None:
        await self._later.cancel()

    async def _look_later(self, wait: timedelta) -> None:
        await self.clock.until(self.clock.now() + wait)
        if self._doubtful:
            await self._look()

    async def _look(self) -> None:
        """Read all rosters; where Teams does not answer, the next look at the lists does, which comes soon then."""
        self._doubtful, self._looked_at = set(), self.clock.monotonic()
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await list_again(self.runtime, self.door)
        except Exception as problem:  # it must not cost the command of somebody who speaks
            log.warning("who is still in a team could not be read", extra={"why": str(problem)})
            await self._look_soon()

    async def _look_soon(self) -> None:
        try:
            await self.runtime.write(partial(list_soon, self.runtime, self.door.platform))
        except DatabaseUnavailable:
            log.exception("the list of accounts is not read before its time")
