"""Pieces: what of an occurrence was written already, each piece once, until the occurrence is over."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, and_, bindparam, delete, exists, func, or_, select, text

from storage.base import Questions, metadata, one_of
from storage.forgetting import forget_oldest
from storage.prepared import Prepared
from storage.time.occurrences import occurrences

pieces = Table(
    "pieces",
    metadata,
    Column("occurrence", Integer, primary_key=True, autoincrement=False),
    Column("key", String(120), primary_key=True),
    Column("state", String(12), nullable=False),
    sqlite_with_rowid=False,
)

_THIS = (pieces.c.occurrence == bindparam("occurrence_"), pieces.c.key == bindparam("key_"))
_NEW = "INSERT INTO pieces (occurrence, key, state) VALUES (:occurrence, :key, :state) ON CONFLICT (occurrence, key) "
_ADD = Prepared(text(f"{_NEW} DO NOTHING"))
_SET = Prepared(text(f"{_NEW} DO UPDATE SET state = excluded.state"))
_REMOVE = Prepared(delete(pieces).where(*_THIS))
_DONE = Prepared(select(pieces.c.key).where(pieces.c.occurrence == bindparam("occurrence_")))
_COUNTS = Prepared(
    select(pieces.c.state, func.count().label("count"))
    .where(pieces.c.occurrence == bindparam("occurrence_"))
    .group_by(pieces.c.state)
)
_REMOVE_ALL = Prepared(delete(pieces).where(pieces.c.occurrence == bindparam("occurrence_")))
_MAY_GO_ON = exists().where(
    occurrences.c.id == pieces.c.occurrence,
    or_(
        one_of(occurrences.c.state, "planned", "skipped"),
        and_(occurrences.c.state == "by_hand", occurrences.c.due_at >= bindparam("before")),
    ),
)
_FORGET = forget_oldest(pieces.c.occurrence, ~_MAY_GO_ON)


class Pieces(Questions):
    def add(self, occurrence: int, key: str) -> bool:
        """Say that a piece is written; False when it was before."""
        return self.ask(_ADD, {"occurrence": occurrence, "key": key, "state": "written"}).changed == 1

    def set(self, occurrence: int, key: str, state: str) -> None:
        """Say what became of a piece in place of being written: ``left out`` or ``broke``."""
        self.ask(_SET, {"occurrence": occurrence, "key": key, "state": state})

    def remove(self, occurrence: int, key: str) -> None:
        """Say that a piece is not written yet."""
        self.ask(_REMOVE, {"occurrence_": occurrence, "key_": key})

    def done(self, occurrence: int) -> frozenset[str]:
        """The keys of all pieces that something has become of."""
        return frozenset(row.key for row in self.ask(_DONE, {"occurrence_": occurrence}))

    def counts(self, occurrence: int) -> Mapping[str, int]:
        """How many pieces there are in each state."""
        return {row.state: row.count for row in self.ask(_COUNTS, {"occurrence_": occurrence})}

    def remove_all(self, occurrence: int) -> None:
        """Say that nothing of an occurrence is written."""
        self.ask(_REMOVE_ALL, {"occurrence_": occurrence})

    def forget(self, before: datetime, most: int) -> int:
        """Remove pieces of occurrences that have ended, are not there any more, or were sent by hand before a moment;
        how many."""
        return self.ask(_FORGET, {"before": before, "most_": most}).changed
