"""Tidied: how much of each kind has gone since the audit last said so."""

from collections.abc import Mapping

from sqlalchemy import Column, Integer, String, Table, bindparam, delete, text

from storage.base import Questions, metadata
from storage.prepared import Prepared

tidied = Table(
    "tidied",
    metadata,
    Column("kind", String(40), primary_key=True),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)

_ADD = Prepared(
    text(
        "INSERT INTO tidied (kind, count) VALUES (:kind, :count) "
        "ON CONFLICT (kind) DO UPDATE SET count = tidied.count + excluded.count"
    ).bindparams(bindparam("count", type_=Integer()))
)
_TAKE = Prepared(delete(tidied).returning(tidied.c.kind, tidied.c.count))


class Tidied(Questions):
    def add(self, kind: str, count: int) -> None:
        """Count what has gone, in the transaction in which it went."""
        if count:
            self.ask(_ADD, {"kind": kind, "count": count})

    def take(self) -> Mapping[str, int]:
        """What has gone since this was last asked, by kind; it is asked no more than once."""
        return dict(sorted(self.ask(_TAKE).all()))
