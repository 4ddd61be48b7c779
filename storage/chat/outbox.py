"""Outbox: what must be done at a platform, and how far that is.

A row is pending, sending, sent, rejected, unknown, needs_human or replaced. The worker that sends it raises ``attempt``
when claiming it, and may settle it only while state and attempt are unchanged: a worker that was thought dead and
comes back changes nothing.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    String,
    Table,
    Text,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.base import Instant, Questions, metadata, one_of, partial_index
from storage.prepared import Prepared

PRIORITIES = ("page", "answer", "prompt", "digest", "refresh")
LETTER = "letter"  # e-mail to somebody outside, whose sealed address is opened when it goes
BESIDE_CHAT = ("pager", "mail", "shelf", LETTER)  # ways out at which nobody speaks to the bot

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(32), nullable=False, unique=True),
    Column("platform", String(12), nullable=False),
    Column("place", String(400), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("repeat", Boolean, nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("sent_again", Boolean, nullable=False),
    Column("not_before", Instant),
    Column("lease_until", Instant),
    Column("about", String(120), index=True),
    Column("post", Integer, index=True),
    Column("card", Text),
    Column("payload", Text),
    Column("card_hash", String(64), nullable=False),
    Column("channel", String(400)),
    Column("remote_id", String(400)),
    Column("error", String(400)),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant, index=True),
    Column("person", String(60)),
    Column("draws", String(200)),
    Column("incident", Integer),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("since", Instant),
)
ACTIVE = one_of(outbox.c.state, "pending", "sending", "unknown")
partial_index("ix_outbox_active", outbox.c.platform, outbox.c.place, where=ACTIVE)
partial_index(
    "ix_outbox_next", outbox.c.platform, outbox.c.priority, outbox.c.id, outbox.c.not_before,
    where=ACTIVE,
)  # fmt: skip
SENDING = one_of(outbox.c.state, "sending")
partial_index("ix_outbox_sending", outbox.c.platform, outbox.c.place, where=SENDING)
LOST_STATES = ("rejected", "needs_human")
LOST = one_of(outbox.c.state, *LOST_STATES)
partial_index("ix_outbox_lost", outbox.c.settled_at, where=LOST)
_OF_ONE = outbox.c.incident.is_not(None)
partial_index("ix_outbox_incident", outbox.c.incident, where=_OF_ONE)


@dataclass(frozen=True, kw_only=True)
class NewRow:
    """One thing to do, as it is queued; the fields are those of an outbox row, ``person`` is who is written to.

    Until ``not_before`` it is as if it were not there. The same holds later, when it is to be tried again.
    """

    platform: str
    place: str
    kind: str
    priority: str
    repeat: bool
    at: datetime
    card: str | None = None
    payload: Mapping[str, Any] | None = None
    ref: str | None = None
    post: int | None = None
    not_before: datetime | None = None
    person: str | None = None
    draws: str | None = None


@dataclass(frozen=True)
class OutboxRow:
    """One thing to do: ``kind`` is post, update or an act's name, ``card`` is JSON, ``needs`` the JSON of ``payload``.

    ``channel`` and ``remote_id`` say where the post of an update or a pin is. ``state`` is the one before the claim.
    ``draws`` is how the card is drawn again from its record, ``incident`` the row with which an incident began that
    this one belongs to.
    ``tries`` counts those of its present content, ``since`` is when its present trouble began.
    """

    id: int
    key: str
    platform: str
    place: str
    kind: str
    priority: int
    repeat: bool
    state: str
    attempt: int
    sent_again: bool
    about: str | None
    post: int | None
    card: str | None
    needs: str | None
    channel: str | None
    remote_id: str | None
    error: str | None
    created_at: datetime
    draws: str | None
    incident: int | None

    tries: int
    since: datetime | None

    @property
    def is_page(self) -> bool:
        """Whether it calls somebody and cannot wait."""
        return self.kind == "post" and PRIORITIES[self.priority] == "page"

    @cached_property
    def payload(self) -> Mapping[str, Any]:
        """What the kind needs; raises ValueError when it cannot be read."""
        return dict(json.loads(self.needs)) if self.needs else {}


_QUIET = and_(outbox.c.attempt == 0, outbox.c.not_before > bindparam("now_"))  # queued for later; nobody has seen it
_FOLLOWS = or_(outbox.c.kind == "update", outbox.c.kind == "pin")  # what is done to a post once it is there
THIS = and_(
    outbox.c.id == bindparam("id_"), outbox.c.attempt == bindparam("attempt_"), outbox.c.state == bindparam("was")
)
_ADD = Prepared(insert(outbox).returning(outbox.c.id))
_SETTLE = Prepared(
    update(outbox)
    .where(THIS)
    .values(
        state=bindparam("state_"),
        channel=bindparam("channel_"),
        remote_id=bindparam("remote_"),
        error=bindparam("error_"),
        not_before=bindparam("not_before_"),
        settled_at=bindparam("at_"),
        sent_again=bindparam("again_"),
        tries=bindparam("tries_"),
        since=bindparam("since_"),
    )
)
_REPLACE = Prepared(
    update(outbox)
    .where(outbox.c.post == bindparam("post_"), outbox.c.kind == "update", outbox.c.state == "pending")
    .values(card=bindparam("card_"), card_hash=bindparam("hash_"), draws=bindparam("draws_"), tries=0, since=None)
)
_DROP_UPDATES = Prepared(
    update(outbox)
    .where(outbox.c.post == bindparam("post_"), _FOLLOWS, outbox.c.state == "pending")
    .values(state="replaced", settled_at=bindparam("at_"))
)
_ORPHANS = Prepared(
    update(outbox)
    .where(outbox.c.state == "sending")
    .values(
        state="unknown",
        not_before=bindparam("settle"),
        since=bindparam("at_"),
        error="the bot stopped while it was sending",
    )
)
_ONE = Prepared(select(outbox).where(outbox.c.id == bindparam("id_")))
_STATE = case((_QUIET, "quiet"), else_=outbox.c.state).label("word")
_COUNTS = Prepared(select(_STATE, func.count()).where(or_(ACTIVE, LOST)).group_by("word"))


class Outbox(Questions):
    def add(self, new: NewRow) -> int:
        """Queue one thing to do and give its id; the commit wakes delivery."""
        self.wake()
        return int(self.ask(_ADD, row_of(new)).scalar())

    def replace_update(self, post: int, card: str | None, draws: str | None = None) -> bool:
        """Put a newer card into the update of a post that still waits, or None for one that is drawn when it goes, with
        how; False when no update waits."""
        self.wake()
        asked = {"post_": post, "card_": card, "hash_": hash_of(card), "draws_": draws}
        return self.ask(_REPLACE, asked).changed > 0

    def settle(
        self,
        row: OutboxRow,
        state: str,
        at: datetime,
        *,
        was: str = "sending",
        channel: str | None = None,
        remote_id: str | None = None,
        error: str | None = None,
        not_before: datetime | None = None,
        sent_again: bool = False,
        tries: int | None = None,
        since: datetime | None = None,
        looks: bool = True,
    ) -> bool:
        """Say what became of a row; False when it is no longer the caller's (another attempt was made since).

        ``looks`` has the commit wake delivery: the next one of its place may go.
        """
        if looks:
            self.wake()
        done = self.ask(
            _SETTLE,
            {
                "id_": row.id,
                "attempt_": row.attempt,
                "was": was,
                "state_": state,
                "channel_": channel,
                "remote_": remote_id,
                "error_": error and error[:400],
                "not_before_": not_before,
                "at_": at,
                "again_": sent_again or row.sent_again,
                "tries_": row.tries if tries is None else tries,
                "since_": since,
            },
        )
        return done.changed == 1

    def drop_updates(self, post: int, at: datetime) -> None:
        """Give up the updates of a post that never appeared."""
        self.ask(_DROP_UPDATES, {"post_": post, "at_": at})

    def orphan(self, at: datetime, settle: datetime) -> int:
        """After a stop of the only process: what it was sending is unknown, to be looked for from ``settle`` on."""
        return self.ask(_ORPHANS, {"at_": at, "settle": settle}).changed

    def find(self, row_id: int) -> OutboxRow | None:
        row = self.ask(_ONE, {"id_": row_id}).first()
        return claimable(row) if row else None

    def counts(self, now: datetime) -> dict[str, int]:
        """How many rows wait, are being sent, are unknown or lost; ``quiet`` are those that were queued for later."""
        return dict(self.ask(_COUNTS, {"now_": now}).all())


def row_of(new: NewRow) -> dict[str, Any]:
    """The columns of a row that is queued."""
    return {
        "key": uuid4().hex, "platform": new.platform, "place": new.place, "kind": new.kind,
        "priority": PRIORITIES.index(new.priority), "repeat": new.repeat, "state": "pending", "attempt": 0,
        "sent_again": False, "about": new.ref, "post": new.post, "card": new.card, "created_at": new.at,
        "not_before": new.not_before, "payload": json.dumps(dict(new.payload)) if new.payload else None,
        "card_hash": hash_of(new.card), "person": new.person, "draws": new.draws, "tries": 0,
    }  # fmt: skip


def hash_of(card: str | None) -> str:
    return hashlib.sha256((card or "").encode()).hexdigest()


def claimable(row: Any) -> OutboxRow:
    """A row as the worker that sends it knows it, with where its post is, if that was asked for."""
    values = row._asdict()
    given = OutboxRow.__dataclass_fields__.keys() - {"needs", "channel", "remote_id"}
    return OutboxRow(
        **{name: values[name] for name in given},
        needs=values["payload"],
        channel=values.get("post_channel") or values["channel"],
        remote_id=values.get("post_remote") or values["remote_id"],
    )
