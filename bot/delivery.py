"""Delivery: carries the outbox to the platforms, and knows at every moment what may have arrived.

One row at a time per place, places beside each other. The state of a row is committed before and after each try, so
that a process that dies between them leaves a row whose outcome is unknown, never one that is forgotten.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from bot.aftermath import give_up, remember
from bot.clock import Clock
from bot.links import keep_files
from bot.post import Gone, Outgoing, Refused, Result, Sent, Silence, Wait
from bot.runtime import Runtime
from handlers.kit.context import SYSTEM, Context
from handlers.kit.messages import Card, mentioned
from handlers.kit.speaking import DESK
from handlers.undelivered import tell_undecided
from storage.database import DatabaseUnavailable, Store
from storage.outbox import OutboxRow

log = logging.getLogger("cityops.delivery")
FIRST_RETRY, LONGEST_RETRY = 2, 300  # seconds between tries of a message that definitely did not arrive
KEEP_CARDS = timedelta(days=7)
TOO_LONG = timedelta(minutes=1)  # by then a message that a platform does not take is news for whoever sent it


@dataclass(frozen=True)
class Timing:
    """In seconds. A request is given up before its lease ends, and history is looked at only after it has settled:
    the order request < lease < settle is what keeps two workers from sending one row."""

    request: float = 12
    lease: float = 20
    settle: float = 30


class Messenger(Protocol):
    """What a platform lets a bot do; every method gives a Result and raises nothing for what the platform answers."""

    pace: float  # seconds between two posts into one conversation

    async def post(self, row: Outgoing) -> Result:
        """Post a card; the row's key goes along where the platform keeps it."""

    async def update(self, row: Outgoing) -> Result:
        """Put the card in the place of the one at (channel, remote_id)."""

    async def act(self, row: Outgoing) -> Result:
        """Do what ``row.kind`` names: make_place, answer ..."""

    async def look_back(self, row: Outgoing) -> Result:
        """Whether a post whose outcome is unknown is there: Found, Gone, or Silence when it cannot be known."""


@dataclass(frozen=True)
class Claimed:
    """A row that is this worker's until its lease ends; sent after ``begin_before``, it might outlast that."""

    row: OutboxRow
    outgoing: Outgoing
    begin_before: datetime

    @property
    def lane(self) -> tuple[str, str]:
        return self.row.platform, self.row.place


