"""Routines: for how long the bot's own work holds the writer in a large city, and what people feel of it.

Every routine is sent once on one day, at a time of its own, with all that it makes due, and so are planning, tidying up
and timers. The one that holds the writer longest is sent again while people log risks, one every 20 ms, whether the one
before is answered or not.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select

import handlers
import scheduler
from benchmarks.cases import Case, Figure, Group
from benchmarks.city import found, inhabitants, introduce
from benchmarks.crowd import Crowd
from benchmarks.held import Held
from benchmarks.proof import check
from benchmarks.still import StillBot
from benchmarks.workshop import Size, Workshop
from handlers.kit.registry import load
from storage.database import Store
from storage.time.occurrences import occurrences
from storage.time.timers import timers

DAYS = 8  # on which the worst routine is sent at most, until there are enough commands for a p99
SOON, MOST_LOOKS = timedelta(seconds=5), 2_000  # what follows a routine at once belongs to it
WAIT = "nobody waits longer than a tenth of a second for a routine: Slack gives three seconds, a phone takes one"
HELD = Case("writer held, 10,000 people, ms", "ms", WAIT, 100.0, "ours")
NEW_CITY = Case("writer held by the first planning of 10,000 people, ms", "ms", "once, when IT starts it", None, "ours")
P99 = Case(
    "p99 while the worst routine runs, ms more", "ms", "the writer held once, and half as long again in line",
    150.0, "more",
)  # fmt: skip
PLANNING, TIDYING, TIMERS = "planning", "tidying up", "timers"
_NEXT = (
    select(occurrences.c.due_at, occurrences.c.routine)
    .where(occurrences.c.state == "planned")
    .order_by(occurrences.c.due_at)
    .limit(1)
)
_NEXT_TIMER = select(func.min(timers.c.due_at)).where(timers.c.state == "waiting")


@dataclass
class Day:
    """A bot in a large city, and the times at which it speaks."""

    bot: StillBot
    held: Held

    async def plan(self) -> None:
        with self.held.during(PLANNING):
            await self.bot.looking.plan()

    async def tidy(self) -> None:
        with self.held.during(TIDYING):
            await self.bot.looking.tidy()

    async def fire(self, name: str) -> None:
        """Send what is due, and what that makes due within seconds."""
        for _ in range(MOST_LOOKS):
            with self.held.during(name):
                await self.bot.looking.fire()
                await self.bot.looking.work_off()
            due, _name = await self._next()
            if due is None or due > self.bot.clock.now() + SOON:
                return
            self._set(due)
        raise AssertionError(f"{name} does not end")

    async def pass_until(self, end: datetime) -> None:
        """Let all that is due before a moment be done, each at its time, and planned every hour."""
        while (due := (coming := await self._next())[0]) and due < end:
            self._set(due)
            await self.fire(coming[1])
            await self.plan()
        self._set(end)
        await self.plan()

    async def again(self, name: str) -> Callable[[], Awaitable[None]]:
        """Come to the moment at which something is to be done again, and give what does it."""
        if name in (PLANNING, TIDYING):
            self.bot.clock.advance(hours=1)
            return self.plan if name == PLANNING else self.tidy
        asked = _NEXT.where(occurrences.c.routine == name)
        due = (await self.bot.runtime.read(lambda store: store.connection.execute(asked).one())).due_at
        await self.pass_until(due)
        return partial(self.fire, name)

    def _set(self, moment: datetime) -> None:
        self.bot.clock.set(max(moment, self.bot.clock.now()))

    async def _next(self) -> tuple[datetime | None, str]:
        """When the next thing is due, and what it is."""
        return await self.bot.runtime.read(_next_due)


def _next_due(store: Store) -> tuple[datetime | None, str]:
    sending, timer = store.connection.execute(_NEXT).first(), store.connection.execute(_NEXT_TIMER).scalar()
    if sending is None or (timer is not None and timer < sending.due_at):
        return timer, TIMERS
    return sending.due_at, sending.routine


async def routines(workshop: Workshop) -> list[Figure]:
    """A whole day, and then the worst of it again with people at work."""
    folder, those, size = workshop.copy(workshop.many), inhabitants(workshop.size.people), workshop.size
    introduce(folder / "cityops.db", those)
    bot = StillBot(found(folder, those, routines=tuple(load(handlers, scheduler).routines)))
    try:
        await bot.give_work(those, size.rows)
        day = Day(bot, Held(bot.runtime.database))
        await day.plan()
        new_city = day.held.longest.pop(PLANNING)
        await day.pass_until(bot.clock.now() + timedelta(days=1))
        await day.tidy()
        longest = day.held.longest
        worst = sorted(longest, key=lambda name: longest[name], reverse=True)
        held = HELD.measured(longest[worst[0]], note=", ".join(f"{name} {longest[name]:.0f}" for name in worst[:3]))
        crowd = Crowd(bot, those)
        again = next(name for name in worst if name != TIMERS)  # which have no time of their own
        felt = await _felt(day, crowd, again, size)
        await check(bot.runtime, risks=size.rows + crowd.logged)
    finally:
        bot.close()
    return [held, NEW_CITY.measured(new_city), felt]


async def _felt(day: Day, crowd: Crowd, worst: str, size: Size) -> Figure:
    """What people wait at most, but for one in a hundred, while nothing else is done and while the worst is."""
    async with crowd.coming():
        await asyncio.sleep(size.seconds)
    idle = crowd.p99()
    for _ in range(DAYS):
        do = await day.again(worst)
        async with crowd.coming():
            await do()
        if len(crowd.took) >= size.enough:
            break
    note = f"{worst}, {len(crowd.took)} commands"
    return P99.measured(crowd.p99(), idle, note)


GROUPS = (Group((HELD, NEW_CITY, P99), routines),)
