"""Piecework: a routine in pieces, prepared beside the writer and written between requests; and a routine by hand."""

import logging
from datetime import date, datetime
from functools import partial

from bot.runtime import Runtime
from handlers.kit.declared import Routine
from handlers.kit.parts import Broken
from scheduler.batch import WRITTEN
from scheduler.ledger import Ledger
from scheduler.piecework import Piecework
from storage.database import DatabaseUnavailable, Store
from storage.faults import in_words
from storage.time.occurrences import Occurrence

log = logging.getLogger("cityops.piecework")


async def work_off(runtime: Runtime, work: Piecework) -> None:
    """Prepare an occurrence on a reader and write it, each batch in a transaction of its own, until it has ended.

    Raises what the routine raises, and DatabaseUnavailable.
    """
    more = True
    while more:
        more = await _go_on(runtime, work)


async def _go_on(runtime: Runtime, work: Piecework) -> bool:
    """Prepare the next pieces and write them; whether there are more."""
    city, now = runtime.city(), runtime.clock.now()
    if not await runtime.write(partial(work.begin, city, now)):
        return False
    left = await runtime.read(partial(work.prepare, city, now))
    while True:
        some = await runtime.write(partial(work.write, left, runtime.city(), runtime.clock.now()))
        if some is None or not some.pieces:
            return some is not None
        left = some


async def send_by_hand(
    runtime: Runtime, ledger: Ledger, routine: Routine, day: date, by: str
) -> tuple[list[str | None], list[Broken]]:
    """Send a routine now because somebody asked, in quiet hours too; gives whom it went to, in part too, and
    what broke: a seat or a piece is set aside alone. Raises DatabaseUnavailable."""
    city, now = runtime.city(), runtime.clock.now()
    if not routine.in_pieces:
        return await runtime.write(lambda store: ledger.fire_by_hand(routine, day, by, store, city, now))
    begun, broken = await runtime.write(lambda store: ledger.begin_by_hand(routine, day, store, city, now))
    told = list[str | None]()
    for occurrence, person in begun:
        work = Piecework(ledger, occurrence, by)
        try:
            await work_off(runtime, work)
        except DatabaseUnavailable:
            raise
        except Exception as problem:
            log.exception("what was sent by hand broke", extra={"routine": routine.name})
            work.broken.append(Broken(f"routine {routine.name}", occurrence.seat))
            await runtime.write(partial(_set_aside, work.broken[-1], problem, now))
        broken += {found.part: found for found in work.broken}.values()
        if not work.broken or await runtime.read(partial(_wrote, occurrence)):
            told.append(person)
    return told, broken


def _wrote(occurrence: Occurrence, store: Store) -> bool:
    return WRITTEN in store.time.pieces.counts(occurrence.id)


def _set_aside(broken: Broken, problem: Exception, now: datetime, store: Store) -> None:
    store.faults.note(broken.part, in_words(problem), now, broken.about)
