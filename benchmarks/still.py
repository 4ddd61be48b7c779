"""Still: a bot without doors, whose clock the bench sets; its database and all that it does are as ever."""

from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks.city import Inhabitant, due
from benchmarks.filled import NOW
from bot.assembly import build_runtime
from bot.clock_guard import ClockGuard
from bot.inbound import Answered, Gesture, Inbound, Typed
from bot.interpreter import prepare_to_serve
from bot.looking import Looking
from bot.settings import Settings
from bot.timing import Timing
from handlers.kit.messages import Card
from scheduler.ledger import Ledger
from storage.actions.records import actions
from storage.chat.outbox import PRIORITIES, outbox
from storage.database import Store
from tests.chat.clock import SetClock

_COUNT = select(func.count()).select_from(outbox)


class StillBot:
    """What people ask of it and what it does by itself, one after the other."""

    def __init__(self, settings: Settings) -> None:
        self.clock = SetClock(NOW)
        self.runtime = build_runtime(settings, self.clock)
        self.ledger = Ledger(self.runtime.catalogue, settings.platforms, settings.gateways)
        self.looking = Looking(self.runtime, self.ledger, ClockGuard(self.runtime, Timing(), []))
        prepare_to_serve()

    async def does(self, person: str, what: Gesture, platform: str = "say", *, inline: bool = True) -> Card | None:
        """Do what somebody asks; AssertionError where it is refused."""
        outcome = await self.runtime.handle(Inbound(platform, person, what, inline=inline))
        assert isinstance(outcome, Answered), outcome
        assert outcome.ok, outcome.card
        return outcome.card

    async def says(self, person: str, line: str) -> Card:
        card = await self.does(person, Typed(line))
        assert card is not None
        return card

    async def plan(self, routine: str, day: date, seat: str) -> None:
        """Have an occurrence be due now."""
        now = self.clock.now()
        await self.runtime.write(lambda store: store.time.occurrences.plan(routine, day, seat, now, None))

    async def queued(self, priority: str) -> int:
        """How many messages of a priority there ever were."""
        asked = _COUNT.where(outbox.c.priority == PRIORITIES.index(priority))
        return int(await self.runtime.read(lambda store: store.connection.execute(asked).scalar_one()))

    async def give_work(self, those: list[Inhabitant], after: int) -> None:
        """An action that is due today, for each of them; ``after`` is the last number of an action."""
        await self.runtime.write(partial(_add, [due(person, after) for person in those]))

    def close(self) -> None:
        self.runtime.database.close()


def _add(rows: list[dict[str, Any]], store: Store) -> None:
    store.connection.execute(insert(actions), rows)
    store.connection.exec_driver_sql("UPDATE counters SET value = value + ? WHERE name = 'action'", (len(rows),))
