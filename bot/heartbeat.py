"""Heartbeat: says outside every minute that all is well; when something is not, or the bot is down, it is silent."""

import logging
from datetime import datetime, timedelta

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.runtime import Runtime
from handlers.kit.context import Context
from storage.database import DatabaseUnavailable, Store

log = logging.getLogger("cityops.heartbeat")
EVERY = timedelta(seconds=60)
SECONDS = 10  # for the whole call
LATE = timedelta(minutes=5)  # by how much a page may wait to be handed over


class Heartbeat:
    """Asks every feature that watches itself; ``url`` is called when none has a problem."""

    def __init__(self, runtime: Runtime, url: str) -> None:
        self.runtime, self.url = runtime, url
        self.looked_at: datetime | None = None  # when the bot last did all that was due

    async def keep_beating(self) -> None:
        """Beat every minute, for as long as the bot runs."""
        while True:
            await self.runtime.clock.until(self.runtime.clock.now() + EVERY)
            await self.beat()

    async def beat(self) -> bool:
        """Look, and call outside when all is well; whether it was."""
        problems = await self._problems()
        for problem in problems:
            log.error("no heartbeat: %s", problem)
        return not problems and await self._call()

    async def _problems(self) -> list[str]:
        now = self.runtime.clock.now()
        if self.looked_at is None or now - self.looked_at > EVERY:
            return ["the bot has not looked at what is due for a minute"]
        try:
            return await self.runtime.read(self._look)
        except DatabaseUnavailable:
            return ["the database does not answer"]

    def _look(self, store: Store) -> list[str]:
        runtime = self.runtime
        now = runtime.clock.now()
        context = Context(store=store, city=runtime.city(), now=now, platforms=runtime.platforms)
        late = store.late.pages(now - LATE, now)
        waiting = [f"{late} pages wait for more than {LATE.seconds // 60} minutes"] if late else []
        return [*waiting, *(found for watch in runtime.catalogue.watches.values() for found in watch(context))]

    async def _call(self) -> bool:
        try:
            async with (
                ClientSession(timeout=ClientTimeout(total=SECONDS), trust_env=False) as web,
                web.get(self.url, allow_redirects=False) as said,
            ):
                if said.status < 300:
                    return True
                log.warning("the heartbeat's address answered %s", said.status)
        except (TimeoutError, ClientError) as problem:
            log.warning("the heartbeat did not get through: %s", type(problem).__name__)
        return False
