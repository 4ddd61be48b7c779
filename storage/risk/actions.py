"""Risk actions: what is done against a risk, by whom and until when."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    exists,
    func,
    insert,
    select,
    update,
)

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared
from storage.risk.records import OPEN as RISK_IS_OPEN
from storage.risk.records import Risk, number_of, risks

risk_actions = Table(
    "risk_actions",
    metadata,
    Column("risk", Integer, ForeignKey("risks.number"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("what", Text, nullable=False),
    Column("owner", String(60)),
    Column("due_on", Date),
    Column("state", String(12), nullable=False),
    Column("created_by", String(60), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("done_by", String(60)),
    Column("done_at", Instant),
)
_OPEN = risk_actions.c.state == "open"
Index("ix_risk_actions_open", risk_actions.c.owner, sqlite_where=_OPEN, postgresql_where=_OPEN)


@dataclass(frozen=True)
class Action:
    """One action; ``state`` is open or done."""

    risk: int
    number: int
    what: str
    owner: str | None
    due_on: date | None
    state: str
    created_by: str
    created_at: datetime
    done_by: str | None
    done_at: datetime | None

    @property
    def ref(self) -> str:
        return f"R-{self.risk}.{self.number}"


_ADD = Prepared(insert(risk_actions))
_THIS = (risk_actions.c.risk == bindparam("risk_"), risk_actions.c.number == bindparam("number_"))
_CHANGE = Prepared(update(risk_actions).where(*_THIS))
_TAKE = Prepared(select(risk_actions).where(*_THIS).with_for_update())
_COUNT = Prepared(select(func.count()).select_from(risk_actions).where(risk_actions.c.risk == bindparam("risk_")))
_OF = Prepared(select(risk_actions).where(risk_actions.c.risk == bindparam("risk_")).order_by(risk_actions.c.number))
_OF_MANY = (
    select(risk_actions)
    .where(risk_actions.c.risk.in_(bindparam("risks_", expanding=True)))
    .order_by(risk_actions.c.risk, risk_actions.c.number)
)
_ITS = risk_actions.c.risk == risks.c.number
_TO_CONFIRM = Prepared(
    select(risks)
    .where(
        RISK_IS_OPEN,
        risks.c.residual_likelihood.is_not(None),
        ~risks.c.residual_confirmed,
        exists().where(_ITS),
        ~exists().where(_ITS, _OPEN),
    )
    .order_by(risks.c.score.desc(), risks.c.number)
)
_OPEN_ONES = select(risk_actions).join(risks, risks.c.number == risk_actions.c.risk).where(_OPEN, RISK_IS_OPEN)
_NEAREST = (risk_actions.c.due_on.is_(None), risk_actions.c.due_on, risk_actions.c.risk, risk_actions.c.number)
_OWED = Prepared(_OPEN_ONES.where(risk_actions.c.owner == bindparam("owner_")).order_by(*_NEAREST))
_OWED_BY_ANY = _OPEN_ONES.where(risk_actions.c.owner.in_(bindparam("owners", expanding=True))).order_by(*_NEAREST)
_OWNERS = Prepared(select(risk_actions.c.owner).where(_OPEN, risk_actions.c.owner.is_not(None)).distinct())


def action_number(ref: str) -> tuple[int, int] | None:
    """The risk's number and the action's of a reference such as R-1.2; None when it is none."""
    risk, dot, number = ref.partition(".")
    both = (number_of(risk), number_of(f"R-{number}")) if dot else (None, None)
    return (both[0], both[1]) if both[0] and both[1] else None


class RiskActions(Questions):
    def add(self, risk: int, *, what: str, owner: str | None, due_on: date | None, by: str, at: datetime,
            **done: Any) -> Action:  # fmt: skip
        """Keep an action under the next number of its risk, which the caller has taken."""
        number = int(self.ask(_COUNT, {"risk_": risk}).scalar()) + 1
        values: dict[str, Any] = {
            "risk": risk, "number": number, "what": what, "owner": owner, "due_on": due_on, "state": "open",
            "created_by": by, "created_at": at, "done_by": None, "done_at": None, **done,
        }  # fmt: skip
        self.ask(_ADD, values)
        return Action(**values)

    def take(self, ref: str) -> Action | None:
        """The action of a reference such as R-1.2, taken for a change; None when there is none."""
        both = action_number(ref)
        row = self.ask(_TAKE, {"risk_": both[0], "number_": both[1]}).first() if both else None
        return Action(*row) if row else None

    def change(self, action: Action, **values: Any) -> Action:
        """Write these values and give the action as it is now."""
        self.ask(_CHANGE, {"risk_": action.risk, "number_": action.number, **values})
        return replace(action, **values)

    def of(self, risk: int) -> list[Action]:
        """The actions of a risk, oldest first."""
        return [Action(*row) for row in self.ask(_OF, {"risk_": risk})]

    def of_many(self, numbers: Collection[int]) -> dict[int, list[Action]]:
        """The actions of these risks, by the risk's number."""
        found: dict[int, list[Action]] = {}
        for row in self.connection.execute(_OF_MANY, {"risks_": list(numbers)}):
            found.setdefault(row.risk, []).append(Action(*row))
        return found

    def owed_by(self, person: str) -> list[Action]:
        """Open actions of open risks that somebody is to do, the nearest due first."""
        return [Action(*row) for row in self.ask(_OWED, {"owner_": person})]

    def owners(self) -> list[str]:
        """Those who are to do an open action."""
        return [row.owner for row in self.ask(_OWNERS)]

    def owed_by_any(self, persons: Collection[str]) -> list[Action]:
        """Open actions of open risks that any of these people is to do, in the same order."""
        return [Action(*row) for row in self.connection.execute(_OWED_BY_ANY, {"owners": list(persons)})]

    def to_confirm(self) -> list[Risk]:
        """Open risks whose actions are all done and whose target is not confirmed yet, worst first."""
        return [Risk(*row) for row in self.ask(_TO_CONFIRM)]
