"""Posts: where each card is posted, so that it can be refreshed everywhere."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Index, Integer, String, Table, bindparam, insert, or_, select, update

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("about", String(120), nullable=False, index=True),
    Column("platform", String(12), nullable=False),
    Column("place", String(400), nullable=False),
    Column("channel", String(400)),
    Column("remote_id", String(400)),
    Column("state", String(12), nullable=False),
    Column("seen_at", Instant),
    Column("seen_by", String(60)),
    Index("ix_posts_remote_id", "remote_id"),
)


@dataclass(frozen=True)
class Post:
    id: int
    about: str
    platform: str
    place: str


_ADD = Prepared(insert(posts).returning(posts.c.id))
_ABOUT = Prepared(
    select(posts.c.id, posts.c.about, posts.c.platform, posts.c.place).where(
        posts.c.about == bindparam("about_"), posts.c.state != "lost"
    )
)
_ABOUT_OF = Prepared(
    select(posts.c.about, posts.c.channel).where(
        posts.c.platform == bindparam("platform_"), posts.c.remote_id == bindparam("remote_")
    )
)
_POSTED = Prepared(
    update(posts)
    .where(posts.c.id == bindparam("id_"))
    .values(channel=bindparam("channel_"), remote_id=bindparam("remote_"), state="hangs")
)
_LOST = Prepared(update(posts).where(posts.c.id == bindparam("id_")).values(state="lost"))
_SEE = Prepared(
    update(posts)
    .where(
        posts.c.platform == bindparam("platform_"),
        or_(posts.c.channel == bindparam("channel_"), posts.c.place == bindparam("own_")),
        posts.c.remote_id == bindparam("remote_"),
        posts.c.seen_at.is_(None),
    )
    .values(seen_at=bindparam("at_"), seen_by=bindparam("person_"))
    .returning(posts.c.about)
)
_SEEN = Prepared(
    select(posts.c.seen_by, posts.c.seen_at)
    .where(posts.c.about == bindparam("about_"), posts.c.seen_at.is_not(None))
    .order_by(posts.c.seen_at)
    .limit(1)
)
_KNOWN = (
    select(posts.c.about)
    .where(posts.c.about.in_(bindparam("refs", expanding=True)), posts.c.state != "lost")
    .distinct()
    .order_by(posts.c.about)
)


def _conversation(address: str | None) -> str:
    """A channel without what its address says besides: the thread, and where it is reached."""
    return re.split("[;|]", address or "")[0]


class Posts(Questions):
    def add(self, ref: str, platform: str, place: str) -> int:
        """Remember a post that is on its way, and give its id."""
        row = {"about": ref, "platform": platform, "place": place, "state": "waiting"}
        return int(self.ask(_ADD, row).scalar())

    def of(self, ref: str) -> list[Post]:
        """Everywhere a card about this reference is posted or on its way to."""
        return [Post(*row) for row in self.ask(_ABOUT, {"about_": ref})]

    def ref_of(self, key: str) -> str | None:
        """What the card in this message is about; ``key`` is its permanent name (``slack:C123/1700.1``)."""
        platform, _, rest = key.partition(":")
        channel, _, remote = rest.rpartition("/")
        found = self.ask(_ABOUT_OF, {"platform_": platform, "remote_": remote})
        return next((row.about for row in found if _conversation(row.channel) == channel), None)

    def known(self, refs: Collection[str]) -> list[str]:
        """Those of these references about which a card is posted or on its way."""
        return list(self.connection.execute(_KNOWN, {"refs": list(refs)}).scalars()) if refs else []

    def posted(self, post: int, channel: str, remote_id: str) -> None:
        """Say where a post is now."""
        self.ask(_POSTED, {"id_": post, "channel_": channel, "remote_": remote_id})

    def lost(self, post: int) -> None:
        """Say that a post never appeared."""
        self.ask(_LOST, {"id_": post})

    def see(self, platform: str, channel: str, remote_id: str, person: str, at: datetime) -> str | None:
        """Say who was the first to press a button of the message there; gives what it is about, for the first alone.

        Where a platform's address of somebody's own chat is more than its id, the chat is known by the person.
        """
        row = {"platform_": platform, "channel_": channel, "own_": f"dm:{person}", "remote_": remote_id}
        about: str | None = self.ask(_SEE, {**row, "person_": person, "at_": at}).scalar()
        return about

    def seen(self, about: str) -> tuple[str, datetime] | None:
        """Who was the first to press a button of a card about this, and when."""
        row = self.ask(_SEEN, {"about_": about}).first()
        return (row.seen_by, row.seen_at) if row else None
