"""Clock recall: compares the machine's clock at a start with all that is known, before anything is written by it."""

from datetime import datetime, timedelta

from bot.trusted_clock import MOST, TrustedClock
from scheduler.planning import PLANNED
from storage.database import Store
from storage.time.clocks import KnownClock


def recall(clock: TrustedClock, store: Store) -> None:
    """Compare the clock with all that is known, before anything is written by it.

    The database's own clock knows best. Else the seconds since it was last right do, where the machine has run since.
    Else a clock behind what was written already is wrong; one that is ahead of it may have been off for so long.
    """
    theirs = store.time.clocks.of_the_database() if clock.machine.is_real else None
    if theirs:
        if abs(clock.now() - theirs) > MOST:
            clock.trust(theirs)
        return
    known = store.time.clocks.find(clock.boot)
    if known and not known.at_least:
        clock.trust(known.at, known.seconds)
    else:
        _by_what_was_written(clock, store)


def _by_what_was_written(clock: TrustedClock, store: Store) -> None:
    """Compare the clock of a machine that was started again with the newest moment that was written down."""
    now, last = clock.now(), store.time.clocks.last_asked()
    newest = max(filter(None, (store.time.checkpoints.at(PLANNED), store.audit.newest())), default=None)
    if newest and now < newest - MOST:
        clock.trust(newest, at_least=True)
    elif last and _is_still_ahead(last, now):
        clock.trust(now - timedelta(seconds=last.ahead))
    else:
        clock.unproven = True
        clock.far_ahead = newest is not None and now > newest + MOST


def _is_still_ahead(last: KnownClock, now: datetime) -> bool:
    """Whether a clock is still as far ahead as when it was last in doubt."""
    return last.ahead > 0 and now - last.at >= timedelta(seconds=last.ahead) - MOST
