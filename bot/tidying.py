"""Tidying: what is needed only for a time goes when that is over, so much at once that no command waits for it.

Each batch is a transaction of its own, and counts what went in it; once a day the audit says how much that was, by
kind. How long each table keeps what is in storage/keeping.py.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.links import LIVES
from bot.runtime import Runtime
from handlers.kit.context import SYSTEM
from storage.database import Store
from storage.keeping import DAY, DAYS_OF_WORDS, HALF_A_YEAR, MONTH, OVER_A_YEAR

MOST = 50  # rows of a batch: 1 to 2 ms of work on the writer, and the sync of its commit
MOST_FILES = 10  # each may be megabytes
MOST_BATCHES = 400  # of a kind in one hour: 20,000 rows, twice what 5,000 people leave in the busiest
START = datetime(1970, 1, 1, tzinfo=UTC)
SAYING = "saying what was tidied"
SAID = "tidying said"  # the mark of the last row of the audit
Batch = Callable[[Runtime, Store], tuple[int, bool]]  # how many went, and whether more may be there
Onward = Callable[[datetime, datetime, int], tuple[int, datetime]]


def tidying(runtime: Runtime) -> Iterator[tuple[str, Awaitable[None]]]:
    """Each kind of what goes, by the name of its part, with the work; the row of the audit comes last."""
    for kind, spoken, batch in KINDS:
        part = f"tidying {spoken}"
        yield part, _all_of(runtime, partial(_counted, runtime, part, kind, batch))
    yield SAYING, runtime.write(partial(_say, runtime))


async def _all_of(runtime: Runtime, work: Callable[[Store], bool]) -> None:
    """Remove one kind, batch by batch; what is left after many waits for the next hour."""
    for _ in range(MOST_BATCHES):
        if not await runtime.write(work):
            return


def _counted(runtime: Runtime, part: str, kind: str, batch: Batch, store: Store) -> bool:
    """Remove a batch and count it; whether more may be there."""
    count, more = batch(runtime, store)
    store.tidied.add(kind, count)
    store.faults.sound(part)
    return more


def _say(runtime: Runtime, store: Store) -> None:
    """Once a day, write into the audit how much has gone since it last said so; nothing when nothing has."""
    store.turns.take(SAID)
    context, last = runtime.context(store), store.time.checkpoints.at(SAID)
    store.faults.sound(SAYING)
    if last is not None and context.calendar.today(last) == context.today:
        return
    store.time.checkpoints.set(SAID, context.now)
    if gone := store.tidied.take():
        context.audit(f"{context.today}", **gone)
        context.write_audit(SYSTEM, "tidied")


def _before(forget: Callable[[Store], Callable[[datetime, int], int]], kept: timedelta, most: int = MOST) -> Batch:
    """What goes when it is older than so long."""

    def batch(runtime: Runtime, store: Store) -> tuple[int, bool]:
        count = forget(store)(runtime.clock.now() - kept, most)
        return count, count == most

    return batch


def _onward(mark: str, kept: timedelta, store: Store, now: datetime, work: Onward) -> tuple[int, bool]:
    """What goes of a table that keeps some of its rows: it goes on from where it came last time."""
    before = now - kept
    since = min(store.time.checkpoints.at(mark) or START, before)
    count, reached = work(since, before, MOST)
    store.time.checkpoints.set(mark, reached)
    return count, reached < before


def _words(runtime: Runtime, store: Store) -> tuple[int, bool]:
    return _onward("words tidied", DAYS_OF_WORDS, store, runtime.clock.now(), store.chat.old_messages.blank)


def _messages(runtime: Runtime, store: Store) -> tuple[int, bool]:
    forget = partial(store.chat.old_messages.forget, lasting=runtime.catalogue.kinds, post_lives=HALF_A_YEAR)
    return _onward("messages tidied", MONTH, store, runtime.clock.now(), forget)


def _posts(runtime: Runtime, store: Store) -> tuple[int, bool]:
    count = store.chat.old_messages.forget_posts(runtime.clock.now(), MOST)
    return count, count == MOST


def _notes(runtime: Runtime, store: Store) -> tuple[int, bool]:
    context = runtime.context(store)
    count = store.chat.notes.forget(context.today - DAYS_OF_WORDS, context.now - HALF_A_YEAR, MOST)
    return count, count == MOST


def _snoozes(runtime: Runtime, store: Store) -> tuple[int, bool]:
    count = store.chat.snoozes.forget(runtime.context(store).today, MOST)
    return count, count == MOST


KINDS: Sequence[tuple[str, str, Batch]] = (  # each as the audit counts it, and as its part is named
    ("words", "cards", _words),
    ("messages", "messages", _messages),
    ("posts", "posts", _posts),
    ("inbox", "the inbox", _before(lambda store: store.chat.inbox.forget, DAYS_OF_WORDS)),
    ("drafts", "drafts", _before(lambda store: store.chat.drafts.forget, DAYS_OF_WORDS)),
    ("undos", "what can be undone", _before(lambda store: store.undos.forget, DAYS_OF_WORDS)),
    ("files", "files", _before(lambda store: store.chat.files.forget, LIVES, MOST_FILES)),
    ("notes", "news for digests", _notes),
    ("snoozes", "what was put off", _snoozes),
    ("allowances", "what was allowed", _before(lambda store: store.allowances.forget, DAYS_OF_WORDS)),
    ("occurrences", "past sendings", _before(lambda store: store.time.occurrences.forget, OVER_A_YEAR)),
    ("pieces", "pieces of past sendings", _before(lambda store: store.time.pieces.forget, DAY)),
    ("timers", "past timers", _before(lambda store: store.time.timers.forget, OVER_A_YEAR)),
)
