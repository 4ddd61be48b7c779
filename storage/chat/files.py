"""Files: what the links in cards lead to, for as long as the links work."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary, String, Table, Text, bindparam, select, text

from storage.base import Instant, Questions, metadata
from storage.forgetting import forget_oldest
from storage.prepared import Prepared

files = Table(
    "files",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False, index=True),
)

# One statement, so that two replicas that keep the same file together do not fail each other.
_KEEP = Prepared(
    text(
        "INSERT INTO files (id, name, bytes, made_at) VALUES (:id_, :name_, :bytes_, :at_) "
        "ON CONFLICT (id) DO UPDATE SET made_at = excluded.made_at"
    ).bindparams(bindparam("bytes_", type_=LargeBinary), bindparam("at_", type_=Instant))
)
_FIND = Prepared(select(files.c.name, files.c.bytes).where(files.c.id == bindparam("id_")))
_FORGET = forget_oldest(files.c.made_at, files.c.made_at < bindparam("before"))


class Files(Questions):
    def keep(self, file: str, name: str, content: bytes, at: datetime) -> None:
        """Keep a file under its id, which stands for its name and content; kept again, it stays longer."""
        self.ask(_KEEP, {"id_": file, "name_": name, "bytes_": content, "at_": at})

    def find(self, file: str) -> tuple[str, bytes] | None:
        """Its name and content."""
        row = self.ask(_FIND, {"id_": file}).first()
        return (row.name, bytes(row.bytes)) if row else None

    def forget(self, before: datetime, most: int) -> int:
        """Remove the oldest from before a moment; how many."""
        return self.ask(_FORGET, {"before": before, "most_": most}).changed
