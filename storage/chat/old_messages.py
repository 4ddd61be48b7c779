"""Old messages: what they said goes, then their rows of the outbox, then the posts that nothing is ever changed in.

What was said stays where the platforms keep it. A page stays without its words, because a crisis says how often
somebody was paged; so do posts about records and homes, which are changed however old they are.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, and_, bindparam, delete, exists, func, or_, select, update

from storage.base import Instant, Questions, one_of
from storage.chat.outbox import PRIORITIES, outbox
from storage.chat.posts import GOES, posts
from storage.forgetting import forget_oldest
from storage.prepared import Prepared

HOME = "home:"  # how the places of home pages begin
_SHOWN = ("post", "update", "answer")  # kinds of rows that say something

_C = outbox.c
_MOST: Any = bindparam("most_", type_=Integer)
_DONE = and_(
    _C.settled_at >= bindparam("since_", type_=Instant),
    _C.settled_at < bindparam("before_", type_=Instant),
    one_of(_C.state, "sent", "replaced"),
)
_SAYING = (
    select(_C.id).where(_DONE, or_(_C.card.is_not(None), _C.payload.is_not(None))).order_by(_C.settled_at).limit(_MOST)
)
_BLANK = Prepared(update(outbox).where(_C.id.in_(_SAYING)).values(card=None, payload=None).returning(_C.settled_at))
_PAGE = and_(_C.priority == PRIORITIES.index("page"), _C.kind == "post", _C.about.is_not(None))
_NEWEST = outbox.alias("newest")
_OLD = Prepared(
    select(
        _C.id, _C.post, _C.state, _C.kind, _C.draws, _C.card_hash, _C.created_at, _C.settled_at,
        posts.c.about.label("ref"), posts.c.place.label("posted_in"),
    )
    .outerjoin(posts, posts.c.id == _C.post)
    .where(_DONE, ~_PAGE, _C.id < select(func.max(_NEWEST.c.id)).scalar_subquery())
    .order_by(_C.settled_at, _C.id)
    .limit(_MOST)
)  # fmt: skip
_FORGET = delete(outbox).where(_C.id.in_(bindparam("ids", expanding=True)))
_THIS = posts.c.id == bindparam("id_")
_SAID = (
    update(posts)
    .where(_THIS)
    .values(said_hash=bindparam("hash_"), said_at=bindparam("at_"), goes_at=bindparam("goes_"))
)
_GOES = update(posts).where(_THIS).values(goes_at=bindparam("goes_"))
_FORGET_POSTS = forget_oldest(
    posts.c.goes_at, GOES, posts.c.goes_at < bindparam("now_", type_=Instant), ~exists().where(_C.post == posts.c.id)
)


class OldMessages(Questions):
    """Rows are gone through by when they were settled; each call gives how many it found, and until when it has seen
    all of them."""

    def blank(self, since: datetime, before: datetime, most: int) -> tuple[int, datetime]:
        """Remove what rows say that were settled before a moment; ids and hashes stay."""
        found = self.ask(_BLANK, {"since_": since, "before_": before, "most_": most}).all()
        return len(found), max(row.settled_at for row in found) if len(found) == most else before

    def forget(
        self, since: datetime, before: datetime, most: int, *, lasting: Collection[str], post_lives: timedelta
    ) -> tuple[int, datetime]:
        """Remove rows that were settled before a moment. Their posts keep what they need of them, and go after
        ``post_lives`` unless a word of what they are about begins with one of ``lasting``."""
        found = self.ask(_OLD, {"since_": since, "before_": before, "most_": most}).all()
        for statement, shows in ((_SAID, True), (_GOES, False)):
            rows = [row for row in found if row.post is not None and _shows(row) == shows]
            if rows:
                self.connection.execute(statement, [_kept(row, tuple(lasting), post_lives) for row in rows])
        gone = self.connection.execute(_FORGET, {"ids": [row.id for row in found]}).rowcount if found else 0
        return gone, found[-1].settled_at if len(found) == most else before

    def forget_posts(self, now: datetime, most: int) -> int:
        """Remove posts whose time is over; how many."""
        return self.ask(_FORGET_POSTS, {"now_": now, "most_": most}).changed


def _shows(row: Any) -> bool:
    """Whether a row is a version of its post that people have seen."""
    return row.state == "sent" and row.kind in _SHOWN


def _kept(row: Any, lasting: tuple[str, ...], lives: timedelta) -> Mapping[str, Any]:
    """What the post of a row keeps of it."""
    about_record = any(word.startswith(lasting) for word in (row.ref or "").split())
    stays = about_record or (row.posted_in or "").startswith(HOME)
    kept = {"id_": row.post, "goes_": None if stays else row.settled_at + lives}
    if not _shows(row):
        return kept
    return {**kept, "hash_": row.card_hash, "at_": row.settled_at if row.draws else row.created_at}