class Delivery:
    """Claims what is due, sends it, and settles it."""

    def __init__(self, runtime: Runtime, messengers: Mapping[str, Messenger], timing: Timing = Timing()) -> None:
        self.runtime, self.messengers, self.timing = runtime, messengers, timing
        self.clock: Clock = runtime.clock
        self._free_at: dict[tuple[str, str], datetime] = {}
        self._busy: set[asyncio.Task[None]] = set()
        self._resting: set[asyncio.Task[None]] = set()
        self.counted: dict[tuple[str, str], int] = {}

    @property
    def resting(self) -> int:
        """How many conversations wait for their next turn."""
        return len(self._resting)

    async def recover(self) -> None:
        """When this is the only process on the database: what was being sent as it stopped has an unknown outcome."""
        settle = self._after(self.timing.settle)
        orphans = await self.runtime.write(lambda store: store.outbox.orphan(settle))
        if orphans:
            log.warning("messages with an unknown outcome", extra={"count": orphans})

    async def round(self) -> int:
        """Begin all that is due now, each place beside the others; how many were begun."""
        claimed = await self.runtime.write(self._claim)
        for one in claimed:
            task = asyncio.create_task(self._carry(one))
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)
        return len(claimed)

    async def finish(self) -> None:
        """Wait for what was begun."""
        while self._busy:
            await asyncio.gather(*self._busy)

    async def stop(self) -> None:
        """End the waiting for the next turn of a conversation; what is being sent is finished first."""
        for task in self._resting:
            task.cancel()
        await self.finish()

    async def blank(self) -> None:
        """Remove the cards that were sent more than 7 days ago; ids and hashes stay."""
        before = self.clock.now() - KEEP_CARDS
        await self.runtime.write(lambda store: store.outbox.blank(before))

    def _after(self, seconds: float) -> datetime:
        return self.clock.now() + timedelta(seconds=seconds)

    def _claim(self, store: Store) -> list[Claimed]:
        now, claimed = self.clock.now(), []
        for row, not_before, lease_until in store.outbox.front(now):
            if row.platform not in self.messengers or self._free_at.get((row.platform, row.place), now) > now:
                continue
            if row.state == "sending":
                if lease_until and lease_until < now:
                    settle = self._after(self.timing.settle)
                    store.outbox.settle(row, "unknown", now, error="whoever sent it went away", not_before=settle)
                continue
            if self._taken_back(store, row):
                continue
            outgoing = self._addressed(store, row)
            if outgoing is None or (not_before and not_before > now):
                continue
            if store.outbox.claim(row, self._after(self.timing.lease)):
                keep_files(store, row.platform, outgoing.card, now)
                begin_before = self._after(self.timing.lease - self.timing.request)
                claimed.append(Claimed(_raised(row), outgoing, begin_before))
        return claimed

    def _addressed(self, store: Store, row: OutboxRow) -> Outgoing | None:
        """The row with its address; None while its place is nowhere yet."""
        card = Card.model_validate_json(row.card) if row.card else None
        channel, account, email = row.channel, None, None
        if row.place.startswith("dm:") and not channel:
            person = row.place.removeprefix("dm:")
            known = self.runtime.city().people.get(person)
            email = known.email if known else None
            account, channel = store.people.reach(row.platform, person) or (None, None)
        if row.kind == "make_place":
            channel = store.places.channel(row.payload["fallback"], row.platform)
        if row.kind == "invite" and not (channel := store.places.channel(row.payload["place"], row.platform)):
            return None
        if row.kind in ("post", "update") and not row.place.startswith("dm:") and not channel:
            channel = row.place if row.platform == DESK else store.places.channel(row.place, row.platform)
            if channel is None:
                return None
        if row.platform == DESK and row.place.startswith("dm:"):
            channel = row.place
        named = [*(mentioned(card) if card else ()), *row.payload.get("invite", ())]
        handles = store.people.accounts(row.platform, named)
        return Outgoing(
            key=row.key, kind=row.kind, card=card, payload=row.payload, channel=channel, remote_id=row.remote_id,
            account=account, email=email, again=row.sent_again, since=row.created_at.timestamp(), handles=handles,
        )  # fmt: skip

    async def _carry(self, claimed: Claimed) -> None:
        row, messenger = claimed.row, self.messengers[claimed.row.platform]
        if self.clock.now() > claimed.begin_before:
            log.warning("this process stood still; another look decides about the message", extra={"row": row.id})
            return
        result: Result
        try:
            if row.state == "unknown":
                result = await messenger.look_back(claimed.outgoing)
            else:
                result = await self._try(messenger, claimed)
        except Exception as problem:
            log.exception("a messenger broke", extra={"row": row.id, "platform": row.platform})
            result = Silence(type(problem).__name__)
        await self._keep(row, result)
        if messenger.pace:
            self._free_at[claimed.lane] = self._after(messenger.pace)
            rest = asyncio.create_task(self._rest(claimed.lane))
            self._resting.add(rest)
            rest.add_done_callback(self._resting.discard)

    async def _keep(self, row: OutboxRow, result: Result, *, tell: bool = True) -> None:
        """Settle a row; a feature that breaks over what became of it does not hold it up."""
        try:
            await self.runtime.write(partial(self._settle, row, result, tell))
        except DatabaseUnavailable:
            log.exception("what became of a message could not be kept; its lease ends", extra={"row": row.id})
        except Exception:
            if not tell:
                raise
            log.exception("a feature broke over a message that did not arrive", extra={"row": row.id})
            await self._keep(row, result, tell=False)

    async def _rest(self, lane: tuple[str, str]) -> None:
        """Keep the pace of a conversation, and look again when it may go on."""
        await self.clock.until(self._free_at[lane])
        self._free_at.pop(lane, None)
        self.runtime.wake.set()

    async def _try(self, messenger: Messenger, claimed: Claimed) -> Result:
        does = {"post": messenger.post, "update": messenger.update}.get(claimed.row.kind, messenger.act)
        try:
            async with asyncio.timeout(self.timing.request):
                return await does(claimed.outgoing)
        except TimeoutError:
            return Silence("no answer in time")

    def _settle(self, row: OutboxRow, result: Result, tell: bool, store: Store) -> None:
        now, outbox = self.clock.now(), store.outbox
        key = (row.platform, type(result).__name__.lower())
        self.counted[key] = self.counted.get(key, 0) + 1
        lost: str | None = None
        match result:
            case Sent(channel, remote_id, account):
                if outbox.settle(row, "sent", now, channel=channel, remote_id=remote_id):
                    remember(self._context(store), row, channel, remote_id, account)
            case Wait(why, seconds):
                again = self._after(seconds if seconds is not None else _backoff(row.attempt))
                outbox.settle(row, "pending", now, error=why, not_before=again)
                lost = why if now - row.created_at >= TOO_LONG else None
            case Gone():
                outbox.settle(row, "pending", now, error="it was not there; sent once more")
            case Silence(why):
                lost = self._unknown(store, row, why)
            case Refused(why, person):
                if outbox.settle(row, "rejected", now, error=why):
                    give_up(self._context(store), row, person)
                    lost = why
                    log.warning("a message was refused", extra={"row": row.id, "platform": row.platform, "why": why})
        if lost is not None and tell:
            self._tell(store, row, lost)

    def _unknown(self, store: Store, row: OutboxRow, why: str) -> str | None:
        """First wait and look; when that says nothing either, send again (marked) or ask a person, and give why."""
        now, outbox = self.clock.now(), store.outbox
        if row.state != "unknown":
            outbox.settle(row, "unknown", now, error=why, not_before=self._after(self.timing.settle))
            return None
        if row.repeat:
            return why if outbox.settle(row, "pending", now, error=why, sent_again=True) else None
        if outbox.settle(row, "needs_human", now, error=why):
            tell_undecided(self._context(store), row)
            return why
        return None

    def _tell(self, store: Store, row: OutboxRow, why: str) -> None:
        """Let the feature that a message is of do what follows when it did not arrive, or may not have."""
        for begins, follow in self.runtime.catalogue.lost.items():
            if row.about and row.about.startswith(begins) and row.kind == "post":
                context = self._context(store)
                follow(context, row, why)
                if context.wrote:
                    context.leave_trace(SYSTEM, "undelivered")

    def _taken_back(self, store: Store, row: OutboxRow) -> bool:
        """Whether a message has become of no use before it went, and is not sent any more."""
        if row.kind != "post" or not row.about:
            return False
        asked = [wanted for begins, wanted in self.runtime.catalogue.wanted.items() if row.about.startswith(begins)]
        if not asked:
            return False
        context = self._context(store)
        try:
            if all(wanted(context, row) for wanted in asked):
                return False
        except Exception:  # a page too many is better than none
            log.exception("a feature broke over whether a message is wanted", extra={"row": row.id})
            return False
        if store.outbox.settle(row, "replaced", self.clock.now(), was=row.state):
            give_up(context, row, None)
        return True

    def _context(self, store: Store) -> Context:
        runtime = self.runtime
        return Context(
            store=store, city=runtime.city(), now=self.clock.now(), platforms=runtime.platforms,
            gateways=runtime.gateways,
        )  # fmt: skip


def _raised(row: OutboxRow) -> OutboxRow:
    return replace(row, attempt=row.attempt + 1)


def _backoff(attempt: int) -> float:
    """How long to wait after the attempt of this number, which counts from 1."""
    return float(min(FIRST_RETRY * 2 ** min(attempt - 1, 10), LONGEST_RETRY))
