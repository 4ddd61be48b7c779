"""Clock: what time it is, and waiting until another; passed in, so that tests can set it."""

import asyncio
import sys
import time
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol
from uuid import uuid4

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")  # Linux: another one after each start of the machine


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, aware and in UTC."""

    def monotonic(self) -> float:
        """Seconds that pass however the clock is set, from an arbitrary start."""

    async def until(self, moment: datetime) -> None:
        """Wait until a moment; return at once when it has passed. Setting the clock changes nothing about how long."""


class MachineClock(Clock, Protocol):
    """The clock of a machine, which somebody may set wrongly; ``is_real`` says that it should agree with the
    database's clock, which one in a test need not."""

    is_real: bool

    def stamp(self) -> float:
        """Seconds since 1970 by this machine's clock: what signatures that others made by their own clock are compared
        with. A clock in a test gives the real ones."""

    @property
    def boot(self) -> str:
        """The run of the machine within which :meth:`monotonic` can be compared, also after the bot has restarted."""


class RealClock:
    """This machine's clock."""

    is_real = True

    def stamp(self) -> float:
        return time.time()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """It counts on while the machine is suspended, as the wall clock does: after that the two still agree."""
        if sys.platform == "linux":
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        if sys.platform == "darwin":  # where time.monotonic() stands still meanwhile
            return time.clock_gettime(time.CLOCK_MONOTONIC)
        return time.monotonic()

    async def until(self, moment: datetime) -> None:
        await asyncio.sleep(max(0.0, (moment - self.now()).total_seconds()))

    @cached_property
    def boot(self) -> str:
        try:
            return BOOT_ID.read_text().strip()
        except OSError:  # elsewhere no start of the bot knows of the one before it
            return uuid4().hex
