"""Outage: one line a minute in the log while the database is away, however often that is noticed, and one when it is
back."""

import logging
import time

from storage.trouble import DatabaseUnavailable

log = logging.getLogger("cityops.outage")
EVERY = 60  # seconds


class Outage:
    """The outage that goes on, and when the log last said so."""

    def __init__(self) -> None:
        self._said_at: float | None = None

    def goes_on(self, problem: DatabaseUnavailable) -> None:
        """The database did not answer just now."""
        now = time.monotonic()
        if self._said_at is None or now - self._said_at >= EVERY:
            log.error("the database is unavailable", extra={"why": str(problem)})
            self._said_at = now

    def is_over(self) -> None:
        """The database has just answered."""
        if self._said_at is not None:
            log.warning("the database answers again")
        self._said_at = None
