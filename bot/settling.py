"""Settling: what became of messages that were on their way together is written together, in one transaction."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from bot.outcomes import Outcomes
from bot.post import Result
from bot.ruling import Ruling
from storage.chat.outbox import OutboxRow
from storage.database import DatabaseUnavailable, Store

log = logging.getLogger("cityops.delivery")
ENOUGH = 20  # messages that are written without waiting for more: some milliseconds of the writer's time
LONGEST = 0.025  # seconds that what became of a message waits for others that are on their way


@dataclass(frozen=True)
class Ended:
    """A try or a look that has ended, and what it means for its row."""

    row: OutboxRow
    result: Result
    ruled: Ruling


class Settling:
    """Gathers what became of messages while others are on their way, and then calls ``look`` to have it written.

    Until it is written a row says that it is being sent: a process that dies leaves it as unknown, never forgotten.
    """

    def __init__(self, outcomes: Outcomes, look: Callable[[], None]) -> None:
        self.outcomes, self.look = outcomes, look
        self._ended: list[Ended] = []
        self._later: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._ended)

    def add(self, ended: Ended, *, more: bool) -> None:
        """Keep what became of a message until the next look; ``more`` says that others are on their way, for which it
        may wait a moment."""
        self._ended.append(ended)
        if not more or len(self._ended) >= ENOUGH:
            self.look()
        elif self._later is None:
            self._later = asyncio.get_running_loop().call_later(LONGEST, self.look)

    def take(self) -> Sequence[Ended]:
        """Give what has gathered to who writes it now."""
        if self._later is not None:
            self._later.cancel()
        ended, self._ended, self._later = self._ended, [], None
        return ended

    def put_back(self, left: Sequence[Ended]) -> None:
        """Keep what there was no time for, before what has ended since, for the look that follows at once."""
        if left:
            self._ended = [*left, *self._ended]
            self.look()

    def write(self, ended: Sequence[Ended], until: float, store: Store) -> Sequence[Ended]:
        """Settle the rows behind one savepoint; only when one breaks, each behind its own. Gives those that are left:
        at least one is settled, and after ``until`` (monotonic seconds) no other."""
        try:
            return store.attempt(lambda: _in_time(ended, until, lambda settled: self._settle(settled, store)))
        except DatabaseUnavailable:
            raise
        except Exception:
            log.debug("an outcome broke; each is settled behind a savepoint of its own", exc_info=True)
            return _in_time(ended, until, lambda alone: self._alone(alone, store))

    def _settle(self, ended: Ended, store: Store) -> None:
        self.outcomes.settle(ended.row, ended.result, ended.ruled, store)

    def _alone(self, ended: Ended, store: Store) -> None:
        try:
            store.attempt(lambda: self._settle(ended, store))
        except DatabaseUnavailable:
            raise
        except Exception:
            say_lost([ended])


def _in_time(ended: Sequence[Ended], until: float, settle: Callable[[Ended], None]) -> Sequence[Ended]:
    """Settle one after the other, and give those for which there was no time."""
    for count, settled in enumerate(ended, 1):
        settle(settled)
        if monotonic() >= until:
            return ended[count:]
    return []


def say_lost(ended: Sequence[Ended]) -> None:
    """Say in the log what the exception at hand has kept from being written."""
    for lost in ended:
        log.exception("what became of a message could not be kept; its lease ends", extra={"row": lost.row.id})
