"""House: one bot at one door, with the real runtime, delivery and door, on a clock that stands still."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar

from aiohttp import web

import handlers
from bot.delivery import Delivery
from bot.runtime import Runtime
from bot.slack.app import SlackDoor
from bot.teams.app import TeamsDoor
from bot.timing import Timing
from handlers.kit.city.reading import read_city
from handlers.kit.registry import load
from storage.database import Database
from tests.chat.clock import SetClock

CITY = Path(__file__).parents[2] / "city"
MONDAY = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)  # 07:30 in Riverton
Door = TypeVar("Door", SlackDoor, TeamsDoor)


class PassingClock(SetClock):
    """A clock on which a wait takes no real time: it moves on by the seconds that are waited for."""

    def pass_by(self, seconds: float) -> None:
        self.advance(seconds=seconds)


class Clock(PassingClock):
    """A clock that stands still until it is moved; nobody sleeps."""

    async def until(self, moment: datetime) -> None:
        await asyncio.Event().wait()


class House(Generic[Door]):
    """The bot at a door of one platform; ``url`` is where it listens."""

    door: Door
    delivery: Delivery

    def __init__(self, platform: str, clock: PassingClock, database: Database) -> None:
        self.clock, self.database, self.url = clock, database, ""
        city = read_city(CITY)
        self.runtime = Runtime(database, lambda: city, load(handlers), clock, (platform,))

    def opens_at(self, door: Door) -> None:
        """Let the people of this door in."""
        self.door, self.delivery = door, Delivery(self.runtime, {door.platform: door.messenger}, Timing(turn=60))

    async def deliver(self) -> None:
        """Carry the outbox until nothing is due any more."""
        while await self.delivery.round():
            await self.delivery.finish()
            self.clock.pass_by(1)


Opened = TypeVar("Opened", bound=House[SlackDoor] | House[TeamsDoor])


async def opened(house: Opened) -> AsyncIterator[Opened]:
    """The house while it listens on loopback; closed at the end, with its database."""
    app = web.Application()
    app.add_routes(house.door.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    house.url = "http://{}:{}".format(*runner.addresses[0][:2])
    await house.door.start()
    yield house
    await house.delivery.stop()
    await house.door.stop()
    await runner.cleanup()
    house.database.close()
