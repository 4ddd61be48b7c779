"""Postroom: one delivery on a real database, with a wire whose answers the test decides."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from pydantic import SecretStr

from bot.assembly import build_runtime
from bot.claims import Claimed
from bot.delivery import Delivery
from bot.post import Outgoing, Result, Sent
from bot.timing import Room, Timing
from handlers.kit.messages import Card
from storage.chat.outbox import OutboxRow
from storage.database import Store
from tests.chat.bot import MONDAY, settings_for
from tests.chat.clock import SetClock
from tests.sqlite import unhurried
from tests.storage.rows import front_of


class Wire:
    """A platform that gives the answers that the test sets, and remembers what it was asked."""

    pace = 0.0

    def __init__(self) -> None:
        self.answers: list[Result | Exception] = []
        self.asked: list[tuple[str, Outgoing]] = []
        self.hold: asyncio.Event | None = None
        self.said: Callable[[], None] = lambda: None  # called at each thing that is asked of it

    async def _answer(self, what: str, row: Outgoing) -> Result:
        self.asked.append((what, row))
        self.said()
        if self.hold:
            await self.hold.wait()
        answer = self.answers.pop(0) if self.answers else Sent(row.channel or "D1", f"{len(self.asked)}.0")
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def post(self, row: Outgoing) -> Result:
        return await self._answer("post", row)

    async def update(self, row: Outgoing) -> Result:
        return await self._answer("update", row)

    async def act(self, row: Outgoing) -> Result:
        return await self._answer("act", row)

    async def look_back(self, row: Outgoing) -> Result:
        return await self._answer("look_back", row)

    @property
    def words(self) -> list[str]:
        return [what for what, _ in self.asked]


class Post:
    """One delivery on a real database, its clock and its wire."""

    def __init__(self, folder: Path, **keys: Any) -> None:
        settings = settings_for(folder, **keys, slack_bot_token=SecretStr("xoxb-1"), desk="off")
        self.clock, self.wire = SetClock(MONDAY), Wire()
        self.runtime = build_runtime(settings, self.clock)
        unhurried(self.runtime.database)
        self.delivery = self.worker(self.wire)

    def worker(self, wire: Wire, room: Room = Room(), *, turn: float = 60) -> Delivery:
        """A delivery whose transactions do all there is to do, however slow the machine is; with ``turn`` 0 as little
        as they can."""
        return Delivery(self.runtime, {"slack": wire}, Timing(request=10, lease=20, settle=30, turn=turn), room)

    async def queue(self, place: str = "risks", title: str = "Dam", **how: Any) -> None:
        await self.with_context(lambda context: context.post(place, Card(title), **how))

    async def with_context(self, work: Any) -> None:
        def run(store: Store) -> None:
            work(self.runtime.context(store))

        await self.runtime.write(run)

    async def bind(self, place: str, channel: str) -> None:
        await self.runtime.write(lambda store: store.chat.places.bind(place, "slack", channel, self.clock.now()))

    async def round(self, *answers: Result | Exception, **later: float) -> int:
        """Let time pass, say what the platform will answer, and deliver what is due."""
        self.clock.advance(**later)
        self.wire.answers += answers
        begun = await self.delivery.round()
        await self.delivery.finish()
        return begun

    def claim(self, store: Store) -> list[Claimed]:
        """The rows that a look would begin to send at this moment."""
        until = monotonic() + self.delivery.timing.turn
        return self.delivery.claims.take(store, self.delivery.is_free, self.delivery.under_way, until)

    async def read_front(self) -> list[OutboxRow]:
        """The row that may go next in each conversation."""
        return await self.runtime.read(lambda store: front_of(store, self.clock.now()))

    async def row(self, number: int = 1) -> OutboxRow:
        row = await self.runtime.read(lambda store: store.chat.outbox.find(number))
        assert row is not None
        return row

    async def state(self, number: int = 1) -> str:
        return (await self.row(number)).state
