"""Outcomes: what a try of a message means for its row, and who is told when it did not arrive or nobody can know."""

import logging
from datetime import datetime, timedelta

from bot.aftermath import lose, remember
from bot.claims import Timing
from bot.post import Gone, Refused, Result, Sent, Silence, Wait
from bot.runtime import Runtime
from handlers.kit.context import SYSTEM
from handlers.kit.incidents import tell_undecided
from storage.database import Store
from storage.outbox import OutboxRow

log = logging.getLogger("cityops.delivery")
FIRST_RETRY, LONGEST_RETRY = 2, 300  # seconds between tries of a message that definitely did not arrive
TOO_LONG = timedelta(minutes=1)  # by then a message that a platform does not take is news for whoever sent it


class Outcomes:
    """Settles rows, and counts what became of them by platform and result."""

    def __init__(self, runtime: Runtime, timing: Timing) -> None:
        self.runtime, self.timing = runtime, timing
        self.counted: dict[tuple[str, str], int] = {}

    def settle(self, row: OutboxRow, result: Result, tell: bool, store: Store) -> None:
        """Keep what became of a row; with ``tell`` the feature it is of hears what did not arrive."""
        now, outbox = self.runtime.clock.now(), store.outbox
        key = (row.platform, type(result).__name__.lower())
        self.counted[key] = self.counted.get(key, 0) + 1
        lost: str | None = None
        match result:
            case Sent(channel, remote_id, account):
                if outbox.settle(row, "sent", now, channel=channel, remote_id=remote_id):
                    remember(self.runtime.context(store), row, channel, remote_id, account)
            case Wait(why, seconds):
                again = self._after(seconds if seconds is not None else _backoff(row.attempt))
                outbox.settle(row, "pending", now, error=why, not_before=again)
                lost = why if now - row.created_at >= TOO_LONG else None
            case Gone():
                outbox.settle(row, "pending", now, error="it was not there; sent once more")
            case Silence(why):
                lost = self._unknown(store, row, why)
            case Refused(why, person):
                if outbox.settle(row, "rejected", now, error=why):
                    lose(self.runtime.context(store), row, person)
                    lost = why
                    log.warning("a message was refused", extra={"row": row.id, "platform": row.platform, "why": why})
        if lost is not None and tell:
            self._tell(store, row, lost)

    def _unknown(self, store: Store, row: OutboxRow, why: str) -> str | None:
        """First wait and look; when that says nothing either, send again (marked) or ask a person, and give why."""
        now, outbox = self.runtime.clock.now(), store.outbox
        if row.state != "unknown":
            outbox.settle(row, "unknown", now, error=why, not_before=self._after(self.timing.settle))
            return None
        if row.repeat:
            return why if outbox.settle(row, "pending", now, error=why, sent_again=True) else None
        if outbox.settle(row, "needs_human", now, error=why):
            tell_undecided(self.runtime.context(store), [row])
            return why
        return None

    def _tell(self, store: Store, row: OutboxRow, why: str) -> None:
        """Let the feature that a message is of do what follows when it did not arrive, or may not have."""
        for begins, follow in self.runtime.catalogue.lost.items():
            if row.about and row.about.startswith(begins) and row.kind == "post":
                context = self.runtime.context(store)
                follow(context, row, why)
                if context.wrote:
                    context.leave_trace(SYSTEM, "undelivered")

    def _after(self, seconds: float) -> datetime:
        return self.runtime.clock.now() + timedelta(seconds=seconds)


def _backoff(attempt: int) -> float:
    """How long to wait after the attempt of this number, which counts from 1."""
    return float(min(FIRST_RETRY * 2 ** min(attempt - 1, 10), LONGEST_RETRY))
