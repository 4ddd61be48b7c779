"""Steps: what the bot does at each look, each on its own: one that breaks or never ends stops no other."""

import logging
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from bot.health import Health
from bot.outage import Outage
from bot.tasks import Tasks
from storage.trouble import DatabaseUnavailable

log = logging.getLogger("cityops.steps")
T = TypeVar("T")


class Step(Generic[T]):
    """Something done at each look."""

    def __init__(self, name: str, does: Callable[[], Awaitable[T]], outage: Outage, health: Health) -> None:
        self.name, self.does, self.outage, self.health = name, does, outage, health

    async def take(self) -> T | None:
        """Do it; what breaks in it is logged, and it is tried again at the next look."""
        try:
            done = await self.does()
        except DatabaseUnavailable as problem:
            self.outage.goes_on(problem)
            return None
        except Exception:
            log.exception("%s failed; it is tried again in 2 seconds", self.name)
            return None
        self.health.worked(self.name)
        return done


class Way:
    """Steps that are taken one after the other, beside those of other ways."""

    def __init__(self, *steps: Step[int] | Step[None]) -> None:
        self.steps = steps
        self._asked = self._on = False

    def go(self, tasks: Tasks) -> None:
        """Take the steps in the background; asked meanwhile, they are taken once more after that."""
        self._asked = True
        if not self._on:
            self._on = True
            tasks.begin(self._work())

    async def _work(self) -> None:
        try:
            while self._asked:
                self._asked = False
                for step in self.steps:
                    await step.take()
        finally:
            self._on = False
