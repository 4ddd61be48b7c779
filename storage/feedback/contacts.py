"""Contacts: how residents can be reached, each record encrypted before it comes here; the key is never here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Column, Integer, LargeBinary, String, Table, bindparam, delete, func, insert, select

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

contacts = Table(
    "contacts",
    metadata,
    Column("item", Integer, primary_key=True, autoincrement=False),
    Column("key", String(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_by", String(60), nullable=False),
    Column("made_at", Instant, nullable=False),
)


@dataclass(frozen=True)
class Contact:
    """One sealed record and the id of the key that opens it."""

    item: int
    key: str
    sealed: bytes

    @property
    def mark(self) -> str:
        """What tells this record from the one that was kept before or after it; it says nothing of what is sealed."""
        return sha256(self.sealed).hexdigest()[:16]


_COLUMNS = (contacts.c.item, contacts.c.key, contacts.c.sealed)
_FIND = Prepared(select(*_COLUMNS).where(contacts.c.item == bindparam("item_")))
_OF_EACH = Prepared(select(*_COLUMNS).where(contacts.c.item.in_(bindparam("items_", expanding=True))))
_ADD = Prepared(insert(contacts))
_REMOVE = Prepared(delete(contacts).where(contacts.c.item == bindparam("item_")))
_KEYS = Prepared(select(contacts.c.key, func.count().label("count")).group_by(contacts.c.key))


class Contacts(Questions):
    def put(self, item: int, key: str, sealed: bytes, by: str, at: datetime) -> None:
        """Keep the contact of an item, in the place of the one before."""
        self.remove(item)
        self.ask(_ADD, {"item": item, "key": key, "sealed": sealed, "made_by": by, "made_at": at})

    def find(self, item: int) -> Contact | None:
        row = self.ask(_FIND, {"item_": item}).first()
        return Contact(row.item, row.key, bytes(row.sealed)) if row else None

    def of_each(self, items: Collection[int]) -> dict[int, Contact]:
        """The same of several items, by their numbers."""
        rows = self.ask(_OF_EACH, {"items_": list(items)}) if items else ()
        return {row.item: Contact(row.item, row.key, bytes(row.sealed)) for row in rows}

    def remove(self, item: int) -> bool:
        """Forget the contact of an item; False when there was none."""
        return self.ask(_REMOVE, {"item_": item}).changed == 1

    def by_key(self) -> dict[str, int]:
        """How many records each key opens, by its id."""
        return {row.key: int(row.count) for row in self.ask(_KEYS)}
