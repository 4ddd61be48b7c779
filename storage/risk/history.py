"""Risk history: what happened to each risk, and every score it had."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, bindparam, false, insert, select

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared
from storage.risk.records import Risk

risk_history = Table(
    "risk_history",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("risk", Integer, ForeignKey("risks.number"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("person", String(60), nullable=False),
    Column("what", String(20), nullable=False),
    Column("text", Text),
    Column("likelihood", Integer),
    Column("impact", Integer),
    Column("residual_likelihood", Integer),
    Column("residual_impact", Integer),
    Column("residual_confirmed", Boolean, nullable=False, server_default=false()),
    Column("owner", String(60)),
    Column("independent", Boolean, nullable=False, server_default=false()),
)


@dataclass(frozen=True)
class Event:
    """Something that happened to a risk, in a word of ours (``what``), with its scores and owner from then on.

    ``independent`` says that it was a review by somebody who had the right for the risk's level and had neither owned
    nor scored it.
    """

    id: int
    at: datetime
    person: str
    what: str
    text: str | None
    likelihood: int | None
    impact: int | None
    residual_likelihood: int | None
    residual_impact: int | None
    residual_confirmed: bool
    owner: str | None
    independent: bool

    @property
    def scores(self) -> tuple[int | None, ...]:
        return self.likelihood, self.impact, self.residual_likelihood, self.residual_impact


_ADD = Prepared(insert(risk_history))
_COLUMNS = [column for column in risk_history.c if column.name != "risk"]
_OF = Prepared(select(*_COLUMNS).where(risk_history.c.risk == bindparam("risk_")).order_by(risk_history.c.id))


_OF_MANY = (
    select(risk_history.c.risk, *_COLUMNS)
    .where(risk_history.c.risk.in_(bindparam("risks_", expanding=True)))
    .order_by(risk_history.c.id)
)


class RiskHistory(Questions):
    def add(
        self,
        before: Risk,
        risk: Risk,
        what: str,
        *,
        by: str,
        at: datetime,
        text: str | None = None,
        independent: bool = False,
    ) -> None:
        """Write down what happened; with the first event, also the scores with which the risk was logged."""
        if not self.of(risk):
            self._write(before, "logged", before.created_by, before.created_at, None, False)
        self._write(risk, what, by, at, text, independent)

    def _write(self, risk: Risk, what: str, by: str, at: datetime, text: str | None, independent: bool) -> None:
        self.ask(
            _ADD,
            {
                "risk": risk.number,
                "at": at,
                "person": by,
                "what": what,
                "text": text,
                "likelihood": risk.likelihood,
                "impact": risk.impact,
                "residual_likelihood": risk.residual_likelihood,
                "residual_impact": risk.residual_impact,
                "residual_confirmed": risk.residual_confirmed,
                "owner": risk.owner,
                "independent": independent,
            },
        )

    def of(self, risk: Risk) -> list[Event]:
        """The events of a risk, its logging first; empty when nothing has happened since it was logged."""
        return [Event(*row) for row in self.ask(_OF, {"risk_": risk.number})]

    def of_many(self, numbers: Collection[int]) -> dict[int, list[Event]]:
        """The same for these risks, by the risk's number; those to which nothing has happened are left out."""
        found: dict[int, list[Event]] = {}
        for row in self.connection.execute(_OF_MANY, {"risks_": list(numbers)}) if numbers else ():
            found.setdefault(row.risk, []).append(Event(*row[1:]))
        return found
