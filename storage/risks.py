"""Risks: the register of what could go wrong."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text, bindparam, func, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.counters import Counters
from storage.prepared import Prepared

risks = Table(
    "risks",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", String(120), nullable=False),
    Column("likelihood", Integer, nullable=False),
    Column("impact", Integer, nullable=False),
    Column("score", Integer, nullable=False),
    Column("owner", String(60)),
    Column("review_on", Date),
    Column("state", String(12), nullable=False),
    Column("reason", Text),
    Column("created_by", String(60), nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    Column("closed_by", String(60)),
    Column("closed_at", Instant),
    Column("source", Text),
)
_OPEN = risks.c.state == "open"
Index(
    "ix_risks_open_worst",
    risks.c.score.desc(),
    risks.c.number,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index("ix_risks_open_owner", risks.c.owner, sqlite_where=_OPEN, postgresql_where=_OPEN)


@dataclass(frozen=True)
class Risk:
    """One risk; ``state`` is open, closed or withdrawn, ``source`` links to the message it was made of."""

    number: int
    title: str
    likelihood: int
    impact: int
    score: int
    owner: str | None
    review_on: date | None
    state: str
    reason: str | None
    created_by: str
    created_at: datetime
    closed_by: str | None
    closed_at: datetime | None
    source: str | None

    @property
    def ref(self) -> str:
        return f"R-{self.number}"


_ADD = Prepared(insert(risks))
_CHANGE = Prepared(update(risks).where(risks.c.number == bindparam("number_")))
_THIS = select(risks).where(risks.c.number == bindparam("number_"))
_FIND = Prepared(_THIS)
_TAKE = Prepared(_THIS.with_for_update())
_WORST = Prepared(
    select(risks)
    .where(_OPEN)
    .order_by(risks.c.score.desc(), risks.c.number)
    .limit(bindparam("limit_"))
    .offset(bindparam("offset_"))
)
_COUNT = Prepared(select(func.count()).select_from(risks).where(_OPEN))
_SINCE = Prepared(
    select(risks).where(risks.c.created_at > bindparam("since_"), risks.c.state != "withdrawn").order_by(risks.c.number)
)
_HIGH = Prepared(
    select(risks).where(_OPEN, risks.c.score >= bindparam("from_")).order_by(risks.c.score.desc(), risks.c.number)
)
_OWNED = Prepared(
    select(risks)
    .where(_OPEN, risks.c.owner == bindparam("owner_"))
    .order_by(risks.c.review_on.is_(None), risks.c.review_on, risks.c.score.desc(), risks.c.number)
)


def _number(ref: str) -> int | None:
    digits = ref.upper().removeprefix("R-").removeprefix("R")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


class Risks(Questions):
    def add(
        self,
        *,
        title: str,
        likelihood: int,
        impact: int,
        owner: str | None,
        review_on: date | None,
        by: str,
        at: datetime,
        source: str | None = None,
    ) -> Risk:
        number = Counters(self.connection).next("risk")
        values: dict[str, Any] = {
            "number": number, "title": title, "likelihood": likelihood, "impact": impact,
            "score": likelihood * impact, "owner": owner, "review_on": review_on, "state": "open", "reason": None,
            "created_by": by, "created_at": at, "closed_by": None, "closed_at": None, "source": source,
        }  # fmt: skip
        self.ask(_ADD, values)
        return Risk(**values)

    def find(self, ref: str) -> Risk | None:
        """The risk of a reference such as R-1; None when there is none."""
        return self._one(_FIND, ref)

    def take(self, ref: str) -> Risk | None:
        """The same, and nobody else changes it before this transaction ends."""
        return self._one(_TAKE, ref)

    def _one(self, question: Any, ref: str) -> Risk | None:
        row = self.ask(question, {"number_": _number(ref) or 0}).first()
        return Risk(*row) if row else None

    def change(self, risk: Risk, **values: Any) -> Risk:
        """Write these values and give the risk as it is now; the score follows from likelihood and impact."""
        if "likelihood" in values or "impact" in values:
            values["score"] = values.get("likelihood", risk.likelihood) * values.get("impact", risk.impact)
        self.ask(_CHANGE, {"number_": risk.number, **values})
        return Risk(**{**vars(risk), **values})

    def worst_first(self, offset: int, limit: int) -> list[Risk]:
        """Open risks from the highest score down; equal scores by age."""
        return [Risk(*row) for row in self.ask(_WORST, {"offset_": offset, "limit_": limit})]

    def open_count(self) -> int:
        return int(self.ask(_COUNT).scalar())

    def since(self, moment: datetime) -> list[Risk]:
        """Risks logged after a moment, oldest first; not the withdrawn ones."""
        return [Risk(*row) for row in self.ask(_SINCE, {"since_": moment})]

    def high(self, score: int) -> list[Risk]:
        """Open risks of at least this score, worst first."""
        return [Risk(*row) for row in self.ask(_HIGH, {"from_": score})]

    def owned_by(self, person: str) -> list[Risk]:
        """Open risks that somebody looks after, the nearest review first, those without a date last."""
        return [Risk(*row) for row in self.ask(_OWNED, {"owner_": person})]
