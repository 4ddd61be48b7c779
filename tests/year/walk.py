"""Walk: take a bot through time, stopping at each moment at which something is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from storage.database import Store
from storage.time.occurrences import occurrences
from storage.time.timers import timers
from tests.chat.bot import Bot

LONGEST_STEP = timedelta(hours=24)  # the ledger plans 48 hours ahead


@dataclass(frozen=True)
class Outage:
    """The bot is down from ``begin`` until ``end``."""

    begin: datetime
    end: datetime


async def walk(bot: Bot, until: datetime, outages: Sequence[Outage] = (), *, carried: bool = False) -> int:
    """Go on until a moment, and give the number of stops; with ``carried``, delivery also sends what is queued."""
    stops = 0
    await bot.application.planning.take()
    while bot.clock.now() < until:
        moment = min(await bot.read(_next_due) or until, bot.clock.now() + LONGEST_STEP, until)
        for outage in outages:
            if outage.begin <= moment < outage.end:
                moment = outage.end
        bot.clock.set(max(moment, bot.clock.now()))
        if carried:
            await bot.settle()
        else:
            await bot.application.planning.take()
            await bot.application.firing.take()
            await bot.application.working_off.take()
        stops += 1
    return stops


def _next_due(store: Store) -> datetime | None:
    """The next moment at which an occurrence or a timer is due."""
    planned = select(func.min(occurrences.c.due_at)).where(occurrences.c.state == "planned")
    waiting = select(func.min(timers.c.due_at)).where(timers.c.state == "waiting")
    moments = [store.connection.execute(statement).scalar() for statement in (planned, waiting)]
    return min((moment for moment in moments if moment), default=None)
