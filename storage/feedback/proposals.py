"""Proposals: risks that were proposed because residents told the city of the same thing again and again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Column, Index, Integer, String, Table, Text, bindparam, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

proposals = Table(
    "proposals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("category", String(40), nullable=False),
    Column("area", String(300), nullable=False),
    Column("items", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("answered_by", String(60)),
    Column("risk", String(20)),
)
Index("ix_proposals_area", proposals.c.category, proposals.c.area, proposals.c.at)


@dataclass(frozen=True)
class Proposal:
    """One proposal: ``items`` are numbers of feedback; ``state`` is waiting, accepted or declined."""

    id: int
    category: str
    area: str
    items: tuple[int, ...]
    at: datetime
    state: str
    answered_by: str | None
    risk: str | None


_ADD = Prepared(insert(proposals))
_THIS = select(proposals).where(proposals.c.id == bindparam("id_"))
_FIND = Prepared(_THIS)
_TAKE = Prepared(_THIS.with_for_update())
_NEWEST = Prepared(
    select(proposals)
    .where(proposals.c.category == bindparam("category_"), proposals.c.area == bindparam("area_"))
    .order_by(proposals.c.id.desc())
    .limit(1)
)
_ANSWER = Prepared(update(proposals).where(proposals.c.id == bindparam("id_")))


def _proposal(row: tuple[int, str, str, str, datetime, str, str | None, str | None]) -> Proposal:
    number, category, area, items, at, state, answered_by, risk = row
    return Proposal(number, category, area, tuple(json.loads(items)), at, state, answered_by, risk)


class Proposals(Questions):
    def add(self, category: str, area: str, items: Sequence[int], at: datetime) -> Proposal:
        self.ask(
            _ADD, {"category": category, "area": area, "items": json.dumps(list(items)), "at": at, "state": "waiting"}
        )
        newest = self.newest(category, area)
        assert newest is not None, "it was added in this transaction"
        return newest

    def newest(self, category: str, area: str) -> Proposal | None:
        """The last one about a category in an area."""
        row = self.ask(_NEWEST, {"category_": category, "area_": area}).first()
        return _proposal(row) if row else None

    def find(self, number: int) -> Proposal | None:
        """A proposal by its id."""
        row = self.ask(_FIND, {"id_": number}).first()
        return _proposal(row) if row else None

    def take(self, number: int) -> Proposal | None:
        """A proposal by its id, which nobody else answers before this transaction ends."""
        row = self.ask(_TAKE, {"id_": number}).first()
        return _proposal(row) if row else None

    def answer(self, proposal: Proposal, state: str, by: str, risk: str | None = None) -> Proposal:
        self.ask(_ANSWER, {"id_": proposal.id, "state": state, "answered_by": by, "risk": risk})
        return replace(proposal, state=state, answered_by=by, risk=risk)
