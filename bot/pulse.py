"""Pulse: every 15 seconds a row is written, so that it is known when the database keeps nothing any more.

The row says when each part of the bot last succeeded: that is what other processes and an admin's home go by. It has a
task of its own, which goes on when a look never ends.
"""

import logging
from datetime import timedelta

from bot.health import Health
from bot.outage import Outage
from bot.runtime import Runtime
from bot.tasks import Tasks
from handlers.kit.faults import fault_line, mark
from handlers.kit.home import refresh_homes
from handlers.kit.speaking import News
from storage.database import DatabaseUnavailable, Store

log = logging.getLogger("cityops.pulse")
EVERY = timedelta(seconds=15)
LONGEST = timedelta(minutes=10)  # how much later than it broke a part may be seen in the database
PATIENCE = 10  # seconds for a write; one that takes longer is waited for beside the next look


class Pulse:
    """Looks at the health of the bot, writes it down, and tells the admins of what is new."""

    def __init__(self, runtime: Runtime, health: Health, outage: Outage) -> None:
        self.runtime, self.health, self.outage = runtime, health, outage
        self.beaten_at: float | None = None  # in monotonic seconds
        self._writing = Tasks()
        self._shown = frozenset[str]()  # what the admins' homes say is broken

    @property
    def is_due(self) -> bool:
        return self.beaten_at is None or self.runtime.clock.monotonic() - self.beaten_at >= EVERY.total_seconds()

    async def keep_beating(self) -> None:
        """Beat every 15 seconds, for as long as the bot runs."""
        clock = self.runtime.clock
        while True:
            await self.beat()
            await clock.until(clock.now() + EVERY)

    async def beat(self) -> None:
        """Write, unless the last write is still on its way."""
        self.beaten_at = self.runtime.clock.monotonic()
        if not self._writing:
            self._writing.begin(self._write())
        await self._writing.wait(PATIENCE)

    async def _write(self) -> None:
        try:
            self._shown = await self.runtime.write(self._keep)
        except DatabaseUnavailable as problem:
            self.outage.goes_on(problem)
            return
        self.outage.is_over()
        self.health.worked("writing")

    def _keep(self, store: Store) -> frozenset[str]:
        """Write when each part last succeeded; what was set aside since the last such row is news for the admins, also
        what a long transaction had set aside before that row and commits only now."""
        context = self.runtime.context(store)
        now, calendar = context.now, context.calendar
        last, faults = store.time.checkpoints.at(mark("writing")), store.faults.all()
        admins = context.duties.not_gone(person.id for person in context.city.with_role("admin"))
        for fault in faults:
            if last and fault.since > last - LONGEST:
                ref, line = f"fault {fault.part}", f"Set aside: {fault_line(calendar, fault)}"
                known = store.chat.notes.told_since([ref], fault.since)
                context.tell_each([News(admin, line, ref) for admin in admins if (admin, ref) not in known])
        for part, at in {**self.health.worked_at, "writing": now}.items():
            store.time.checkpoints.reach(mark(part), at, now)
        self.runtime.heard.keep(store)
        standing = frozenset([*(fault.part for fault in faults), *self.health.problems(calendar)])
        if standing != self._shown:
            refresh_homes(context, admins)
        return standing
