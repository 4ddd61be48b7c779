"""Taken back: messages that told of something that was undone; what has not gone out yet does not go."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Text, bindparam, delete, select, update

from storage.base import Questions
from storage.chat.notes import notes
from storage.chat.outbox import outbox
from storage.chat.posts import Post, posts

GONE = "taken back"  # what a post is about from then on: nothing refreshes it or draws it again
_WAITS = (outbox.c.kind == "post", outbox.c.state == "pending", outbox.c.attempt == 0)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_UNSEND = (
    update(outbox).where(outbox.c.id.in_(_IDS), *_WAITS).values(state="replaced", settled_at=bindparam("at_"))
).returning(outbox.c.post)
_LOSE = update(posts).where(posts.c.id.in_(_IDS)).values(state="lost")
_SENT = (
    select(posts.c.id, posts.c.about, posts.c.platform, posts.c.place, outbox.c.card)
    .join(outbox, outbox.c.post == posts.c.id)
    .where(outbox.c.id.in_(_IDS), outbox.c.kind == "post", outbox.c.state != "replaced")
    .order_by(posts.c.id)
)
_DETACH = update(posts).where(posts.c.id.in_(_IDS)).values(about=GONE, draws=None)
_FORGET_NEWS = delete(notes).where(notes.c.id.in_(_IDS), notes.c.told_on.is_(None))
_TELL_AGAIN = (
    update(notes)
    .where(notes.c.id.in_(_IDS), notes.c.told_on.is_not(None))
    .values(line=bindparam("mark_", type_=Text) + notes.c.line, told_on=None)
)


_TRACES = (
    select(outbox.c.platform, outbox.c.place, outbox.c.payload)
    .where(outbox.c.id.in_(_IDS), outbox.c.kind == "answer")
    .order_by(outbox.c.id)
)


@dataclass(frozen=True)
class Trace:
    """Where others were told of an answer: the platform, the place of the outbox, and what it takes to answer there."""

    platform: str
    place: str
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """A message that was posted or is on its way, and its card as JSON while that is kept."""

    post: Post
    card: str | None


class TakenBack(Questions):
    def unsend(self, rows: Sequence[int], at: datetime) -> None:
        """Give up those rows of the outbox that nobody has tried to send."""
        lost = [row.post for row in self.connection.execute(_UNSEND, {"ids": list(rows), "at_": at}) if row.post]
        if lost:
            self.connection.execute(_LOSE, {"ids": lost})

    def sent(self, rows: Sequence[int]) -> list[Told]:
        """The posts of the others; from now on they are about nothing, so that no refresh brings them back."""
        found = [
            Told(Post(row.id, row.about, row.platform, row.place), row.card)
            for row in self.connection.execute(_SENT, {"ids": list(rows)})
        ]
        if found:
            self.connection.execute(_DETACH, {"ids": [told.post.id for told in found]})
        return found

    def traces(self, rows: Sequence[int]) -> list[Trace]:
        """Where others were told of the act, while that is kept."""
        found = self.connection.execute(_TRACES, {"ids": list(rows)})
        return [Trace(row.platform, row.place, json.loads(row.payload)) for row in found if row.payload]

    def news(self, lines: Sequence[int], mark: str) -> None:
        """Remove lines for digests that nobody has read; those that stood in one are told again, after ``mark``."""
        self.connection.execute(_FORGET_NEWS, {"ids": list(lines)})
        self.connection.execute(_TELL_AGAIN, {"ids": list(lines), "mark_": mark})
