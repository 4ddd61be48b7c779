"""Checkpoints: moments that the bot has reached, by name."""

from datetime import datetime

from sqlalchemy import Column, String, Table, bindparam, select, text

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

marks = Table(
    "marks",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

_AT = Prepared(select(marks.c.at).where(marks.c.name == bindparam("name_")))
_SET = Prepared(
    text(
        "INSERT INTO marks (name, at) VALUES (:name, :at) ON CONFLICT (name) DO UPDATE SET at = excluded.at"
    ).bindparams(bindparam("at", type_=Instant()))
)
_REACH = Prepared(
    text(
        "INSERT INTO marks (name, at) VALUES (:name, :at) "
        "ON CONFLICT (name) DO UPDATE SET at = excluded.at WHERE marks.at < excluded.at OR marks.at > :now"
    ).bindparams(bindparam("at", type_=Instant()), bindparam("now", type_=Instant()))
)


class Checkpoints(Questions):
    def at(self, name: str) -> datetime | None:
        """The moment of a mark; None when it was never set."""
        moment: datetime | None = self.ask(_AT, {"name_": name}).scalar()
        return moment

    def set(self, name: str, at: datetime) -> None:
        self.ask(_SET, {"name": name, "at": at})

    def reach(self, name: str, at: datetime, now: datetime) -> None:
        """Set a mark unless another bot has set a later one; one from after ``now`` was set by a wrong clock."""
        self.ask(_REACH, {"name": name, "at": at, "now": now})
