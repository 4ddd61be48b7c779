"""Drawings: what has changed since a message was queued, and what it says now."""

from sqlalchemy import bindparam, exists, or_, select, update

from storage.audit import audit
from storage.base import Questions
from storage.chat.outbox import OutboxRow, hash_of, outbox
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
_SUPERSEDED = Prepared(select(_NEWER.where(_LATER.c.post == bindparam("post_")).label("newer")))


class Drawings(Questions):
    def redraw(self, row: OutboxRow, card: str) -> None:
        """Keep what a row says now in the place of what it said when it was queued."""
        self.ask(_REDRAW, {"id_": row.id, "card_": card, "hash_": hash_of(card)})

    def has_changed(self, row: OutboxRow, subject: str) -> bool:
        """Whether anything was written down about a subject since a row was queued, or its card was refreshed."""
        asked = {"id_": row.id, "about_": row.about, "subject_": subject, "since_": row.created_at}
        return bool(self.ask(_CHANGED, asked).scalar())

    def is_superseded(self, row: OutboxRow) -> bool:
        """Whether a newer update of the same post was queued after an update."""
        return bool(self.ask(_SUPERSEDED, {"id_": row.id, "post_": row.post}).scalar())
