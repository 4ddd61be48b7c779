"""Lanes: which row of each conversation goes next, and who has taken it.

A lane is one place on one platform. One of its rows is being sent at a time.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, and_, bindparam, case, exists, func, or_, select, update

from storage.base import Instant, Questions, one_of
from storage.chat.outbox import ACTIVE, FOLLOWS, THIS, OutboxRow, claimable, outbox
from storage.chat.posts import posts
from storage.prepared import Prepared

# Nothing waits for a row in trouble: until it is tried again it is as if it were not there, and then it goes last of
# its priority. Only a row that is being sent holds its place.
_ITS_TIME = or_(
    one_of(outbox.c.state, "sending"), outbox.c.not_before.is_(None), outbox.c.not_before <= bindparam("now_")
)
_IN_TROUBLE = outbox.c.since.is_not(None)
_NEXT = (
    select(
        outbox.c.id,
        outbox.c.attempt,
        outbox.c.state,
        outbox.c.platform,
        outbox.c.place,
        outbox.c.priority,
        outbox.c.lease_until,
        func.row_number()
        .over(
            partition_by=(outbox.c.platform, outbox.c.place),
            order_by=(outbox.c.state != "sending", outbox.c.priority, _IN_TROUBLE, outbox.c.id),
        )
        .label("position"),
    )
    .outerjoin(posts, and_(posts.c.id == outbox.c.post, FOLLOWS))
    .where(ACTIVE, or_(~FOLLOWS, posts.c.remote_id.is_not(None)), _ITS_TIME)
    .subquery()
)
_LEASE_ENDED = _NEXT.c.lease_until < bindparam("now_")
_HEADS = Prepared(
    select(*(_NEXT.c[name] for name in ("id", "attempt", "state", "platform", "place", "priority")))
    .where(_NEXT.c.position == 1, or_(_NEXT.c.state != "sending", _LEASE_ENDED))
    .order_by(_NEXT.c.priority, _NEXT.c.id)
)
_ROW = Prepared(
    select(outbox, posts.c.channel.label("post_channel"), posts.c.remote_id.label("post_remote"))
    .outerjoin(posts, and_(posts.c.id == outbox.c.post, FOLLOWS))
    .where(THIS)
)
_TAKEN = {
    "state": "sending",
    "attempt": outbox.c.attempt + 1,
    "tries": outbox.c.tries + case((outbox.c.state == "pending", 1), else_=0),  # what is unknown is only looked for
    "lease_until": bindparam("lease"),
}
_CLAIM = Prepared(update(outbox).where(THIS).values(_TAKEN))
# On PostgreSQL others write at the same moment. A claim never waits for them: a place that another replica is claiming
# from, and a row that is being changed, are left for the next look, which the other's commit wakes.
_LANE = Prepared(
    select(func.pg_try_advisory_xact_lock(0x6C616E65, func.hashtext(bindparam("lane", type_=String))).label("taken"))
)
_OTHER = outbox.alias("other")
_BEING_SENT = exists().where(
    _OTHER.c.platform == outbox.c.platform, _OTHER.c.place == outbox.c.place, one_of(_OTHER.c.state, "sending")
)
_JUST_TRIED = exists().where(
    _OTHER.c.platform == outbox.c.platform,
    _OTHER.c.place == outbox.c.place,
    _OTHER.c.settled_at > bindparam("quiet_since", type_=Instant),
)
_MINE = select(outbox.c.id).where(THIS, ~_BEING_SENT, ~_JUST_TRIED).with_for_update(of=outbox, skip_locked=True)
_CLAIM_SHARED = Prepared(update(outbox).where(THIS, outbox.c.id.in_(_MINE)).values(_TAKEN))


@dataclass(frozen=True)
class Head:
    """The row that goes next in its lane, without what it says; ``sending`` when its worker's lease has ended."""

    id: int
    attempt: int
    state: str
    platform: str
    place: str
    priority: int


class Lanes(Questions):
    def heads(self, now: datetime) -> list[Head]:
        """What goes next in each lane in which nobody is sending, the most urgent first."""
        return [Head(*row) for row in self.ask(_HEADS, {"now_": now})]

    def row(self, head: Head) -> OutboxRow | None:
        """The whole row; None when something has become of it since."""
        row = self.ask(_ROW, {"id_": head.id, "attempt_": head.attempt, "was": head.state}).first()
        return claimable(row) if row else None

    def claim(self, row: OutboxRow, lease_until: datetime, *, quiet_since: datetime | None = None) -> bool:
        """Take a row for sending; False when somebody else has it, or when another replica has sent something to its
        place after ``quiet_since``. Within one process delivery itself keeps the pace."""
        fence = {"id_": row.id, "attempt_": row.attempt, "was": row.state, "lease": lease_until}
        if self.connection.dialect.name != "postgresql":
            return self.ask(_CLAIM, fence).changed == 1
        taken = self.ask(_LANE, {"lane": f"{row.platform} {row.place}"}).scalar()
        return bool(taken) and self.ask(_CLAIM_SHARED, {**fence, "quiet_since": quiet_since}).changed == 1
