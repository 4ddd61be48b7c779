"""Heartbeat: says outside every minute that all is well; when something is not, or the bot is down, it is silent."""

import logging
from datetime import timedelta
from functools import partial

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.health import Health
from bot.runtime import Runtime
from handlers.kit.lists import counted
from handlers.kit.parts import Broken, Part
from storage.database import DatabaseUnavailable, Store

log = logging.getLogger("cityops.heartbeat")
EVERY = timedelta(seconds=60)
SECONDS = 10  # for the whole call
LATE = timedelta(minutes=5)  # how long a page may wait to be handed over


class Heartbeat:
    """Asks every feature that watches itself; ``url``, where there is one, is called when none has a problem."""

    def __init__(self, runtime: Runtime, health: Health, url: str | None) -> None:
        self.runtime, self.health, self.url = runtime, health, url
        self.problems: list[str] = []  # as of the last beat

    async def keep_beating(self) -> None:
        """Beat every minute, for as long as the bot runs; how long a beat takes does not put off the next."""
        clock = self.runtime.clock
        due = clock.monotonic()
        while True:
            due = max(due + EVERY.total_seconds(), clock.monotonic())
            await clock.until(clock.now() + timedelta(seconds=due - clock.monotonic()))
            await self.beat()

    async def beat(self) -> bool:
        """Look, and call outside when all is well; whether it was.

        It raises nothing: otherwise the first error would end the heartbeat unnoticed.
        """
        try:
            self.problems = await self._look_around()
        except Exception:
            log.exception("the bot could not look at itself")
            self.problems = ["the bot cannot look at itself; the log says why"]
        for problem in self.problems:
            log.error("no heartbeat: %s", problem)
        if not self.problems and self.url:
            await self._call(self.url)
        return not self.problems

    async def _look_around(self) -> list[str]:
        stuck = self.health.problems(self.runtime.city().calendar)
        try:
            return [*stuck, *await self.runtime.read(self._look)]
        except DatabaseUnavailable:
            return [*stuck, "the database does not answer"]

    def _look(self, store: Store) -> list[str]:
        """What every feature that watches itself finds, and which of them cannot."""
        runtime = self.runtime
        now, context = runtime.clock.now(), runtime.context(store)
        late = store.chat.overdue_pages.pages((*runtime.platforms, *runtime.gateways), now - LATE, now)
        waiting = (
            [f"{counted(late, 'page waits', 'pages wait')} for more than {counted(LATE.seconds // 60, 'minute')}"]
            if late
            else []
        )
        parts = [
            Part(f"watch {name}", partial(watch, context)) for name, watch in runtime.catalogue.health_checks.items()
        ]
        for part, found in zip(parts, context.each_apart(parts), strict=True):
            waiting += [f"{part.name} broke; the log says why"] if isinstance(found, Broken) else found
        return waiting

    async def _call(self, url: str) -> None:
        try:
            async with (
                ClientSession(timeout=ClientTimeout(total=SECONDS), trust_env=False) as web,
                web.get(url, allow_redirects=False) as said,
            ):
                if said.status >= 300:
                    log.warning("the heartbeat's address answered %s", said.status)
        except (TimeoutError, ClientError) as problem:
            log.warning("the heartbeat did not get through: %s", type(problem).__name__)
