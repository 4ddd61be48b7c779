"""Contact departments: to which a contact was opened besides the one it was logged for, by whom and when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, bindparam, delete, insert, select

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

contact_departments = Table(
    "contact_departments",
    metadata,
    Column("item", Integer, primary_key=True, autoincrement=False),
    Column("department", String(40), primary_key=True),
    Column("opened_by", String(60), nullable=False),
    Column("opened_at", Instant, nullable=False),
)


@dataclass(frozen=True)
class Opened:
    """A department that may see the contact of an item, because somebody who could open it routed the item there."""

    item: int
    department: str
    opened_by: str
    opened_at: datetime


_ADD = Prepared(insert(contact_departments))
_REMOVE = Prepared(
    delete(contact_departments).where(
        contact_departments.c.item == bindparam("item_"), contact_departments.c.department == bindparam("department_")
    )
)
_OF = Prepared(
    select(contact_departments)
    .where(contact_departments.c.item == bindparam("item_"))
    .order_by(contact_departments.c.opened_at, contact_departments.c.department)
)


class ContactDepartments(Questions):
    def add(self, item: int, department: str, by: str, at: datetime) -> None:
        """Open the contact of an item to a department that it is not open to yet."""
        self.ask(_ADD, {"item": item, "department": department, "opened_by": by, "opened_at": at})

    def remove(self, item: int, department: str) -> None:
        """Close the contact of an item to a department again."""
        self.ask(_REMOVE, {"item_": item, "department_": department})

    def of(self, item: int) -> list[Opened]:
        """The departments to which the contact of an item was opened, in that order."""
        return [Opened(*row) for row in self.ask(_OF, {"item_": item})]
