"""Contact checks: when somebody last made sure that a telephone number is right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, String, Table, bindparam, delete, insert, select

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

checks = Table(
    "contact_checks",
    metadata,
    Column("contact", String(40), primary_key=True),
    Column("of", String(64), nullable=False),
    Column("checked_by", String(60), nullable=False),
    Column("checked_at", Instant, nullable=False),
)


@dataclass(frozen=True)
class ContactCheck:
    """``of`` is the hash of what was right then: a number that has changed since is not known to be."""

    contact: str
    of: str
    checked_by: str
    checked_at: datetime


_ALL = Prepared(select(checks))
_FORGET = Prepared(delete(checks).where(checks.c.contact == bindparam("contact_")))
_ADD = Prepared(insert(checks))


class ContactChecks(Questions):
    def keep(self, check: ContactCheck) -> None:
        """Keep that a contact is right, in place of what was known before."""
        self.ask(_FORGET, {"contact_": check.contact})
        self.ask(_ADD, vars(check))

    def all(self) -> Mapping[str, ContactCheck]:
        """The last check of each contact."""
        return {row.contact: ContactCheck(*row) for row in self.ask(_ALL)}
