"""Drawings: what has changed since a message was queued, and what it says now."""

from datetime import datetime

from sqlalchemy import and_, bindparam, exists, or_, select, update

from storage.audit import audit
from storage.base import Questions, one_of
from storage.chat.outbox import OutboxRow, hash_of, outbox
from storage.chat.posts import posts
from storage.prepared import Prepared

_REDRAW = Prepared(
    update(outbox).where(outbox.c.id == bindparam("id_")).values(card=bindparam("card_"), card_hash=bindparam("hash_"))
)
_LATER = outbox.alias("later")
_NEWER = exists().where(_LATER.c.id > bindparam("id_"), _LATER.c.kind == "update", _LATER.c.state != "replaced")
_CHANGED = Prepared(
    select(
        or_(
            _NEWER.where(_LATER.c.about == bindparam("about_")),
            exists().where(audit.c.subject == bindparam("subject_"), audit.c.at > bindparam("since_")),
        ).label("changed")
    )
)
_OF_POST = outbox.c.post == bindparam("post_")
_SAYS = Prepared(
    select(outbox.c.card_hash)
    .where(_OF_POST, one_of(outbox.c.state, "sent"), one_of(outbox.c.kind, "post", "update"))
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_SAID = Prepared(select(outbox.c.card).where(_OF_POST, outbox.c.kind == "post").order_by(outbox.c.id).limit(1))
_SHOWN = Prepared(
    select(outbox.c.draws, outbox.c.created_at, outbox.c.settled_at)
    .where(_OF_POST, one_of(outbox.c.state, "sent"), one_of(outbox.c.kind, "post", "update", "answer"))
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_OF_OLD = Prepared(select(posts.c.said_hash, posts.c.said_at).where(posts.c.id == bindparam("post_")))
_SAME = exists().where(
    _LATER.c.id > outbox.c.id,
    _LATER.c.about == outbox.c.about,
    _LATER.c.kind == "post",
    _LATER.c.platform == outbox.c.platform,
    _LATER.c.place == outbox.c.place,
    _LATER.c.draws == outbox.c.draws,
    or_(_LATER.c.payload == outbox.c.payload, and_(_LATER.c.payload.is_(None), outbox.c.payload.is_(None))),
    one_of(_LATER.c.state, "pending", "sending", "unknown", "sent"),
)
_REPEATED = Prepared(select(_SAME.label("repeated")).where(outbox.c.id == bindparam("id_")))
_SUPERSEDED = Prepared(select(_NEWER.where(_LATER.c.post == bindparam("post_")).label("newer")))


class Drawings(Questions):
    def redraw(self, row: OutboxRow, card: str) -> None:
        """Keep what a row says now in the place of what it said when it was queued."""
        self.ask(_REDRAW, {"id_": row.id, "card_": card, "hash_": hash_of(card)})

    def has_changed(self, row: OutboxRow, subject: str) -> bool:
        """Whether anything was written down about a subject since a row was queued, or its card was refreshed."""
        asked = {"id_": row.id, "about_": row.about, "subject_": subject, "since_": row.created_at}
        return bool(self.ask(_CHANGED, asked).scalar())

    def says(self, post: int | None, card: str) -> bool:
        """Whether a card is what a post says already."""
        said = self.ask(_SAYS, {"post_": post}).scalar()
        if said is None and post is not None:
            said = self.ask(_OF_OLD, {"post_": post}).scalar()
        return bool(said == hash_of(card))

    def said(self, post: int | None) -> str | None:
        """What a post said first; None when it is not kept any more."""
        card: str | None = self.ask(_SAID, {"post_": post}).scalar()
        return card

    def shown_at(self, post: int) -> datetime | None:
        """When the newest version of a post that has gone out was written."""
        if row := self.ask(_SHOWN, {"post_": post}).first():
            shown: datetime = row.settled_at if row.draws else row.created_at
            return shown
        old = self.ask(_OF_OLD, {"post_": post}).first()
        return old.said_at if old else None

    def is_repeated(self, row: OutboxRow) -> bool:
        """Whether the same is said to the same place by a message that was queued after this one, and is not lost."""
        return bool(self.ask(_REPEATED, {"id_": row.id}).scalar())

    def is_superseded(self, row: OutboxRow) -> bool:
        """Whether a newer update of the same post was queued after an update."""
        return bool(self.ask(_SUPERSEDED, {"id_": row.id, "post_": row.post}).scalar())
