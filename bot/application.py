"""Application: puts the house together, starts it and stops it."""

import asyncio
from functools import partial

from aiohttp import web

from bot.assembly import build_runtime
from bot.clock import MachineClock
from bot.clock_guard import ClockGuard
from bot.delivery import Delivery
from bot.door import Door
from bot.everybody import Everybody
from bot.gateways import build_gateways
from bot.health import Health
from bot.heartbeat import Heartbeat
from bot.looking import Looking
from bot.opening import open_database
from bot.outage import Outage
from bot.pulse import Pulse
from bot.runtime import Runtime
from bot.settings import Settings
from bot.steps import Step, Way
from bot.tasks import Tasks
from bot.tickets import Patience
from bot.timing import Timing
from bot.web import Served, web_application
from handlers.kit.speaking import DESK
from scheduler.clock import AlarmClock
from scheduler.ledger import Ledger
from storage.database import Database

LONGEST_SLEEP = 5.0  # seconds, whatever the alarm clock does


def build_doors(settings: Settings, runtime: Runtime) -> list[Door]:
    """The doors that are configured; the others' libraries are not even imported."""
    doors: list[Door] = []
    if settings.slack:
        from bot.slack.app import SlackDoor

        doors.append(SlackDoor(runtime, settings))
    if settings.teams:
        from bot.teams.app import TeamsDoor

        doors.append(TeamsDoor(runtime, settings))
    if settings.desk_is_open:
        from bot.desk.app import DeskDoor

        doors.append(DeskDoor(runtime, settings))
    return doors


def _soon(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    """Set an event of the loop from a database thread."""
    loop.call_soon_threadsafe(event.set)


class Application:
    """The bot: doors on one side, platforms on the other, and loops that look at what is due, and deliver what
    was queued."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: MachineClock | None = None,
        timing: Timing = Timing(),
        patience: Patience = Patience(),
        database: Database | None = None,
    ) -> None:
        self.settings = settings
        self.runtime = build_runtime(settings, clock, patience, database or open_database(settings, alone=True))
        self.clock = self.runtime.clock
        self.doors = build_doors(settings, self.runtime)
        messengers = {door.platform: door.messenger for door in self.doors} | dict(
            build_gateways(settings, self.runtime)
        )
        self.delivery = Delivery(self.runtime, messengers, timing)
        self.ledger = Ledger(self.runtime.catalogue, settings.platforms, settings.gateways)
        self.guard = ClockGuard(self.runtime, timing, [door.knock for door in self.doors if door.platform != DESK])
        self.looking, self.health = Looking(self.runtime, self.ledger, self.guard), Health(self.clock)
        self.heartbeat = Heartbeat(self.runtime, self.health, settings.heartbeat_url)
        self.everybody = Everybody(self.runtime, self.doors)
        self.alarm = AlarmClock(self.runtime.due.set)
        outage = Outage()
        self.pulse = Pulse(self.runtime, self.health, outage)
        self.watching = Step("the look at the clock", self.guard.look, outage, self.health)
        self.planning = Step("planning", self.looking.plan, outage, self.health)
        self.firing = Step("firing", self.looking.fire, outage, self.health)
        self.working_off = Step("routines in pieces", self.looking.work_off, outage, self.health)
        self.delivering = Step("delivery", self.delivery.round, outage, self.health)
        self.tidying = Step("tidying up", self.looking.tidy, outage, self.health)
        self._carrying = Way(self.delivering)
        due = (Way(self.watching, self.planning, self.firing), Way(self.working_off))
        self._ways = (*due, self._carrying, Way(self.tidying))
        self._tasks = Tasks()
        self._runner: web.AppRunner | None = None

    async def start(self, *, looking: bool = True) -> int:
        """Open the doors and give the port; with ``looking`` False nothing is sent until :meth:`look` is called."""
        if self.runtime.database.is_alone:
            await self.delivery.recover()
        served = Served(self.settings, self.runtime, self.delivery, self.doors, self.heartbeat, self.health)
        self._runner = web.AppRunner(web_application(served), access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.settings.host, self.settings.port)
        await site.start()
        for door in self.doors:
            await door.start()
        loop = asyncio.get_running_loop()
        self.runtime.database.on_queued = partial(_soon, loop, self.runtime.wake)
        if looking:
            self.alarm.start()
            hearing = self.runtime.database.listen(self.runtime.wake.set)
            looking_at = self.everybody.keep_looking()
            beating = (self.heartbeat.keep_beating(), self.pulse.keep_beating())
            for work in (self._keep_looking(), self._keep_delivering(), hearing, *beating, looking_at):
                self._tasks.begin(work)
        self.runtime.due.set()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Close the doors, finish what is being sent, and let go of the database."""
        if self._tasks:
            self.alarm.stop()
        await self._tasks.cancel()
        await self.guard.knocking.cancel()
        for door in self.doors:
            await door.stop()
        if self._runner:
            await self._runner.cleanup()
        await self.runtime.finish()
        await self.delivery.stop()
        await asyncio.to_thread(self.runtime.database.close)

    async def look(self) -> int:
        """Do all that is due now, one after the other; how many messages were begun."""
        for step in (self.watching, self.planning, self.firing, self.working_off, self.tidying):
            await step.take()
        return await self.delivering.take() or 0

    async def _keep_looking(self) -> None:
        """Take the steps of every way every 2 seconds."""
        while True:
            try:
                async with asyncio.timeout(LONGEST_SLEEP):
                    await self.runtime.due.wait()
            except TimeoutError:
                self.alarm.set_again()
            self.runtime.due.clear()
            for way in self._ways:
                way.go(self._tasks)

    async def _keep_delivering(self) -> None:
        """Deliver whenever a commit has queued something; what is due needs no look then, which asks the database."""
        while True:
            await self.runtime.wake.wait()
            self.runtime.wake.clear()
            self._carrying.go(self._tasks)
