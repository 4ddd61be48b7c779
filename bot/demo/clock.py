"""Clock: the clock of the play, which stands until the stage moves it on."""

import time
from datetime import datetime


class PlayClock:
    """A clock that only goes forward, when :meth:`set` is called."""

    is_real, boot = False, "a play of invented weeks"

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def stamp(self) -> float:
        return time.time()

    async def until(self, moment: datetime) -> None:
        """Return at once: nobody in a play waits for anything but the stage."""

    def set(self, moment: datetime) -> None:
        """Go on to a moment; one that has passed changes nothing."""
        self.moment = max(self.moment, moment)
