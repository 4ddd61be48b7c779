"""Claims: which rows of the outbox go now, and where to; each is one worker's until its lease ends."""

import logging
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from heapq import merge
from time import monotonic

from bot.drawing import as_it_stands
from bot.handles import handles_of
from bot.links import keep_files
from bot.losses import give_up
from bot.post import Messenger, Outgoing
from bot.ruling import URGENT, goes_as_text
from bot.runtime import Runtime
from bot.timing import Room, Timing
from bot.whereto import whereto
from handlers.kit.context import Context
from handlers.kit.messages import Card
from storage.chat.lanes import Head
from storage.chat.outbox import PRIORITIES, OutboxRow
from storage.database import DatabaseUnavailable, Store

log = logging.getLogger("cityops.delivery")
REPEATED = "not needed: a newer message says the same"
LEAST = len(PRIORITIES) - 1
Lane = tuple[str, str]  # a platform and a place; one row at a time


@dataclass(frozen=True)
class Claimed:
    """A row that is this worker's until its lease ends; sent after ``begin_before``, it might outlast that.

    ``outgoing`` is an exception where it could not be prepared: then it counts as a try that failed.
    """

    row: OutboxRow
    outgoing: Outgoing | Exception
    begin_before: datetime

    @property
    def lane(self) -> Lane:
        return self.row.platform, self.row.place


