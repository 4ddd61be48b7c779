"""Pieces: what of an occurrence was written already, each piece once, until the occurrence has ended."""

from collections.abc import Mapping

from sqlalchemy import Column, Integer, String, Table, bindparam, delete, func, select, text

from storage.base import Questions, metadata
from storage.prepared import Prepared

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
_FORGET = Prepared(delete(pieces).where(pieces.c.occurrence == bindparam("occurrence_")))


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

    def forget(self, occurrence: int) -> None:
        """Remove the pieces of an occurrence that has ended."""
        self.ask(_FORGET, {"occurrence_": occurrence})
