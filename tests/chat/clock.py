"""Clock: a clock that stands until a test moves it."""

import asyncio
from datetime import datetime, timedelta


class SetClock:
    """A clock for tests; whoever waits for a moment goes on when the clock is set past it."""

    def __init__(self, moment: datetime) -> None:
        self._now = moment
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    async def until(self, moment: datetime) -> None:
        while self._now < moment:
            await self._moved.wait()

    def set(self, moment: datetime) -> None:
        self._now = moment
        self._moved.set()
        self._moved = asyncio.Event()

    def advance(self, **span: float) -> None:
        self.set(self._now + timedelta(**span))
