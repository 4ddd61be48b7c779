"""Claims: which rows of the outbox go now, and where to; each is one worker's until its lease ends."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.aftermath import give_up
from bot.drawing import as_it_stands
from bot.links import keep_files
from bot.post import Messenger, Outgoing
from bot.runtime import Runtime
from handlers.kit.messages import Card, mentioned
from handlers.kit.speaking import DESK
from storage.database import Store
from storage.outbox import OutboxRow

log = logging.getLogger("cityops.delivery")
MOST_DRAWN = 100  # rows that may be drawn again in one transaction, so that nobody waits long behind them
Lane = tuple[str, str]  # a platform and a place; one row at a time


@dataclass(frozen=True)
class Timing:
    """In seconds. A request is given up before its lease ends, and history is looked at only after it has settled:
    the order request < lease < settle is what keeps two workers from sending one row."""

    request: float = 12
    lease: float = 20
    settle: float = 30


@dataclass(frozen=True)
class Claimed:
    """A row that is this worker's until its lease ends; sent after ``begin_before``, it might outlast that."""

    row: OutboxRow
    outgoing: Outgoing
    begin_before: datetime

    @property
    def lane(self) -> Lane:
        return self.row.platform, self.row.place


class Claims:
    """Takes the head of each lane that is free, with its address, in one transaction."""

    def __init__(self, runtime: Runtime, messengers: Mapping[str, Messenger], timing: Timing) -> None:
        self.runtime, self.messengers, self.timing = runtime, messengers, timing

    def take(self, store: Store, is_free: Callable[[Lane], bool]) -> list[Claimed]:
        """Claim what is due; ``is_free`` tells which lanes keep no pace just now."""
        now, claimed, left = self.runtime.clock.now(), list[Claimed](), MOST_DRAWN
        for row, not_before, lease_until in store.lanes.front(now):
            if row.platform not in self.messengers or not is_free((row.platform, row.place)):
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
            if (left := left - bool(row.draws)) < 0:
                store.outbox.wake()
                break
            pace = self.messengers[row.platform].pace
            quiet_since = self._after(-pace) if pace else None
            if store.lanes.claim(row, self._after(self.timing.lease), quiet_since=quiet_since):
                claimed += self._drawn(store, replace(row, attempt=row.attempt + 1), outgoing)
        return claimed

    def _drawn(self, store: Store, row: OutboxRow, outgoing: Outgoing) -> list[Claimed]:
        """A row that was just taken, with what it says now; nothing when nobody needs it any more."""
        drawn = as_it_stands(self.runtime.context(store), row)
        if drawn is None:
            return []
        if drawn is not row:
            outgoing = self._addressed(store, drawn) or outgoing
        keep_files(store, row.platform, outgoing.card, self.runtime.clock.now())
        return [Claimed(drawn, outgoing, self._after(self.timing.lease - self.timing.request))]

    def _after(self, seconds: float) -> datetime:
        return self.runtime.clock.now() + timedelta(seconds=seconds)

    def _taken_back(self, store: Store, row: OutboxRow) -> bool:
        """Whether a message has become of no use before it went, and is not sent any more."""
        if row.kind != "post" or not row.about:
            return False
        asked = [wanted for begins, wanted in self.runtime.catalogue.wanted.items() if row.about.startswith(begins)]
        if not asked:
            return False
        context = self.runtime.context(store)
        try:
            if all(wanted(context, row) for wanted in asked):
                return False
        except Exception:  # a page too many is better than none
            log.exception("a feature broke over whether a message is wanted", extra={"row": row.id})
            return False
        if store.outbox.settle(row, "replaced", self.runtime.clock.now(), was=row.state):
            give_up(context, row)
        return True

    def _addressed(self, store: Store, row: OutboxRow) -> Outgoing | None:
        """The row with its address; None while its place is nowhere yet."""
        card = Card.model_validate_json(row.card) if row.card else None
        channel, account, addresses = row.channel, None, tuple[str, ...]()
        if row.place.startswith("dm:") and not channel:
            person = row.place.removeprefix("dm:")
            known = self.runtime.city().people.get(person)
            addresses = known.addresses if known else ()
            account, channel = store.people.reach(row.platform, person) or (None, None)
            if account is None and known and row.platform == "slack":  # Teams writes to nobody by that id
                account = known.slack
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
            account=account, email=next(iter(addresses), None), others=addresses[1:], again=row.sent_again,
            since=row.created_at.timestamp(), handles=handles,
        )  # fmt: skip
