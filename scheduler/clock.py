"""Clock: APScheduler as the alarm clock that wakes the ledger; it decides nothing.

It keeps no jobs of its own: instants come from the calendar, because its cron triggers skip or double whole days
around clock changes. A wake-up that comes late is one wake-up, never several.
"""

from collections.abc import Callable

LOOK_EVERY = 2  # seconds; what another process has written is seen by this look


class AlarmClock:
    """Calls ``wake`` every few seconds of real time while it runs."""

    def __init__(self, wake: Callable[[], None]) -> None:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # only in a bot that runs: it takes long to load

        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._wake = wake

    async def _ring(self) -> None:
        self._wake()

    def start(self) -> None:
        """Begin, on the running event loop."""
        self._scheduler.add_job(
            self._ring, "interval", seconds=LOOK_EVERY, coalesce=True, misfire_grace_time=None, max_instances=1
        )
        self._scheduler.start()

    def set_again(self) -> None:
        """Count from now on: it goes by the machine's clock, and would stay silent after that was set back."""
        for job in self._scheduler.get_jobs():
            job.reschedule("interval", seconds=LOOK_EVERY)

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)
