"""Posts: where each card hangs, so that it can be refreshed everywhere."""

from dataclasses import dataclass

from sqlalchemy import Column, Integer, String, Table, bindparam, insert, select, update

from storage.base import Questions, metadata

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
)


@dataclass(frozen=True)
class Post:
    id: int
    about: str
    platform: str
    place: str


_ABOUT = select(posts.c.id, posts.c.about, posts.c.platform, posts.c.place).where(
    posts.c.about == bindparam("about_"), posts.c.state != "lost"
)
_HANGS = (
    update(posts)
    .where(posts.c.id == bindparam("id_"))
    .values(channel=bindparam("channel_"), remote_id=bindparam("remote_"), state="hangs")
)
_LOST = update(posts).where(posts.c.id == bindparam("id_")).values(state="lost")
_AT = select(posts.c.about).where(
    posts.c.platform == bindparam("platform_"),
    posts.c.channel == bindparam("channel_"),
    posts.c.remote_id == bindparam("remote_"),
)


class Posts(Questions):
    def add(self, about: str, platform: str, place: str) -> int:
        """Remember a post that is on its way, and give its id."""
        row = {"about": about, "platform": platform, "place": place, "state": "waiting"}
        return int(self.connection.execute(insert(posts).returning(posts.c.id), row).scalar_one())

    def about(self, ref: str) -> list[Post]:
        """Everywhere a card about this reference hangs or is on its way to."""
        return [Post(*row) for row in self.connection.execute(_ABOUT, {"about_": ref})]

    def hangs(self, post: int, channel: str, remote_id: str) -> None:
        """Say where a post has come to hang."""
        self.connection.execute(_HANGS, {"id_": post, "channel_": channel, "remote_": remote_id})

    def lost(self, post: int) -> None:
        """Say that a post never appeared."""
        self.connection.execute(_LOST, {"id_": post})
