"""Delivery: carries the outbox to the platforms, and knows at every moment what may have arrived.

One row at a time per place, places beside each other as far as there is room. The state of a row is committed before
and after each try, so that a process that dies between them leaves a row whose outcome is unknown, never one that is
forgotten.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.claims import Claimed, Claims, Lane, Room, Timing
from bot.clock import Clock
from bot.losses import said_of_whom
from bot.outcomes import Outcomes
from bot.post import Failed, Messenger, Result, Silence, Wait
from bot.ruling import ruling
from bot.runtime import Runtime
from bot.tasks import Tasks
from storage.database import DatabaseUnavailable

log = logging.getLogger("cityops.delivery")


class Delivery:
    """Claims what is due, sends it, and settles it."""

    def __init__(
        self, runtime: Runtime, messengers: Mapping[str, Messenger], timing: Timing = Timing(), room: Room = Room()
    ) -> None:
        self.runtime, self.messengers, self.timing = runtime, messengers, timing
        self.clock: Clock = runtime.clock
        self.claims, self.outcomes = Claims(runtime, messengers, timing, room), Outcomes(runtime)
        self.under_way = Counter[str]()  # by platform
        self._free_at: dict[Lane, datetime] = {}
        self._busy, self._resting = Tasks(), Tasks()

    @property
    def counted(self) -> Mapping[tuple[str, str], int]:
        """How many tries there were, by platform and result."""
        return self.outcomes.counted

    @property
    def resting(self) -> int:
        """How many conversations wait for their next turn."""
        return len(self._resting)

    @property
    def sending(self) -> int:
        """How many messages are on their way now."""
        return len(self._busy)

    async def recover(self) -> None:
        """When this is the only process on the database: what was being sent as it stopped has an unknown outcome."""
        now, settle = self.clock.now(), self._after(self.timing.settle)
        orphans = await self.runtime.write(lambda store: store.chat.outbox.orphan(now, settle))
        if orphans:
            log.warning("messages with an unknown outcome", extra={"count": orphans})

    async def round(self) -> int:
        """Begin what is due now, as much as there is room for, each place beside the others; how many were begun."""
        take = partial(self.claims.take, is_free=self.is_free, under_way=dict(self.under_way))
        claimed = await self.runtime.write(take)
        for claim in claimed:
            self.under_way[claim.row.platform] += 1
            self._busy.begin(self._carry(claim))
        return len(claimed)

    async def finish(self) -> None:
        """Wait for what was begun."""
        await self._busy.finish()

    async def stop(self) -> None:
        """Finish what is being sent, and end the waiting for the next turn of a conversation."""
        await self.finish()
        await self._resting.cancel()

    def _after(self, seconds: float) -> datetime:
        return self.clock.now() + timedelta(seconds=seconds)

    async def _carry(self, claimed: Claimed) -> None:
        row = claimed.row
        try:  # lane and room are free before the row is settled: its commit wakes the worker that claims the next
            if self.clock.now() > claimed.begin_before:
                log.warning("this process stood still; another look decides about the message", extra={"row": row.id})
                return
            result, problem = await self._sent(claimed)
        finally:
            self.under_way[row.platform] -= 1
        told = said_of_whom(row, result)
        ruled = ruling(row, told, self.clock.now(), self.timing.settle)
        self.outcomes.note(row, result, ruled, problem)
        try:
            await self.runtime.write(partial(self.outcomes.settle, row, told, ruled))
        except DatabaseUnavailable:
            log.exception("what became of a message could not be kept; its lease ends", extra={"row": row.id})

    async def _sent(self, claimed: Claimed) -> tuple[Result, Exception | None]:
        """What came of a try; after it, the conversation rests for a moment."""
        messenger = self.messengers[claimed.row.platform]
        done = await self._done(messenger, claimed)
        if messenger.pace:
            self._free_at[claimed.lane] = free_at = self._after(messenger.pace)
            self._resting.begin(self._rest(claimed.lane, free_at))
        return done

    def is_free(self, lane: Lane) -> bool:
        """Whether the pace of a conversation lets the next one go."""
        return self._free_at.get(lane, self.clock.now()) <= self.clock.now()

    async def _rest(self, lane: Lane, free_at: datetime) -> None:
        """Keep the pace of a conversation, and look again when it may go on."""
        await self.clock.until(free_at)
        if self._free_at.get(lane) == free_at:  # nothing was sent there since
            del self._free_at[lane]
        self.runtime.wake.set()

    async def _done(self, messenger: Messenger, claimed: Claimed) -> tuple[Result, Exception | None]:
        """What came of a try, or of a look for a row whose outcome is unknown; and what the messenger raised."""
        looks, outgoing = claimed.row.state == "unknown", claimed.outgoing
        does = {"post": messenger.post, "update": messenger.update}.get(claimed.row.kind, messenger.act)
        nothing = Wait if looks else Silence  # a look that breaks off says nothing
        if isinstance(outgoing, Exception):
            why = f"it cannot be prepared ({type(outgoing).__name__})"
            return Wait(why) if looks else Failed(why), outgoing
        try:
            async with asyncio.timeout(self.timing.request):
                return await (messenger.look_back if looks else does)(outgoing), None
        except TimeoutError:
            return nothing("no answer in time"), None
        except Exception as problem:
            return nothing(type(problem).__name__), problem
