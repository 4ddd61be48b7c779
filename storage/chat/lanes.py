"""Lanes: which row of each conversation goes next, and who has taken it.

A lane is one place on one platform. One of its rows is being sent at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    FromClause,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from storage.base import Instant, Questions, one_of
from storage.chat.outbox import ACTIVE, SENDING, THIS, OutboxRow, claimable, outbox
from storage.chat.posts import posts
from storage.prepared import Prepared

_OTHER, _ITS_POST = outbox.alias("other"), posts.alias("its_post")
_SAME_LANE = and_(_OTHER.c.platform == outbox.c.platform, _OTHER.c.place == outbox.c.place)
_BEING_SENT = exists().where(_SAME_LANE, one_of(_OTHER.c.state, "sending"))
_WAITS = ("pending", "unknown")
LONGEST_PAGE = 2000  # rows that are read at once where many wait in the same lanes


def _may_go(row: FromClause, post: FromClause) -> ColumnElement[bool]:
    """Nothing waits for a row in trouble: until it is tried again it is as if it were not there. What is done to a post
    waits until that is there."""
    its_time = or_(row.c.not_before.is_(None), row.c.not_before <= bindparam("now_"))
    return and_(one_of(row.c.state, *_WAITS), its_time, or_(~_follows(row), post.c.remote_id.is_not(None)))


def _follows(row: FromClause) -> ColumnElement[bool]:
    """Whether it is done to a post once that is there."""
    return one_of(row.c.kind, "update", "pin")


# What waits is read in the order of an index, so that a look costs what it takes and not what waits. Within a lane that
# is the order too, but for a row in trouble, which goes last of its priority.
_SOUND_ONE = (
    select(_OTHER.c.id)
    .select_from(_OTHER.outerjoin(_ITS_POST, and_(_ITS_POST.c.id == _OTHER.c.post, _follows(_OTHER))))
    .where(_SAME_LANE, one_of(_OTHER.c.state, "pending", "sending", "unknown"))
    .where(_OTHER.c.priority == outbox.c.priority, _OTHER.c.since.is_(None), _may_go(_OTHER, _ITS_POST))
    .exists()
)
_HEAD = (outbox.c.id, outbox.c.attempt, outbox.c.state, outbox.c.platform, outbox.c.place, outbox.c.priority)
_NEXT = Prepared(
    select(*_HEAD)
    .select_from(outbox.outerjoin(posts, and_(posts.c.id == outbox.c.post, _follows(outbox))))
    .where(
        ACTIVE,
        outbox.c.platform == bindparam("platform_"),
        outbox.c.priority <= bindparam("up_to_"),
        tuple_(outbox.c.priority, outbox.c.id) > tuple_(bindparam("priority_"), bindparam("last_")),
        _may_go(outbox, posts),
        ~_BEING_SENT,
        or_(outbox.c.since.is_(None), ~_SOUND_ONE),
    )
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(bindparam("most_"))
)
_LEASE_ENDED = Prepared(
    select(*_HEAD)
    .where(SENDING, outbox.c.platform == bindparam("platform_"), outbox.c.lease_until < bindparam("now_"))
    .order_by(outbox.c.priority, outbox.c.id)
)
_ROW = Prepared(
    select(outbox, posts.c.channel.label("post_channel"), posts.c.remote_id.label("post_remote"))
    .select_from(outbox.outerjoin(posts, and_(posts.c.id == outbox.c.post, _follows(outbox))))
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
# from, and a row that is being changed, are left for the next look. The commit of a newer card wakes it.
# That another replica has sent its row wakes nobody here: that one goes on with the place, this one looks in 2 seconds.
_LANE = Prepared(
    select(func.pg_try_advisory_xact_lock(0x6C616E65, func.hashtext(bindparam("lane", type_=String))).label("taken"))
)
_JUST_TRIED = exists().where(_SAME_LANE, _OTHER.c.settled_at > bindparam("quiet_since", type_=Instant))
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
    def heads(self, platform: str, now: datetime, most: int, up_to: int) -> Iterator[Head]:
        """What goes next in each lane of a platform in which nobody is sending, the most urgent first, and before them
        what somebody was sending whose lease has ended. ``up_to`` is the least urgent priority; as many as ``most``
        rows are read at once, as far as they are asked for."""
        for row in self.ask(_LEASE_ENDED, {"platform_": platform, "now_": now}).all():
            yield Head(*row)
        asked = {"platform_": platform, "now_": now, "up_to_": up_to, "priority_": -1, "last_": 0}
        seen = set[str]()
        while True:
            page = self.ask(_NEXT, {**asked, "most_": most}).all()
            for row in page:
                if row.place not in seen:
                    seen.add(row.place)
                    yield Head(*row)
            if len(page) < most:
                return
            most = min(4 * most, LONGEST_PAGE)
            asked |= {"priority_": page[-1].priority, "last_": page[-1].id}

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
