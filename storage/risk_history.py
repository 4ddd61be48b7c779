"""Risk history: what happened to each risk, and every score it had."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, bindparam, insert, select

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared
from storage.risks import Risk

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
)


@dataclass(frozen=True)
class Event:
    """Something that happened to a risk, in a word of ours (``what``), with its scores as they were from then on."""

    at: datetime
    person: str
    what: str
    text: str | None
    likelihood: int | None
    impact: int | None
    residual_likelihood: int | None
    residual_impact: int | None

    @property
    def scores(self) -> tuple[int | None, ...]:
        return self.likelihood, self.impact, self.residual_likelihood, self.residual_impact


_ADD = Prepared(insert(risk_history))
_COLUMNS = [column for column in risk_history.c if column.name not in ("id", "risk")]
_OF = Prepared(select(*_COLUMNS).where(risk_history.c.risk == bindparam("risk_")).order_by(risk_history.c.id))


class RiskHistory(Questions):
    def add(self, before: Risk, risk: Risk, what: str, *, by: str, at: datetime, text: str | None = None) -> None:
        """Write down what happened; with the first event, also the scores with which the risk was logged."""
        if not self.of(risk):
            self._write(before, "logged", before.created_by, before.created_at, None)
        self._write(risk, what, by, at, text)

    def _write(self, risk: Risk, what: str, by: str, at: datetime, text: str | None) -> None:
        self.ask(_ADD, {
            "risk": risk.number, "at": at, "person": by, "what": what, "text": text,
            "likelihood": risk.likelihood, "impact": risk.impact,
            "residual_likelihood": risk.residual_likelihood, "residual_impact": risk.residual_impact,
        })  # fmt: skip

    def of(self, risk: Risk) -> list[Event]:
        """All that happened to a risk after it was logged, oldest first, from its logging on; nothing when nothing."""
        return [Event(*row) for row in self.ask(_OF, {"risk_": risk.number})]
