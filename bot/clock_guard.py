"""Clock guard: checks whether the machine's clock is right, and lets what is planned wait while nobody knows."""

import logging
import platform
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta

from bot.answers import NEEDED
from bot.runtime import Runtime
from bot.tasks import Tasks
from bot.timing import Timing
from bot.trusted_clock import MOST
from handlers.city_clock import clock_line, clock_ref, tell_admins, tell_decided
from handlers.kit.context import SYSTEM
from storage.database import Store
from storage.time.clocks import KnownClock

log = logging.getLogger("cityops.clock")
KEPT_EVERY = 3600.0  # seconds; what is kept does not get less precise
SAID_EVERY = 60.0  # seconds; by this others see that a bot in doubt still runs
PATIENCE = 60.0  # seconds that a start far ahead of every known moment waits for the platforms' time
KNOCK_EVERY = 20.0  # seconds between two calls to a platform that are made only to learn its time
FORGET_AFTER = timedelta(days=7)
Knock = Callable[[], Coroutine[None, None, None]]


class ClockGuard:
    """Asks whether the clock is right when it has jumped, and listens for the answers; ``waits`` says whether what is
    planned has to wait, as of the last look."""

    def __init__(self, runtime: Runtime, timing: Timing, knocks: Sequence[Knock]) -> None:
        self.runtime, self.clock, self.timing, self.knocks = runtime, runtime.clock, timing, list(knocks)
        self.waits = False
        self.knocking = Tasks()
        self._began = self.clock.monotonic()
        self._asked: KnownClock | None = None
        self._kept_at = self._knocked_at = float("-inf")

    async def look(self) -> None:
        """Notice a step, ask about it once, and go on when there is an answer."""
        clock, asked_before = self.clock, self._asked
        clock.now()
        self.waits = self.waits or clock.doubt is not None  # whatever breaks below
        if clock.unproven:
            await self._prove()
        if clock.doubt is None and asked_before:
            await self._over("It was set right.")
        elif clock.doubt is None:
            await self._keep()
        elif asked_before is None:
            self._asked = await self.runtime.write(self._ask)
        else:
            await self._hear_answers(asked_before)
        early = self.knocks and clock.far_ahead and clock.monotonic() - self._began < PATIENCE
        self.waits = clock.doubt is not None or bool(clock.unproven and early)
        if self.waits:
            self._knock()

    async def _prove(self) -> None:
        """Whether the platforms confirm the clock that a start could compare with nothing."""
        if said := self.clock.answers.moment(self._began):
            self.clock.unproven = False
            if abs(said - self.clock.now()) > MOST:
                await self._trust(said)

    async def _trust(self, said: datetime) -> None:
        """Go by what the platforms say, while the machine's clock shows something else."""
        moved, self._asked = self.clock.trust(said), None
        await self.runtime.write(lambda store: self._carry_over(store, moved))

    async def _hear_answers(self, asked: KnownClock) -> None:
        clock = self.clock
        known, theirs = await self.runtime.read(self._known)
        if theirs and self._shown(theirs):
            clock.trust_machine()
            await self._over("The database's clock shows the same time.")
        elif (said := clock.answers.moment(clock.doubt.began if clock.doubt else 0)) and self._shown(said):
            clock.trust_machine()
            await self._over("Slack or Teams shows the same time.")
        elif said and clock.doubt and clock.doubt.at_least:
            await self._trust(said)  # the newest moment that was known is past
        elif known is None:
            self._asked = None  # the database is another one
        elif known.asked_at is None:
            clock.trust(known.at, known.seconds)
            await self._over(None)
        elif clock.monotonic() - self._kept_at >= SAID_EVERY:
            self._asked = now_known = self._row(asked.asked_at)
            await self.runtime.write(lambda store: store.time.clocks.still_asked(now_known))

    def _known(self, store: Store) -> tuple[KnownClock | None, datetime | None]:
        theirs = store.time.clocks.of_the_database() if self.clock.machine.is_real else None
        return store.time.clocks.find(self.clock.boot), theirs

    def _shown(self, moment: datetime) -> bool:
        """Whether the machine's clock shows this moment too."""
        return abs(self.clock.now() + self.clock.step - moment) <= MOST

    def _row(self, asked_at: datetime | None = None) -> KnownClock:
        at, seconds = self.clock.anchor
        self._kept_at = seconds
        doubt, ahead = self.clock.doubt, self.clock.step.total_seconds()
        return KnownClock(
            self.clock.boot,
            platform.node()[:120] or "this machine",
            at,
            seconds,
            at_least=doubt is not None and doubt.at_least,
            asked_at=asked_at,
            ahead=ahead if asked_at else 0.0,
        )

    async def _keep(self) -> None:
        """Keep what the clock shows, for the next start."""
        if self.clock.monotonic() - self._kept_at >= KEPT_EVERY:
            row = self._row()
            await self.runtime.write(lambda store: store.time.clocks.keep(row, row.at - FORGET_AFTER))

    def _ask(self, store: Store) -> KnownClock:
        """Write down that the clock is in doubt, and tell the admins; once, whichever bot here notices first."""
        context, known = self.runtime.context(store), store.time.clocks.find(self.clock.boot)
        if known and known.asked_at:
            store.time.clocks.still_asked(row := self._row(known.asked_at))
            return row
        row = self._row(context.now)
        store.time.clocks.keep(row, row.at - FORGET_AFTER)
        log.error("the clock may be wrong: %s", clock_line(context, row))
        tell_admins(context, row)
        context.audit(clock_ref(row), ahead=round(row.ahead))
        context.write_audit(SYSTEM, "clock in doubt")
        return row

    async def _over(self, how: str | None) -> None:
        """Go on: what counts seconds keeps what was left of it; ``how`` is None when an admin has told the others."""
        asked, row = self._asked, self._row()
        assert asked is not None, "somebody was asked before"
        moved = row.at - (asked.at + timedelta(seconds=row.seconds - asked.seconds))

        def write(store: Store) -> None:
            context = self.runtime.context(store)
            if abs(moved) > MOST:
                self._carry_over(store, moved)
            store.time.clocks.keep(row, row.at - FORGET_AFTER)
            if how:
                tell_decided(context, asked, how)
            context.audit(clock_ref(asked), moved=round(moved.total_seconds()))
            context.write_audit(SYSTEM, "clock right again")

        await self.runtime.write(write)
        log.warning("the clock is right again: %s", how or "an admin says so")
        self._asked = None

    def _carry_over(self, store: Store, moved: timedelta) -> None:
        now, kinds = self.clock.now(), self.runtime.catalogue.counting_seconds
        lease, settle = (now + timedelta(seconds=span) for span in (self.timing.lease, self.timing.settle))
        store.time.clock_steps.carry_over(now, moved, lease=lease, settle=settle, kinds=kinds)

    def _knock(self) -> None:
        """Have the platforms answer something, beside all that is being sent."""
        if self.clock.monotonic() - self._knocked_at < KNOCK_EVERY:
            return
        self._knocked_at = self.clock.monotonic()
        for knock in self.knocks * NEEDED:
            self.knocking.begin(knock())
