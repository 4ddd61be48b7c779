"""Crisis reports: what was told about a crisis, to whom, and statements that a second person approves."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, bindparam, insert, select, update

from storage.base import Instant, Questions, metadata
from storage.persons import by_key
from storage.prepared import Prepared

reports = Table(
    "crisis_reports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("crisis", String(20), ForeignKey("crises.ref"), nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("parts", Text, nullable=False),
    Column("next_update_at", Instant),
    Column("written_by", String(60), nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("decided_by", String(60)),
    Column("decided_at", Instant),
    Column("why", Text),
    Column("corrects", Integer),
)


@dataclass(frozen=True)
class Report:
    """An ``executive`` or ``working`` report, which is told as it is written, or a ``statement`` to the public: a
    draft, then approved, sent back or replaced by a newer one. ``parts`` are its texts by name. A report that
    ``corrects`` another stands in its place."""

    id: int
    crisis: str
    kind: str
    state: str
    parts: Mapping[str, str]
    next_update_at: datetime | None
    written_by: str
    written_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    why: str | None = None
    corrects: int | None = None


_ADD = Prepared(insert(reports).returning(reports.c.id))
_THIS = select(reports).where(reports.c.id == bindparam("id_"))
_TAKE = Prepared(_THIS.with_for_update())
_CHANGE = Prepared(update(reports).where(reports.c.id == bindparam("id_")))
_DRAFTS = Prepared(
    select(reports).where(reports.c.kind == bindparam("kind_"), reports.c.state == "draft").order_by(reports.c.id)
)
_OF_EACH = select(reports).where(reports.c.crisis.in_(bindparam("crises_", expanding=True))).order_by(reports.c.id)
_OF = Prepared(select(reports).where(reports.c.crisis == bindparam("crisis_")).order_by(reports.c.id))


class CrisisReports(Questions):
    def add(
        self,
        crisis: str,
        kind: str,
        state: str,
        parts: Mapping[str, str],
        *,
        next_update_at: datetime | None,
        by: str,
        at: datetime,
        corrects: int | None = None,
    ) -> Report:
        row: dict[str, Any] = {
            "crisis": crisis, "kind": kind, "state": state, "parts": json.dumps(dict(parts)),
            "next_update_at": next_update_at, "written_by": by, "written_at": at,
            "corrects": corrects,
        }  # fmt: skip
        number = int(self.ask(_ADD, row).scalar())
        return Report(number, crisis, kind, state, dict(parts), next_update_at, by, at, corrects=corrects)

    def take(self, number: int) -> Report | None:
        """A report, and nobody else changes it before this transaction ends."""
        row = self.ask(_TAKE, {"id_": number}).first()
        return _report(row) if row else None

    def change(self, report: Report, **values: Any) -> Report:
        """Change some of its columns."""
        self.ask(_CHANGE, {"id_": report.id, **values})
        return replace(report, **values)

    def of(self, crisis: str, kind: str | None = None) -> list[Report]:
        """What was told about a crisis, oldest first; of one kind, when it is named."""
        found = [_report(row) for row in self.ask(_OF, {"crisis_": crisis})]
        return [report for report in found if kind in (None, report.kind)]

    def of_each(self, crises: Collection[str]) -> dict[str, list[Report]]:
        """What was told about each of these crises, oldest first, by its reference."""
        rows = self.connection.execute(_OF_EACH, {"crises_": list(crises)}) if crises else ()
        return by_key((_report(row) for row in rows), lambda report: report.crisis)

    def drafts(self, kind: str) -> list[Report]:
        """What waits for a decision, of every crisis, oldest first."""
        return [_report(row) for row in self.ask(_DRAFTS, {"kind_": kind})]


def _report(row: Any) -> Report:
    return Report(**{**row._asdict(), "parts": json.loads(row.parts)})
