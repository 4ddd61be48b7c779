"""Acceptances: risks that are left as they are: asked for, decided, and at an end some day."""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, Text, bindparam, insert, select, update

from storage.base import Instant, Questions, metadata, partial_index
from storage.prepared import Prepared

acceptances = Table(
    "acceptances",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("risk", Integer, ForeignKey("risks.number"), nullable=False, index=True),
    Column("state", String(12), nullable=False),
    Column("level", String(12), nullable=False),
    Column("why", Text, nullable=False),
    Column("until", Date, nullable=False),
    Column("approver", String(60), nullable=False),
    Column("asked_by", String(60), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("decided_by", String(60)),
    Column("decided_at", Instant),
    Column("note", Text),
    Column("ended_at", Instant, index=True),
    Column("second", String(60)),
    Column("second_by", String(60)),
    Column("second_at", Instant),
    Column("second_note", Text),
)
_ASKED = acceptances.c.state == "asked"
partial_index("ix_acceptances_asked", acceptances.c.approver, where=_ASKED)


@dataclass(frozen=True)
class Acceptance:
    """One acceptance. ``state`` is asked, approved, declined, expired (its last day is over) or ended (something else
    came first); ``level`` is the one for which it was asked, ``until`` its last day. Where nobody may decide alone,
    ``second`` is the department head who is asked beside the approver, and both say why (``note``, ``second_note``)."""

    id: int
    risk: int
    state: str
    level: str
    why: str
    until: date
    approver: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str | None
    ended_at: datetime | None
    second: str | None = None
    second_by: str | None = None
    second_at: datetime | None = None
    second_note: str | None = None

    @property
    def ref(self) -> str:
        """The reference of its cards."""
        return f"acceptance {self.id}"

    @property
    def waits_for(self) -> list[str]:
        """Who still has to decide: the approver, and where it takes two the second person."""
        first = [] if self.decided_by else [self.approver]
        second = [self.second] if self.second and not self.second_by else []
        return list(dict.fromkeys([*first, *second]))


_ADD = Prepared(insert(acceptances).returning(acceptances.c.id))
_CHANGE = Prepared(update(acceptances).where(acceptances.c.id == bindparam("id_")))
_TAKE = Prepared(select(acceptances).where(acceptances.c.id == bindparam("id_")).with_for_update())
_OF = Prepared(select(acceptances).where(acceptances.c.risk == bindparam("risk_")).order_by(acceptances.c.id))
_ASKED_ALL = Prepared(select(acceptances).where(_ASKED).order_by(acceptances.c.id))
_RUN_OUT = Prepared(  # not by id, for which SQLite would read the whole table
    select(acceptances)
    .where(
        ((acceptances.c.state == "expired") & (acceptances.c.ended_at > bindparam("since_")))
        | ((acceptances.c.state == "approved") & (acceptances.c.until < bindparam("today_")))
    )
    .order_by(acceptances.c.until, acceptances.c.id)
)
_APPROVED = Prepared(select(acceptances).where(acceptances.c.state == "approved").order_by(acceptances.c.id))


class Acceptances(Questions):
    def add(self, risk: int, **values: Any) -> Acceptance:
        """Keep an acceptance in the state given."""
        row = {"state": "asked", "decided_by": None, "decided_at": None, "note": None, "ended_at": None, **values}
        return Acceptance(id=int(self.ask(_ADD, {"risk": risk, **row}).scalar()), risk=risk, **row)

    def take(self, id_: int) -> Acceptance | None:
        """An acceptance, and nobody else changes it before this transaction ends."""
        row = self.ask(_TAKE, {"id_": id_}).first()
        return Acceptance(*row) if row else None

    def change(self, acceptance: Acceptance, **values: Any) -> Acceptance:
        """Write these values and give the acceptance as it is now."""
        self.ask(_CHANGE, {"id_": acceptance.id, **values})
        return replace(acceptance, **values)

    def of(self, risk: int) -> list[Acceptance]:
        """All acceptances of a risk, oldest first."""
        return [Acceptance(*row) for row in self.ask(_OF, {"risk_": risk})]

    def asked_for(self, risk: int) -> Acceptance | None:
        """The one that waits for a decision, if any."""
        return next((acceptance for acceptance in self.of(risk) if acceptance.state == "asked"), None)

    def to_decide(self, persons: Container[str]) -> dict[str, list[Acceptance]]:
        """What each of these people was asked to decide and has not, oldest first."""
        found: dict[str, list[Acceptance]] = {}
        for asked in self.asked():
            for person in asked.waits_for:
                if person in persons:
                    found.setdefault(person, []).append(asked)
        return found

    def asked(self) -> list[Acceptance]:
        """All that wait for a decision, oldest first."""
        return [Acceptance(*row) for row in self.ask(_ASKED_ALL)]

    def run_out(self, since: datetime, today: date) -> list[Acceptance]:
        """Those that were ended after a moment because their last day was over, or are about to be."""
        return [Acceptance(*row) for row in self.ask(_RUN_OUT, {"since_": since, "today_": today})]

    def holding(self) -> dict[int, Acceptance]:
        """Those that hold, by the risk's number."""
        return {row.risk: Acceptance(*row) for row in self.ask(_APPROVED)}
