"""Risks: the register of what could go wrong."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    false,
    func,
    insert,
    select,
    update,
)

from storage.base import Instant, Questions, metadata, partial_index
from storage.counters import Counters
from storage.persons import OfPersons, by_key
from storage.prepared import Prepared

LONGEST_TITLE = 120  # characters
risks = Table(
    "risks",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", String(LONGEST_TITLE), nullable=False),
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
    Column("details", Text),
    Column("category", String(40)),
    Column("department", String(40)),
    Column("confidence", String(8)),
    Column("residual_likelihood", Integer),
    Column("residual_impact", Integer),
    Column("treatment", String(12)),
    Column("plan", Text),
    Column("accepted_until", Date),
    Column("reviewed_on", Date),
    Column("residual_confirmed", Boolean, nullable=False, server_default=false()),
)
OPEN = risks.c.state == "open"
partial_index("ix_risks_open_worst", risks.c.score.desc(), risks.c.number, where=OPEN)
partial_index("ix_risks_open_review", risks.c.review_on, where=OPEN)
partial_index("ix_risks_open_owner", risks.c.owner, where=OPEN)


@dataclass(frozen=True)
class Risk:
    """One risk; ``state`` is open, closed or withdrawn, ``source`` links to the message it was made of.

    ``likelihood`` and ``impact`` are as if nothing were done (inherent), the residual ones what is to be left after
    treatment: a target until it is confirmed. ``score`` is the product of those that hold now. An accepted risk is
    open, with the last day of it in ``accepted_until``.
    """

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
    details: str | None = None
    category: str | None = None
    department: str | None = None
    confidence: str | None = None
    residual_likelihood: int | None = None
    residual_impact: int | None = None
    treatment: str | None = None
    plan: str | None = None
    accepted_until: date | None = None
    reviewed_on: date | None = None
    residual_confirmed: bool = False

    @property
    def ref(self) -> str:
        return f"R-{self.number}"

    @property
    def inherent(self) -> tuple[int, int]:
        """Likelihood and impact as if nothing were done."""
        return self.likelihood, self.impact

    @property
    def residual(self) -> tuple[int, int] | None:
        """Likelihood and impact that treatment is to leave, once somebody has said so."""
        both = (self.residual_likelihood, self.residual_impact)
        return (both[0], both[1]) if both[0] is not None and both[1] is not None else None

    @property
    def standing(self) -> tuple[int, int]:
        """Likelihood and impact as they hold now: the residual ones once they are confirmed, else the inherent."""
        return self.residual if self.residual and self.residual_confirmed else self.inherent


_ADD = Prepared(insert(risks))
_CHANGE = Prepared(update(risks).where(risks.c.number == bindparam("number_")))
_THIS = select(risks).where(risks.c.number == bindparam("number_"))
_FIND = Prepared(_THIS)
_THOSE = select(risks).where(risks.c.number.in_(bindparam("numbers", expanding=True))).order_by(risks.c.number)
_TAKE = Prepared(_THIS.with_for_update())
_COUNT = Prepared(select(func.count()).select_from(risks).where(OPEN))
_ALL = Prepared(select(risks).where(risks.c.state != "withdrawn").order_by(risks.c.number))
_LIVE = Prepared(select(risks).where(OPEN).order_by(risks.c.score.desc(), risks.c.number))
_TITLES = Prepared(select(risks.c.number, risks.c.title).where(OPEN).limit(bindparam("limit_")))
_SINCE = Prepared(  # in the order of its index: by number, SQLite would read the whole table
    select(risks)
    .where(risks.c.created_at > bindparam("since_"), risks.c.state != "withdrawn")
    .order_by(risks.c.created_at, risks.c.number)
)
_HIGH = Prepared(
    select(risks).where(OPEN, risks.c.score >= bindparam("from_")).order_by(risks.c.score.desc(), risks.c.number)
)
_NEAREST = (risks.c.review_on.is_(None), risks.c.review_on, risks.c.score.desc(), risks.c.number)
_OWNED = OfPersons(select(risks).where(OPEN).order_by(*_NEAREST), risks.c.owner)
_OWNERS = Prepared(select(risks.c.owner).where(OPEN, risks.c.owner.is_not(None)).distinct())
_OWNED_BY_ANY = select(risks).where(OPEN, risks.c.owner.in_(bindparam("owners", expanding=True))).order_by(*_NEAREST)
_UNOWNED = Prepared(select(risks).where(OPEN, risks.c.owner.is_(None)).order_by(*_NEAREST))
_OVERDUE = Prepared(select(risks).where(OPEN, risks.c.review_on <= bindparam("until_")).order_by(*_NEAREST))


def number_of(ref: str) -> int | None:
    """The number of a reference such as R-1; None when it is none."""
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
        **more: Any,
    ) -> Risk:
        """Keep a new risk under the next number; ``more`` are other columns by name."""
        number = Counters(self.connection).next("risk")
        values: dict[str, Any] = {
            "number": number, "title": title, "likelihood": likelihood, "impact": impact,
            "score": likelihood * impact, "owner": owner, "review_on": review_on, "state": "open", "reason": None,
            "created_by": by, "created_at": at, "closed_by": None, "closed_at": None, "source": source, **more,
        }  # fmt: skip
        self.ask(_ADD, values)
        return Risk(**values)

    def add_as(self, number: int | None, **values: Any) -> Risk:
        """Keep a risk as it is; one that has its number already keeps it, and later ones are counted from it on."""
        if number is None:
            number = Counters(self.connection).next("risk")
        else:
            Counters(self.connection).at_least("risk", number)
        risk = Risk(number=number, score=0, **values)
        risk = replace(risk, score=risk.standing[0] * risk.standing[1])
        self.ask(_ADD, vars(risk))
        return risk

    def find(self, ref: str) -> Risk | None:
        """The risk of a reference such as R-1; None when there is none."""
        return self._one(_FIND, ref)

    def those(self, numbers: Collection[int]) -> list[Risk]:
        """These risks, by their numbers."""
        rows = self.connection.execute(_THOSE, {"numbers": list(numbers)}) if numbers else ()
        return [Risk(*row) for row in rows]

    def take(self, ref: str) -> Risk | None:
        """The same, and nobody else changes it before this transaction ends."""
        return self._one(_TAKE, ref)

    def _one(self, question: Any, ref: str) -> Risk | None:
        row = self.ask(question, {"number_": number_of(ref) or 0}).first()
        return Risk(*row) if row else None

    def change(self, risk: Risk, **values: Any) -> Risk:
        """Write these values and give the risk as it is now; the score follows from what holds now."""
        changed = replace(risk, **values)
        score = changed.standing[0] * changed.standing[1]
        self.ask(_CHANGE, {"number_": risk.number, **values, "score": score})
        return replace(changed, score=score)

    def open_count(self) -> int:
        return int(self.ask(_COUNT).scalar())

    def live(self) -> list[Risk]:
        """Every open risk, accepted ones too, worst first."""
        return [Risk(*row) for row in self.ask(_LIVE)]

    def everything(self) -> list[Risk]:
        """Every risk that was not withdrawn, by number."""
        return [Risk(*row) for row in self.ask(_ALL)]

    def open_titles(self, limit: int) -> list[tuple[int, str]]:
        """Number and title of open risks."""
        return [(row.number, row.title) for row in self.ask(_TITLES, {"limit_": limit})]

    def since(self, moment: datetime) -> list[Risk]:
        """Risks logged after a moment, oldest first; not the withdrawn ones."""
        return [Risk(*row) for row in self.ask(_SINCE, {"since_": moment})]

    def high(self, score: int) -> list[Risk]:
        """Open risks of at least this score, worst first."""
        return [Risk(*row) for row in self.ask(_HIGH, {"from_": score})]

    def owned_by_each(self, persons: Collection[str] | None) -> dict[str, list[Risk]]:
        """Open risks that each of these people (None: anybody) looks after, the nearest review first, those without a
        date last."""
        return by_key((Risk(*row) for row in _OWNED.run(self.connection, persons)), lambda risk: risk.owner)

    def owners(self) -> list[str]:
        """Those who look after an open risk."""
        return [row.owner for row in self.ask(_OWNERS)]

    def owned_by_any(self, persons: Collection[str]) -> list[Risk]:
        """Open risks that any of these people looks after, in the same order."""
        return [Risk(*row) for row in self.connection.execute(_OWNED_BY_ANY, {"owners": list(persons)})]

    def unowned(self) -> list[Risk]:
        """Open risks that nobody looks after, in the same order."""
        return [Risk(*row) for row in self.ask(_UNOWNED)]

    def overdue(self, until: date) -> list[Risk]:
        """Open risks whose review was due on a day or before, the longest overdue first."""
        return [Risk(*row) for row in self.ask(_OVERDUE, {"until_": until})]
