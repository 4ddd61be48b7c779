"""Clock: a clock that stands until a test moves it, and that can be set wrongly."""

import asyncio
import time
from datetime import datetime, timedelta


class SetClock:
    """A clock for tests; code that waits for a moment goes on when enough time has passed.

    ``set`` and ``advance`` let time pass: they move what the clock shows and its monotonic seconds. ``step_wall`` is
    somebody who sets the clock: only what it shows moves. ``true`` is the time that the platforms have, and where
    ``is_real`` the database too.
    """

    def __init__(self, moment: datetime, boot: str = "the-first-boot", *, is_real: bool = False) -> None:
        self.true, self.boot, self.is_real = moment, boot, is_real
        self.awaited: list[datetime] = []  # the moments for which code waits
        self._wrong_by = timedelta()
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return self.true + self._wrong_by

    def monotonic(self) -> float:
        return self.true.timestamp()

    def stamp(self) -> float:
        return time.time() + self._wrong_by.total_seconds()

    async def until(self, moment: datetime) -> None:
        end = self.true + (moment - self.now())
        self.awaited.append(end)
        try:
            while self.true < end:
                await self._moved.wait()
        finally:
            self.awaited.remove(end)

    def set(self, moment: datetime) -> None:
        """Let time pass until the clock shows a moment."""
        self.true = moment - self._wrong_by
        self._moved.set()
        self._moved = asyncio.Event()

    def advance(self, **span: float) -> None:
        self.set(self.now() + timedelta(**span))

    def step_wall(self, **span: float) -> None:
        """Set the clock by so much ahead (less than nothing: back), while no time passes."""
        self._wrong_by += timedelta(**span)
