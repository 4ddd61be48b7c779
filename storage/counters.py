"""Counters: the next number of a reference, without gaps or doubles, because a rollback takes it back."""

from sqlalchemy import Column, Integer, String, Table, text

from storage.base import Questions, metadata
from storage.prepared import Prepared

counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# One statement, so that two replicas that begin a counter together do not both begin it at 1.
_NEXT = Prepared(
    text(
        "INSERT INTO counters (name, value) VALUES (:counter, 1) "
        "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"
    ).columns(counters.c.value)
)
_AT_LEAST = Prepared(
    text(
        "INSERT INTO counters (name, value) VALUES (:counter, :least) ON CONFLICT (name) DO UPDATE SET value = "
        "CASE WHEN counters.value < excluded.value THEN excluded.value ELSE counters.value END"
    )
)


class Counters(Questions):
    def next(self, name: str) -> int:
        """The next number of this counter, from 1; the row stays locked until the transaction ends."""
        return int(self.ask(_NEXT, {"counter": name}).scalar())

    def at_least(self, name: str, number: int) -> None:
        """Have the next numbers of this counter come after one that is taken."""
        self.ask(_AT_LEAST, {"counter": name, "least": number})
