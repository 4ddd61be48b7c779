"""Clock steps: what was kept by a clock that turned out to be wrong, set right when the bot goes by another time.

What counts in seconds (leases, waiting to be tried again, timers of a crisis) keeps what is left of it; nothing waits
for a moment that only the wrong clock knew.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, text, update

from storage.base import Questions, one_of
from storage.chat.outbox import outbox
from storage.prepared import Prepared
from storage.time.occurrences import occurrences

_LEASES = Prepared(update(outbox).where(outbox.c.state == "sending").values(lease_until=bindparam("lease")))
_TRIED = Prepared(
    update(outbox)
    .where(one_of(outbox.c.state, "pending", "unknown"), outbox.c.attempt > 0, outbox.c.not_before.is_not(None))
    .values(not_before=bindparam("settle"))
)
_IN_TROUBLE = Prepared(
    update(outbox)
    .where(one_of(outbox.c.state, "pending", "unknown"), outbox.c.since.is_not(None))
    .values(since=bindparam("now_"))
)
_QUEUED_LATER = Prepared(
    update(outbox)
    .where(one_of(outbox.c.state, "pending", "unknown"), outbox.c.created_at > bindparam("soon"))
    .values(created_at=bindparam("now_"), not_before=bindparam("settle"))
)
_SETTLED_LATER = Prepared(
    update(outbox).where(outbox.c.settled_at > bindparam("soon")).values(settled_at=bindparam("now_"))
)  # by which a conversation keeps its pace
_TOO_EARLY = Prepared(
    update(occurrences)
    .where(one_of(occurrences.c.state, "expired", "skipped"), occurrences.c.due_at > bindparam("now_"))
    .values(state="planned", reason=None, person=None, fired_at=None)
)
# As SQLAlchemy keeps a moment in SQLite. On PostgreSQL others may have planned the same timers by the right time.
_TIMERS = text(
    "UPDATE timers SET due_at = strftime('%Y-%m-%d %H:%M:%f', due_at, :step) || '000' "
    "WHERE state = 'waiting' AND kind IN :kinds"
).bindparams(bindparam("kinds", expanding=True))


class ClockSteps(Questions):
    def carry_over(
        self, now: datetime, step: timedelta, *, lease: datetime, settle: datetime, kinds: Sequence[str]
    ) -> None:
        """Set right what was kept before the time moved by ``step`` to ``now``; the timers of these ``kinds`` count
        seconds. A message that is being sent is leased until ``lease``; what was tried is tried again, or looked for,
        after ``settle``."""
        self.ask(_LEASES, {"lease": lease})
        self.ask(_TRIED, {"settle": settle})
        self.ask(_IN_TROUBLE, {"now_": now})
        self.ask(_QUEUED_LATER, {"soon": settle, "now_": now, "settle": settle})
        self.ask(_SETTLED_LATER, {"soon": settle, "now_": now})
        self.ask(_TOO_EARLY, {"now_": now})
        if self.connection.dialect.name == "sqlite":
            self.connection.execute(_TIMERS, {"step": f"{step.total_seconds():+.3f} seconds", "kinds": list(kinds)})
        self.wake()
