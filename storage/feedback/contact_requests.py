"""Contact requests: who asked a department for the contact of an item, and until when somebody in it opened it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, Text, bindparam, insert, or_, select, update

from storage.base import Instant, Questions, metadata, partial_index
from storage.feedback.contact_departments import contact_departments
from storage.feedback.items import feedback
from storage.prepared import Prepared

contact_requests = Table(
    "contact_requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("item", Integer, nullable=False),
    Column("person", String(60), nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("decided_by", String(60)),
    Column("decided_at", Instant),
    Column("until", Instant),
)
Index("ix_contact_requests_item", contact_requests.c.item)
_ASKED = contact_requests.c.state == "asked"
partial_index("ix_contact_requests_asked", contact_requests.c.item, where=_ASKED)


@dataclass(frozen=True)
class ContactRequest:
    """One request. ``state`` is asked, agreed or declined; ``until`` is when an agreement ends."""

    id: int
    item: int
    person: str
    reason: str
    asked_at: datetime
    state: str
    decided_by: str | None = None
    decided_at: datetime | None = None
    until: datetime | None = None

    @property
    def ref(self) -> str:
        """What its card is about."""
        return f"contact request {self.id}"


_C = contact_requests.c
_ADD = Prepared(insert(contact_requests).returning(_C.id))
_CHANGE = Prepared(update(contact_requests).where(_C.id == bindparam("id_")))
_ONE = Prepared(select(contact_requests).where(_C.id == bindparam("id_")))
_TAKE = Prepared(select(contact_requests).where(_C.id == bindparam("id_")).with_for_update())
_WAITING = Prepared(
    select(contact_requests).where(_ASKED, _C.item == bindparam("item_"), _C.person == bindparam("person_"))
)
_TO_DECIDE = Prepared(
    select(contact_requests, feedback.c.first_department, contact_departments.c.department)
    .select_from(contact_requests)
    .join(feedback, feedback.c.number == _C.item)
    .outerjoin(contact_departments, contact_departments.c.item == _C.item)
    .where(
        _ASKED,
        or_(feedback.c.state == "open", feedback.c.closed_at > bindparam("since_")),
        feedback.c.state != "withdrawn",
    )
    .order_by(_C.id)
)
_HOLDING = Prepared(
    select(contact_requests)
    .where(_C.item == bindparam("item_"), _C.state == "agreed", _C.until > bindparam("now_"))
    .order_by(_C.until, _C.id)
)


class ContactRequests(Questions):
    def add(self, item: int, person: str, reason: str, at: datetime) -> ContactRequest:
        row = {"item": item, "person": person, "reason": reason, "asked_at": at, "state": "asked"}
        return ContactRequest(
            id=int(self.ask(_ADD, row).scalar()), item=item, person=person, reason=reason, asked_at=at, state="asked"
        )

    def find(self, number: int) -> ContactRequest | None:
        row = self.ask(_ONE, {"id_": number}).first()
        return ContactRequest(*row) if row else None

    def take(self, number: int) -> ContactRequest | None:
        """A request, and nobody else changes it before this transaction ends."""
        row = self.ask(_TAKE, {"id_": number}).first()
        return ContactRequest(*row) if row else None

    def decide(self, row: ContactRequest, state: str, by: str, at: datetime, until: datetime | None) -> ContactRequest:
        """Keep who decided, and until when an agreement holds."""
        values: dict[str, Any] = {"state": state, "decided_by": by, "decided_at": at, "until": until}
        self.ask(_CHANGE, {"id_": row.id, **values})
        return replace(row, **values)

    def waiting(self, item: int, person: str) -> ContactRequest | None:
        """What somebody has asked for an item and nobody has decided."""
        row = self.ask(_WAITING, {"item_": item, "person_": person}).first()
        return ContactRequest(*row) if row else None

    def holding(self, item: int, now: datetime) -> list[ContactRequest]:
        """The agreements for an item that have not ended, the next to end first."""
        return [ContactRequest(*row) for row in self.ask(_HOLDING, {"item_": item, "now_": now})]

    def to_decide(self, closed_since: datetime) -> list[tuple[ContactRequest, frozenset[str]]]:
        """What was asked for and nobody has decided, oldest first, each with the departments that may; not for items
        that were closed before a moment."""
        found: dict[int, tuple[ContactRequest, set[str]]] = {}
        for *row, first, routed in self.ask(_TO_DECIDE, {"since_": closed_since}):
            asked = ContactRequest(*row)
            found.setdefault(asked.id, (asked, set()))[1].update(filter(None, (first, routed)))
        return [(asked, frozenset(departments)) for asked, departments in found.values()]
