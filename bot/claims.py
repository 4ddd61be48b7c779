"""Claims: which rows of the outbox go now, and where to; each is one worker's until its lease ends."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.drawing import as_it_stands
from bot.links import keep_files
from bot.losses import give_up
from bot.post import Messenger, Outgoing
from bot.ruling import goes_as_text
from bot.runtime import Runtime
from bot.whereto import whereto
from handlers.kit.messages import Card, mentioned
from storage.chat.outbox import OutboxRow
from storage.database import DatabaseUnavailable, Store

log = logging.getLogger("cityops.delivery")
MOST_DRAWN = 100  # rows that may be drawn again in one transaction, so that nobody waits long behind them
Lane = tuple[str, str]  # a platform and a place; one row at a time


@dataclass(frozen=True)
class Timing:
    """In seconds. A request is given up before its lease ends, and the history is read only after it has settled:
    the order request < lease < settle is what keeps two workers from sending one row."""

    request: float = 12
    lease: float = 20
    settle: float = 30


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
    """Takes the head of each lane that is free, with its address, in one transaction."""

    def __init__(self, runtime: Runtime, messengers: Mapping[str, Messenger], timing: Timing) -> None:
        self.runtime, self.messengers, self.timing = runtime, messengers, timing

    def take(self, store: Store, is_free: Callable[[Lane], bool]) -> list[Claimed]:
        """Claim what is due; ``is_free`` says whether a lane may send now. A row that breaks holds up
        no other."""
        claimed, left = list[Claimed](), MOST_DRAWN
        for row, lease_until in store.chat.lanes.front(self.runtime.clock.now()):
            if row.platform not in self.messengers or not is_free((row.platform, row.place)):
                continue
            if row.state == "sending":
                self._given_up_by(store, row, lease_until)
                continue
            if left <= 0:
                store.chat.outbox.wake()
                break
            try:
                with store.savepoint():
                    taken = self._take(store, row)
            except DatabaseUnavailable:
                raise
            except Exception as problem:
                taken = self._claimed(store, row, problem)
            left -= bool(row.draws and taken is not None)
            claimed += taken or []
        return claimed

    def _given_up_by(self, store: Store, row: OutboxRow, lease_until: datetime | None) -> None:
        """The worker that was sending a row past its lease is gone."""
        now = self.runtime.clock.now()
        if lease_until and lease_until < now:
            settle, why = self._after(self.timing.settle), "whoever sent it went away"
            store.chat.outbox.settle(row, "unknown", now, error=why, not_before=settle, since=now)

    def _take(self, store: Store, row: OutboxRow) -> list[Claimed] | None:
        """The row with what it says now, if it is ours and still needed; None when it cannot go yet."""
        if self._taken_back(store, row):
            return None
        outgoing = self._addressed(store, row)
        if outgoing is None:
            return None
        return [
            drawn
            for claimed in self._claimed(store, row, outgoing)
            for drawn in self._drawn(store, claimed.row, outgoing)
        ]

    def _claimed(self, store: Store, row: OutboxRow, outgoing: Outgoing | Exception) -> list[Claimed]:
        """The row, when it is ours now."""
        pace = self.messengers[row.platform].pace
        quiet_since = self._after(-pace) if pace else None
        if not store.chat.lanes.claim(row, self._after(self.timing.lease), quiet_since=quiet_since):
            return []
        raised = replace(row, attempt=row.attempt + 1, tries=row.tries + (row.state == "pending"))
        return [self._until_lease_ends(raised, outgoing)]

    def _drawn(self, store: Store, row: OutboxRow, outgoing: Outgoing) -> list[Claimed]:
        """A row that was just taken, with what it says now; nothing when nobody needs it any more."""
        drawn = as_it_stands(self.runtime.context(store), row)
        if drawn is None:
            return []
        if drawn is not row:
            outgoing = replace(self._addressed(store, drawn) or outgoing, as_text=outgoing.as_text)
        keep_files(store, row.platform, outgoing.card, self.runtime.clock.now())
        return [self._until_lease_ends(drawn, outgoing)]

    def _until_lease_ends(self, row: OutboxRow, outgoing: Outgoing | Exception) -> Claimed:
        return Claimed(row, outgoing, self._after(self.timing.lease - self.timing.request))

    def _after(self, seconds: float) -> datetime:
        return self.runtime.clock.now() + timedelta(seconds=seconds)

    def _taken_back(self, store: Store, row: OutboxRow) -> bool:
        """Whether a message is not needed any more, and is therefore not sent."""
        if row.kind != "post" or not row.about:
            return False
        context, asked = self.runtime.context(store), self.runtime.catalogue.before_send
        answers = [
            context.apart(f"still wanted {begins}", partial(wanted, context, row), about=row.about)
            for begins, wanted in asked.items()
            if row.about.startswith(begins)
        ]
        if all(answers):  # a check that broke does not count: a page too many is better than none
            return False
        if store.chat.outbox.settle(row, "replaced", self.runtime.clock.now(), was=row.state):
            give_up(context, row)
        return True

    def _addressed(self, store: Store, row: OutboxRow) -> Outgoing | None:
        """The row with its address; None while nobody knows yet where its place is."""
        to = whereto(row, store, self.runtime.city())
        if to is None:
            return None
        card = Card.model_validate_json(row.card) if row.card else None
        named = [*(mentioned(card) if card else ()), *row.payload.get("invite", ())]
        handles = store.chat.people.accounts(row.platform, named)
        return Outgoing(
            key=row.key, kind=row.kind, card=card, payload=row.payload, channel=to.channel, remote_id=row.remote_id,
            account=to.account, email=next(iter(to.addresses), None), others=to.addresses[1:], again=row.sent_again,
            as_text=goes_as_text(row), since=row.created_at.timestamp(), handles=handles,
        )  # fmt: skip
