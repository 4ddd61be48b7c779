"""Delivery: carries the outbox to the platforms, and knows at every moment what may have arrived.

One row at a time per place, places beside each other as far as there is room. The state of a row is committed before
and after each try, so that a process that dies between them leaves a row whose outcome is unknown, never one that is
forgotten.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from bot.claims import Claimed, Claims, Lane
from bot.clock import Clock
from bot.held_back import HeldBack
from bot.log_context import under_way
from bot.losses import said_of_whom
from bot.outcomes import Outcomes
from bot.post import Failed, Messenger, Result, Silence, Wait
from bot.ruling import ruling
from bot.runtime import Runtime
from bot.settling import Ended, Settling, say_lost
from bot.tasks import Tasks
from bot.timing import Room, Timing
from storage.database import DatabaseUnavailable, Store

log = logging.getLogger("cityops.delivery")
T = TypeVar("T")


@dataclass(frozen=True)
class Turn:
    """What a transaction has claimed, which outcomes it had no time for, and what broke in the claims."""

    claimed: Sequence[Claimed]
    left: Sequence[Ended]
    problem: Exception | None = None


class Delivery:
    """Claims what is due, sends it, and settles it; ``again`` asks for another round soon."""

    def __init__(
        self, runtime: Runtime, messengers: Mapping[str, Messenger], timing: Timing = Timing(), room: Room = Room()
    ) -> None:
        self.runtime, self.messengers, self.timing = runtime, messengers, timing
        self.clock: Clock = runtime.clock
        self.claims, self.outcomes = Claims(runtime, messengers, timing, room), Outcomes(runtime)
        self.again: Callable[[], None] = runtime.wake.set
        self.settling = Settling(self.outcomes, lambda: self.again())
        self.under_way = Counter[str]()  # by platform
        self.held_back = HeldBack(self.clock)
        self._free_at: dict[Lane, float] = {}  # by monotonic seconds, the soonest first
        self._looks_at: float | None = None  # when the first of those is free that have more to send
        self._busy, self._resting = Tasks(), Tasks()
        self._turns = set[asyncio.Future[Any]]()

    @property
    def counted(self) -> Mapping[tuple[str, str], int]:
        """How many tries there were, by platform and result."""
        return self.outcomes.counted

    @property
    def resting(self) -> int:
        """How many conversations wait for their next turn."""
        now = self.clock.monotonic()
        return sum(free_at > now for free_at in self._free_at.values())

    @property
    def sending(self) -> int:
        """How many messages are on their way now, or have just ended."""
        return len(self._busy) + len(self.settling) + len(self._turns)

    async def recover(self) -> None:
        """When this is the only process on the database: what was being sent as it stopped has an unknown outcome."""
        now, settle = self.clock.now(), self._after(self.timing.settle)
        orphans = await self.runtime.write(lambda store: store.chat.outbox.orphan(now, settle))
        if orphans:
            log.warning("messages with an unknown outcome", extra={"count": orphans})

    async def round(self) -> int:
        """Settle what has ended, and begin what is due now, as much as there is room for, each place beside the others;
        how many were begun. Cancelled, it begins what it has claimed all the same."""
        self._forget_rested()
        ended, waiting = self.settling.take(), list[float]()
        turn = self._written(partial(self._turn, ended, waiting, dict(self.under_way), self._only_urgent(waiting)))
        try:
            try:
                done = await asyncio.shield(turn)
            except asyncio.CancelledError:
                self._begin(await turn)
                raise
        except Exception:
            say_lost(ended)
            raise
        self._begin(done)
        if waiting and (self._looks_at is None or min(waiting) < self._looks_at):
            self._looks_at = min(waiting)
            self._resting.begin(self._rest(self._looks_at))
        if done.problem:
            raise done.problem
        return len(done.claimed)

    def _begin(self, turn: Turn) -> None:
        self.settling.put_back(turn.left)
        for claim in turn.claimed:
            self.under_way[claim.row.platform] += 1
            self._busy.begin(self._carry(claim))

    def _turn(
        self,
        ended: Sequence[Ended],
        waiting: list[float],
        under_way: Mapping[str, int],
        held_back: Sequence[str],
        store: Store,
    ) -> Turn:
        """What is settled and claimed in one transaction; ``waiting`` is when lanes that have more to send are free.

        What has ended is kept, whatever breaks in the claims.
        """
        until = self._until()
        left = self.settling.write(ended, until, store) if ended else []
        try:
            with store.savepoint():
                return Turn(self.claims.take(store, partial(self._is_free, waiting), under_way, until, held_back), left)
        except DatabaseUnavailable:
            raise
        except Exception as problem:
            return Turn([], left, problem)

    def _settled(self, ended: Sequence[Ended], store: Store) -> Sequence[Ended]:
        return self.settling.write(ended, self._until(), store)

    def _until(self) -> float:
        """Until when a transaction that begins now goes on, in monotonic seconds."""
        return monotonic() + self.timing.turn

    def _written(self, work: Callable[[Store], T]) -> "asyncio.Future[T]":
        """A transaction of delivery, which on SQLite may share its commit with requests."""
        turn = asyncio.wrap_future(self.runtime.database.submit_write(work, "delivery"))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)
        return turn

    async def finish(self) -> None:
        """Wait for what was begun, and until what became of it is written."""
        while self.sending:
            await self._busy.finish()
            if self._turns:
                await asyncio.wait(self._turns)
            if ended := self.settling.take():
                try:
                    self.settling.put_back(await self._written(partial(self._settled, ended)))
                except DatabaseUnavailable:
                    say_lost(ended)

    async def stop(self) -> None:
        """Finish what is being sent, and end the waiting for the next turn of a conversation."""
        await self.finish()
        self._free_at.clear()
        await self._resting.cancel()

    def _after(self, seconds: float) -> datetime:
        return self.clock.now() + timedelta(seconds=seconds)

    async def _carry(self, claimed: Claimed) -> None:
        with under_way(row=claimed.row.id, place=claimed.row.place):
            await self._carried(claimed)

    async def _carried(self, claimed: Claimed) -> None:
        row = claimed.row
        try:  # lane and room are free before the row is settled, and the next one is claimed
            if self.clock.now() > claimed.begin_before:
                log.warning("this process stood still; another look decides about the message", extra={"row": row.id})
                return
            result, problem = await self._sent(claimed)
        finally:
            self.under_way[row.platform] -= 1
        told = said_of_whom(row, result)
        ruled = ruling(row, told, self.clock.now(), self.timing.settle)
        self.outcomes.note(row, result, ruled, problem)
        self.settling.add(Ended(row, told, ruled), more=len(self._busy) > 1)

    async def _sent(self, claimed: Claimed) -> tuple[Result, Exception | None]:
        """What came of a try; after it, the conversation rests for a moment."""
        messenger = self.messengers[claimed.row.platform]
        done = await self._done(messenger, claimed)
        if isinstance(done[0], Wait) and done[0].seconds:
            self.held_back.told_to_wait(claimed.lane, done[0].seconds)
        if messenger.pace:
            self._free_at.pop(claimed.lane, None)
            self._free_at[claimed.lane] = self.clock.monotonic() + messenger.pace
        return done

    def is_free(self, lane: Lane) -> bool:
        """Whether the pace of a conversation lets the next one go."""
        return self._is_free([], lane)

    def _is_free(self, waiting: list[float], lane: Lane) -> bool:
        now = self.clock.monotonic()
        free_at = self._free_at.get(lane, now)
        if free_at > now:
            waiting.append(free_at)
        return free_at <= now

    def _only_urgent(self, waiting: list[float]) -> list[str]:
        """The platforms to which only what is urgent goes now; ``waiting`` is when all else does again."""
        held_back = {platform: until for platform in self.messengers if (until := self.held_back.until(platform))}
        waiting += held_back.values()
        return list(held_back)

    def _forget_rested(self) -> None:
        now = self.clock.monotonic()
        while self._free_at and next(iter(self._free_at.values())) <= now:
            del self._free_at[next(iter(self._free_at))]

    async def _rest(self, free_at: float) -> None:
        """Look again when a conversation that has more to send may go on."""
        await self.clock.until(self._after(free_at - self.clock.monotonic()))
        if self._looks_at == free_at:
            self._looks_at = None
        self.again()

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
