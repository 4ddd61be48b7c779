"""Posts: where each card is posted, so that it can be refreshed everywhere."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, bindparam, func, insert, or_, select, update

from storage.base import Instant, Questions, metadata, one_of, partial_index
from storage.persons import by_key
from storage.prepared import Prepared

ABOUT = 120  # characters of what a post is about

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("about", String(ABOUT), nullable=False, index=True),
    Column("platform", String(12), nullable=False),
    Column("place", String(400), nullable=False),
    Column("channel", String(400)),
    Column("remote_id", String(400)),
    Column("state", String(12), nullable=False),
    Column("seen_at", Instant),
    Column("seen_by", String(60)),
    Column("subject", String(120), index=True),
    Column("draws", String(200)),
    Column("instead_of", String(60)),
    Column("said_hash", String(64)),  # of its newest version, once the row of the outbox about that has gone
    Column("said_at", Instant),
    Column("goes_at", Instant),
    Index("ix_posts_remote_id", "remote_id"),
)
GOES = posts.c.goes_at.is_not(None)
partial_index("ix_posts_goes_at", posts.c.goes_at, where=GOES)


@dataclass(frozen=True)
class Post:
    id: int
    about: str
    platform: str
    place: str


@dataclass(frozen=True, kw_only=True)
class NewPost:
    """A post that is on its way: with a reference of its own, or drawn again when the record it names changes."""

    platform: str
    place: str
    ref: str | None = None
    draws: str | None = None
    instead_of: str | None = None

    @property
    def row(self) -> dict[str, Any]:
        """Its columns."""
        drawn = None if self.ref else self.draws
        subject = next(iter((drawn or "").split(" ")[1:]), None)
        return {
            "about": self.ref or (drawn or "")[:ABOUT], "platform": self.platform, "place": self.place,
            "state": "waiting", "subject": subject, "draws": drawn, "instead_of": drawn and self.instead_of,
        }  # fmt: skip


@dataclass(frozen=True)
class Followed(Post):
    """A post that is drawn again by itself when its record changes, and in whose place its reader was asked."""

    draws: str
    instead_of: str | None


@dataclass(frozen=True)
class Deleted:
    """A post that was deleted at the platform. ``draws`` is set for one without a reference of its own; ``before`` says
    that another one about the same was deleted in that place earlier."""

    about: str
    platform: str
    place: str
    draws: str | None
    instead_of: str | None
    before: bool


NOT_THERE = ("lost", "deleted")  # it never appeared, or somebody deleted it at the platform
_IS_THERE = ~one_of(posts.c.state, *NOT_THERE)
_ADD = Prepared(insert(posts).returning(posts.c.id))
_ADD_ALL = insert(posts).returning(posts.c.id, posts.c.about, posts.c.platform, posts.c.place)
_ABOUT = Prepared(
    select(posts.c.id, posts.c.about, posts.c.platform, posts.c.place).where(
        posts.c.about == bindparam("about_"), _IS_THERE
    )
)
_FOLLOWED = (
    select(posts.c.id, posts.c.about, posts.c.platform, posts.c.place, posts.c.draws, posts.c.instead_of)
    .where(posts.c.state == "hangs", posts.c.draws.is_not(None))
    .order_by(posts.c.id.desc())
    .limit(bindparam("most_"))
)
_OF_SUBJECTS = Prepared(_FOLLOWED.where(posts.c.subject.in_(bindparam("subjects", expanding=True))))
_FOLLOWING = Prepared(_FOLLOWED.where(posts.c.about.in_(bindparam("abouts", expanding=True))))
_STATES = Prepared(select(posts.c.state).where(posts.c.about == bindparam("about_")))
_ABOUT_OF = Prepared(
    select(posts.c.id, posts.c.about, posts.c.channel).where(
        posts.c.platform == bindparam("platform_"), posts.c.remote_id == bindparam("remote_")
    )
)
_POSTED = Prepared(
    update(posts)
    .where(posts.c.id == bindparam("id_"))
    .values(channel=bindparam("channel_"), remote_id=bindparam("remote_"), state="hangs")
)
_LOST = Prepared(update(posts).where(posts.c.id == bindparam("id_")).values(state="lost"))
_DELETED = Prepared(
    update(posts)
    .where(posts.c.id == bindparam("id_"))
    .values(state="deleted")
    .returning(posts.c.about, posts.c.platform, posts.c.place, posts.c.draws, posts.c.instead_of)
)
_DELETED_BEFORE = Prepared(
    select(func.count())
    .select_from(posts)
    .where(
        posts.c.about == bindparam("about_"),
        posts.c.platform == bindparam("platform_"),
        posts.c.place == bindparam("place_"),
        one_of(posts.c.state, "deleted"),
    )
)
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
_OF_EACH = Prepared(
    select(posts.c.id, posts.c.about, posts.c.platform, posts.c.place)
    .where(posts.c.about.in_(bindparam("refs", expanding=True)), _IS_THERE)
    .order_by(posts.c.about, posts.c.id)
)


def _conversation(address: str | None) -> str:
    """A channel without what its address says besides: the thread, and where it is reached."""
    return re.split("[;|]", address or "")[0]


class Posts(Questions):
    def add(self, ref: str, platform: str, place: str) -> int:
        """Remember a post that is on its way, and give its id."""
        [post] = self.add_all([NewPost(platform=platform, place=place, ref=ref)])
        return post

    def add_all(self, new: Sequence[NewPost]) -> list[int]:
        """Remember posts that are on their way, and give their ids in the same order."""
        if len(new) == 1:
            return [int(self.ask(_ADD, new[0].row).scalar())]
        rows, ids = [post.row for post in new], dict[tuple[str, str, str], list[int]]()
        for row in self.connection.execute(_ADD_ALL, rows) if rows else ():  # no database says in which order
            ids.setdefault((row.about, row.platform, row.place), []).append(row.id)
        return [ids[row["about"], row["platform"], row["place"]].pop() for row in rows]

    def follow(self, draws: str, platform: str, place: str, instead_of: str | None = None) -> int:
        """Remember a post that has no reference of its own, and is drawn again when the record it names changes."""
        [post] = self.add_all([NewPost(platform=platform, place=place, draws=draws, instead_of=instead_of)])
        return post

    def followed(self, subjects: Collection[str], most: int) -> list[Followed]:
        """The newest of the posts about these subjects that are drawn again by themselves."""
        asked = {"subjects": list(subjects), "most_": most}
        return [Followed(*row) for row in self.ask(_OF_SUBJECTS, asked)] if subjects else []

    def of(self, ref: str) -> list[Post]:
        """Everywhere a card about this reference is posted or on its way to."""
        return [Post(*row) for row in self.ask(_ABOUT, {"about_": ref})]

    def ref_of(self, key: str) -> str | None:
        """What the card in this message is about; ``key`` is its permanent name (``slack:C123/1700.1``)."""
        platform, _, rest = key.partition(":")
        channel, _, remote = rest.rpartition("/")
        found = self.ask(_ABOUT_OF, {"platform_": platform, "remote_": remote})
        return next((row.about for row in found if _conversation(row.channel) == channel), None)

    def waits(self, about: str) -> bool:
        """Whether a card about this is on its way, and has not gone out anywhere."""
        states = [row.state for row in self.ask(_STATES, {"about_": about})]
        return bool(states) and set(states) == {"waiting"}

    def following(self, abouts: Collection[str]) -> list[Followed]:
        """Those of the posts that are drawn again by themselves which were queued with these words."""
        asked = {"abouts": list(abouts), "most_": len(abouts)}
        return [Followed(*row) for row in self.ask(_FOLLOWING, asked)] if abouts else []

    def of_message(self, platform: str, channel: str, remote_id: str) -> int | None:
        """The post that is this message, by its id."""
        found = self.ask(_ABOUT_OF, {"platform_": platform, "remote_": remote_id})
        return next((row.id for row in found if _conversation(row.channel) == channel), None)

    def known(self, refs: Collection[str]) -> list[str]:
        """Those of these references about which a card is posted or on its way."""
        return list(self.of_each(refs))

    def of_each(self, refs: Collection[str]) -> dict[str, list[Post]]:
        """Everywhere a card about each of these references is posted or on its way to, by the reference."""
        rows = self.ask(_OF_EACH, {"refs": list(refs)}) if refs else ()
        return by_key((Post(*row) for row in rows), lambda post: post.about)

    def posted(self, post: int, channel: str, remote_id: str) -> None:
        """Say where a post is now."""
        self.ask(_POSTED, {"id_": post, "channel_": channel, "remote_": remote_id})

    def lost(self, post: int) -> None:
        """Say that a post never appeared."""
        self.ask(_LOST, {"id_": post})

    def deleted(self, post: int) -> Deleted:
        """Say that somebody deleted a post at the platform; gives what it was."""
        row = self.ask(_DELETED, {"id_": post}).first()
        asked = {"about_": row.about, "platform_": row.platform, "place_": row.place}
        count = int(self.ask(_DELETED_BEFORE, asked).scalar())
        return Deleted(row.about, row.platform, row.place, row.draws, row.instead_of, count > 1)

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
