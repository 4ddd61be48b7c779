"""Clock: what time it is, and waiting until another; passed in, so that tests can set it."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, aware and in UTC."""

    async def until(self, moment: datetime) -> None:
        """Wait until a moment; return at once when it has passed."""


class RealClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def until(self, moment: datetime) -> None:
        await asyncio.sleep(max(0.0, (moment - self.now()).total_seconds()))
