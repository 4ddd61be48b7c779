"""Inbox: what has been handled already, so that a delivery that comes twice has one effect and one answer."""

from datetime import datetime

from sqlalchemy import Column, String, Table, Text, bindparam, delete, insert, select

from storage.base import Instant, Questions, metadata
from storage.forgetting import forget_oldest
from storage.prepared import Prepared

inbox = Table(
    "inbox",
    metadata,
    Column("key", String(300), primary_key=True),
    Column("answer", Text),
    Column("at", Instant, nullable=False, index=True),
    sqlite_with_rowid=False,
)

_ANSWER = Prepared(select(inbox.c.key, inbox.c.answer).where(inbox.c.key == bindparam("key_")))
_KEEP = Prepared(insert(inbox))
_DROP = Prepared(delete(inbox).where(inbox.c.key == bindparam("key_")))
_FORGET = forget_oldest(inbox.c.at, inbox.c.at < bindparam("before"))


class Inbox(Questions):
    def answered(self, key: str) -> tuple[bool, str | None]:
        """Whether this delivery was handled, and the answer (a card as JSON) that was given."""
        row = self.ask(_ANSWER, {"key_": key}).first()
        return (row is not None, row.answer if row else None)

    def keep(self, key: str, answer: str | None, at: datetime) -> None:
        """Remember a delivery and its answer; the key is unique, so a second one fails the transaction."""
        self.ask(_KEEP, {"key": key, "answer": answer, "at": at})

    def keep_once(self, key: str, at: datetime) -> None:
        """Remember a key that may be remembered already."""
        if not self.answered(key)[0]:
            self.keep(key, None, at)

    def drop(self, key: str) -> bool:
        """Forget a key; whether it was remembered."""
        return self.ask(_DROP, {"key_": key}).changed > 0

    def forget(self, before: datetime, most: int) -> int:
        """Remove the oldest from before a moment; how many."""
        return self.ask(_FORGET, {"before": before, "most_": most}).changed
