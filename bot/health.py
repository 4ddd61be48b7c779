"""Health: when the bot has last planned, fired, delivered and written, and what has not succeeded for too long."""

from datetime import datetime, timedelta

from bot.clock import Clock
from handlers.kit.faults import PARTS, STALE, stuck_lines
from handlers.kit.time.calendar import Calendar


class Health:
    """The last success of each part, of this process."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._worked: dict[str, float] = dict.fromkeys(PARTS, clock.monotonic())

    def worked(self, part: str) -> None:
        """Note that a part has just done what there was to do; other parts, such as tidying up, are not watched."""
        if part in PARTS:
            self._worked[part] = self.clock.monotonic()

    @property
    def ages(self) -> dict[str, float]:
        """How many seconds ago each part last succeeded."""
        now = self.clock.monotonic()
        return {part: now - at for part, at in self._worked.items()}

    @property
    def worked_at(self) -> dict[str, datetime]:
        """When each part last succeeded, by the clock as it is now."""
        now = self.clock.now()
        return {part: now - timedelta(seconds=round(age, 3)) for part, age in self.ages.items()}

    def problems(self, calendar: Calendar) -> list[str]:
        """What has not succeeded for too long, in words."""
        return stuck_lines(calendar, self.worked_at, self.clock.now(), STALE)
