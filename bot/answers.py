"""Answers: what time it is at the platforms: the Date header of each of their answers."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.retry_after import read_date

if TYPE_CHECKING:
    import aiohttp

NEEDED = 2  # answers that show the same time: one may have come from a cache
SAME = timedelta(minutes=10)  # between two clocks that are both right


class Answers:
    """The newest answers, each with the monotonic seconds at which it came."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._heard: deque[tuple[datetime, float]] = deque(maxlen=NEEDED)

    def hear(self, headers: Mapping[str, str]) -> None:
        """Remember the time that an answer shows; one without a valid date is ignored."""
        if date := read_date(headers.get("Date", "")):
            self._heard.append((date, self.clock.monotonic()))

    @property
    def trace(self) -> "aiohttp.TraceConfig":
        """A trace that makes a client session hand every answer to :meth:`hear`."""
        from aiohttp import TraceConfig  # only where there is a session: a command on a terminal has none

        async def heard(_session: object, _context: object, end: "aiohttp.TraceRequestEndParams") -> None:
            self.hear(end.response.headers)

        trace = TraceConfig()
        trace.on_request_end.append(heard)
        return trace

    def moment(self, since: float) -> datetime | None:
        """What time it is by the newest answers that came after these monotonic seconds; None when there are not
        enough, or they differ."""
        now = self.clock.monotonic()
        moments = [date + timedelta(seconds=now - then) for date, then in self._heard if then >= since]
        if len(moments) < NEEDED or max(moments) - min(moments) > SAME:
            return None
        return moments[-1]