class Claims:
    """Takes the head of each lane that is free, as far as there is room, with its address, in one transaction."""

    def __init__(
        self, runtime: Runtime, messengers: Mapping[str, Messenger], timing: Timing, room: Room = Room()
    ) -> None:
        self.runtime, self.messengers, self.timing, self.room = runtime, messengers, timing, room

    def take(
        self,
        store: Store,
        is_free: Callable[[Lane], bool],
        under_way: Mapping[str, int],
        until: float,
        held_back: Container[str] = (),
    ) -> list[Claimed]:
        """Claim what is due; ``is_free`` says whether a lane may send now, ``under_way`` how many messages are on their
        way to each platform, ``held_back`` to which platforms only what is urgent goes. At least one row is claimed or
        given up, and after ``until`` (monotonic seconds) no other: the rest goes in the next transaction. A row that
        breaks holds up no other."""
        claimed, some, going = list[Claimed](), False, Counter(under_way)
        context = self.runtime.context(store)
        least = {platform: URGENT if platform in held_back else LEAST for platform in self.messengers}
        heads = [self._heads(context, platform, going, least[platform]) for platform in self.messengers]
        for head in merge(*heads, key=lambda head: (head.priority, head.id)):
            if not self._goes(head, going) or not is_free((head.platform, head.place)):
                continue
            if some and monotonic() >= until:
                store.chat.outbox.wake()
                break
            taken = self._taken(context, head)
            some = some or taken is not None
            going[head.platform] += len(taken or ())
            claimed += taken or ()
        return claimed

    def _heads(self, context: Context, platform: str, going: Mapping[str, int], least: int) -> Iterator[Head]:
        """What goes next in each lane of a platform as long as there is room, of what is at least as urgent as
        ``least``: what follows is no more urgent."""
        up_to = next((priority for priority in (least, URGENT) if going[platform] < self.room.for_(priority)), None)
        if up_to is None:
            return
        most = self.room.for_(up_to) - going[platform]
        for head in context.store.chat.lanes.heads(platform, context.now, most, up_to):
            if not self._goes(head, going):
                return
            yield head

    def _goes(self, head: Head, going: Mapping[str, int]) -> bool:
        """Whether there is room; what a worker left that is gone is only given up, and needs none."""
        return head.state == "sending" or going[head.platform] < self.room.for_(head.priority)

    def _taken(self, context: Context, head: Head) -> list[Claimed] | None:
        """The row of a lane's head, when it goes now; None when it can do nothing yet."""
        row = context.store.chat.lanes.row(head)
        if row is None:
            return None
        if row.state == "sending":
            self._given_up_by(context, row)
            return []
        try:
            with context.store.savepoint():
                return self._take(context, row)
        except DatabaseUnavailable:
            raise
        except Exception as problem:
            return self._claimed(context, row, problem)

    def _given_up_by(self, context: Context, row: OutboxRow) -> None:
        """The worker that was sending a row past its lease is gone."""
        settle, why = context.now + timedelta(seconds=self.timing.settle), "the bot that was sending it stopped"
        context.store.chat.outbox.settle(row, "unknown", context.now, error=why, not_before=settle, since=context.now)

    def _take(self, context: Context, row: OutboxRow) -> list[Claimed] | None:
        """The row with what it says now, if it is ours and still needed; None when it cannot go yet."""
        if self._taken_back(context, row):
            return []
        outgoing = self._addressed(context.store, row)
        if outgoing is None:
            return None
        return [
            drawn
            for claimed in self._claimed(context, row, outgoing)
            for drawn in self._drawn(context, claimed, outgoing)
        ]

    def _claimed(self, context: Context, row: OutboxRow, outgoing: Outgoing | Exception) -> list[Claimed]:
        """The row, when it is ours now."""
        pace, now = self.messengers[row.platform].pace, context.now
        quiet_since = now - timedelta(seconds=pace) if pace else None
        lease = now + timedelta(seconds=self.timing.lease)
        if not context.store.chat.lanes.claim(row, lease, quiet_since=quiet_since):
            return []
        raised = replace(row, attempt=row.attempt + 1, tries=row.tries + (row.state == "pending"))
        return [Claimed(raised, outgoing, lease - timedelta(seconds=self.timing.request))]

    def _drawn(self, context: Context, claimed: Claimed, outgoing: Outgoing) -> list[Claimed]:
        """A row that was just taken, with what it says now; nothing when nobody needs it any more."""
        drawn = as_it_stands(context, claimed.row)
        if drawn is None:
            return []
        if drawn is not claimed.row:
            outgoing = replace(self._addressed(context.store, drawn) or outgoing, as_text=outgoing.as_text)
        keep_files(context.store, drawn.platform, outgoing.card, context.now)
        return [replace(claimed, row=drawn, outgoing=outgoing)]

    def _taken_back(self, context: Context, row: OutboxRow) -> bool:
        """Whether a message is not needed any more, and is therefore not sent."""
        if row.kind != "post" or not row.about:
            return False
        store = context.store
        repeated = bool(row.draws) and row.state == "pending" and store.chat.drawings.is_repeated(row)
        if not repeated and self._still_wanted(context, row, row.about):
            return False
        why = REPEATED if repeated else None
        if store.chat.outbox.settle(row, "replaced", context.now, was=row.state, error=why):
            give_up(context, row)
        return True

    def _still_wanted(self, context: Context, row: OutboxRow, about: str) -> bool:
        answers = [
            context.apart(f"still wanted {begins}", partial(wanted, context, row), about=about)
            for begins, wanted in self.runtime.catalogue.before_send.items()
            if about.startswith(begins)
        ]
        return all(answers)  # a check that broke does not count: a page too many is better than none

    def _addressed(self, store: Store, row: OutboxRow) -> Outgoing | None:
        """The row with its address; None while nobody knows yet where its place is."""
        to = whereto(row, store, self.runtime.city())
        if to is None:
            return None
        card = Card.model_validate_json(row.card) if row.card else None
        handles = handles_of(store, row.platform, card, row.payload.get("invite", ()))
        return Outgoing(
            key=row.key, kind=row.kind, card=card, payload=row.payload, channel=to.channel, remote_id=row.remote_id,
            account=to.account, email=next(iter(to.addresses), None), others=to.addresses[1:], again=row.sent_again,
            as_text=goes_as_text(row), since=row.created_at.timestamp(), handles=handles,
        )  # fmt: skip
