"""Looking: what is planned, fired and tidied up at each look; one thing that breaks is set aside and named."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.batches import Work, in_batches
from bot.beside_planning import city_to_keep, lost_and_needless, places_to_bind, say_left_out, what_is_left
from bot.cityfiles import CityFiles
from bot.clock_guard import ClockGuard
from bot.everybody import look_again
from bot.piecework import work_off
from bot.runtime import Runtime
from bot.tidying import tidying
from handlers.kit.city.model import City
from handlers.kit.pieces import Write
from handlers.kit.standings import PEOPLE, news_of_standings
from scheduler.ledger import Due, Ledger
from scheduler.piecework import Piecework
from scheduler.planning import Planning
from storage.database import DatabaseUnavailable, Store
from storage.faults import in_words
from storage.time.timers import DueTimer

log = logging.getLogger("cityops.looking")
LOOK_AT_CITY = timedelta(seconds=2)
EVERY = timedelta(hours=1)  # planning, and tidying up
BATCH = 50


class Unfinished(Exception):
    """Some of what there was to do could not be done; each thing is in the log."""


class Looking:
    """Asks the ledger what is to be done, and has it done in one transaction each."""

    def __init__(self, runtime: Runtime, ledger: Ledger, guard: ClockGuard) -> None:
        self.runtime, self.ledger, self.guard = runtime, ledger, guard
        self._planned_at: datetime | None = None
        self._noted = False  # whether the audit knows what the city's files say of people
        self._tidied_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._fires = False  # whether planning had its turn

    async def plan(self) -> None:
        """Plan every hour, and when the city's files change. Raises Unfinished."""
        now = self.runtime.clock.now()
        if await self._city_changed(now):
            self._planned_at, self._noted = None, False
        if not self._noted:  # at once, whatever the clock says: a role may be taken back again soon
            self._noted = await self._find(PEOPLE, partial(news_of_standings, self.runtime.city(), now))
        if self.guard.waits:
            self._planned_at = None  # as soon as the clock is right
        elif self._planned_at is None or abs(now - self._planned_at) >= EVERY:
            await self._plan_again(now)
        if not self._noted:
            raise Unfinished

    async def _plan_again(self, now: datetime) -> None:
        await look_again(self.runtime)
        found = [
            await self._find("keeping the city's files", partial(city_to_keep, self.runtime)),
            await self._find("what left the city's files", partial(what_is_left, self.runtime)),
            await self._find("lost messages that nobody needs any more", partial(lost_and_needless, self.runtime)),
            await self._find("planning", Planning(self.ledger, self.runtime.city(), now).changes),
            await self._find("places of places.toml", partial(places_to_bind, self.runtime)),
        ]
        if not all(found):
            raise Unfinished
        if isinstance(self.runtime.city, CityFiles) and (left_out := self.runtime.city.left_out):
            say = partial(_and_say_so, "files left out", partial(say_left_out, self.runtime, left_out))
            if not await self._apart("files left out", self.runtime.write(say)):
                raise Unfinished
            self.runtime.city.forget_left_out()
        self._planned_at = now

    async def tidy(self) -> None:
        """Every hour, forget what nobody needs any more. Raises Unfinished."""
        now = self.runtime.clock.now()
        if self.guard.waits or (self._tidied_at and abs(now - self._tidied_at) < EVERY):
            return
        done = [await self._apart(part, work) for part, work in tidying(self.runtime)]
        if not all(done):
            raise Unfinished
        self._tidied_at = now

    async def _city_changed(self, now: datetime) -> bool:
        """Look at the city's files every few seconds, not at every commit."""
        looked = self._looked_at and abs(now - self._looked_at) < LOOK_AT_CITY
        if looked or not isinstance(self.runtime.city, CityFiles):
            return False
        self._looked_at = now
        before = self.runtime.city.problem
        return await self.runtime.city.look_when_still() or self.runtime.city.problem != before

    async def _find(self, part: str, find: Callable[[Store], Sequence[Work]]) -> bool:
        """Find out on a reader what is to be written, and write it between requests; whether that could be done."""
        return await self._apart(part, self._in_batches(part, find))

    async def _in_batches(self, part: str, find: Callable[[Store], Sequence[Work]]) -> None:
        works = await self.runtime.read(find)
        await in_batches(self.runtime, [*works, lambda store: store.faults.sound(part)])

    async def _apart(self, part: str, work: Awaitable[Any]) -> bool:
        """Whether a part did its work; one that breaks is set aside and named. Raises DatabaseUnavailable."""
        try:
            await work
        except DatabaseUnavailable:
            raise
        except Unfinished:
            return False
        except Exception as problem:
            log.exception("%s broke", part)
            now, error = self.runtime.clock.now(), in_words(problem)
            await self.runtime.write(lambda store: store.faults.note(part, error, now))
            return False
        return True

    async def fire(self) -> None:
        """Fire all that is due, and what that makes due at once. The timers of a crisis come first: no page waits for a
        stand-up. All others follow when no occurrence is due any more, so that after a long outage none of them speaks
        of an occurrence that a newer one has replaced.

        Raises Unfinished, and DatabaseUnavailable.
        """
        self._fires, ledger = True, self.ledger
        parts: list[tuple[str, Callable[..., Sequence[Due]]]] = [
            ("timers of a crisis", ledger.due_in_a_crisis),
            ("sendings that are due", ledger.due_occurrences),
            ("timers", ledger.due_timers),
        ]
        if not await self._fire_last(parts, set()):
            raise Unfinished

    async def _fire_last(self, parts: Sequence[tuple[str, Callable[..., Sequence[Due]]]], tried: set[Due]) -> bool:
        """Fire what is due of the last of these parts, and before each few of it all that is due of the others; whether
        all of it could be done."""
        *before, (part, read) = parts
        due = partial(self._due, part, partial(read, in_doubt=self.guard.waits))
        first = partial(self._fire_last, before, tried) if before else _nothing
        return await self._apart(part, self._fire_all(due, tried, first))

    async def work_off(self) -> None:
        """Prepare and write all routines in pieces that are due, beside what is fired, once planning had its turn.

        Raises Unfinished, and DatabaseUnavailable.
        """
        if not self._fires:
            return
        read = partial(self.ledger.due_in_pieces, in_doubt=self.guard.waits)
        due = partial(self._due, "routines in pieces", read)
        if not await self._apart("routines in pieces", self._fire_all(due, set(), _nothing)):
            raise Unfinished

    async def _due(self, part: str, read: Callable[..., Sequence[Due]], most: int) -> Sequence[Due]:
        now = self.runtime.clock.now()
        return await self.runtime.read(partial(_and_say_so, part, lambda store: read(store, now, most)))

    async def _fire_all(
        self, read: Callable[[int], Any], tried: set[Due], first: Callable[[], Awaitable[bool]]
    ) -> None:
        """Fire each item that was not ``tried``, or set it aside; before each few do ``first``. Where neither can be
        kept, the item stays due and holds up no other, and Unfinished is raised at the end; when the database keeps
        nothing twice in a row, DatabaseUnavailable is."""
        again, trouble, whole = 0, 0, True
        while True:
            most = BATCH + again
            whole = await first() and whole
            due: Sequence[Due] = await read(most)
            new = [item for item in due if item not in tried]
            again = len(due) - len(new)
            if not new and again < most:
                break
            for item in new:
                tried.add(item)
                try:
                    await self._fire_one(item)
                    trouble = 0
                except DatabaseUnavailable:
                    trouble, whole = trouble + 1, False
                    if trouble > 1:
                        raise
                except Exception:
                    whole = False
                    log.exception("what broke could not be set aside either; it stays due", extra={"due": item.id})
        if not whole:
            raise Unfinished

    async def _fire_one(self, due: Due) -> None:
        """One occurrence or timer, in one transaction; one that breaks is set aside in another. Each is of its own
        moment, however many were due before it."""
        city, ledger, now = self.runtime.city(), self.ledger, self.runtime.clock.now()
        try:
            if isinstance(due, DueTimer):
                prepared = await self._prepared(due, city, now)
                await self.runtime.write(lambda store: ledger.fire_timer(due, store, city, now, prepared))
            elif self.runtime.catalogue.routines[due.routine].in_pieces:
                await work_off(self.runtime, Piecework(ledger, due))
            else:
                await self.runtime.write(lambda store: ledger.fire(due, store, city, now))
        except DatabaseUnavailable:
            raise
        except Exception as problem:
            log.exception("what was due broke", extra={"due": due.id})
            error = in_words(problem)
            await self.runtime.write(lambda store: ledger.broke(due, store, city, now, error))

    async def _prepared(self, due: DueTimer, city: City, now: datetime) -> Write | None:
        """What a timer that is prepared has to write."""
        if not self.runtime.catalogue.timers[due.kind].prepared:
            return None
        return await self.runtime.read(lambda store: self.ledger.prepare_timer(due, store, city, now))


async def _nothing() -> bool:
    """Do nothing first."""
    return True


def _and_say_so(part: str, work: Callable[[Store], Any], store: Store) -> Any:
    """Do it; a part that had broken before is no longer set aside."""
    done = work(store)
    store.faults.sound(part)
    return done
