"""Checklists: what was ticked, by whom and when; what is owed follows from the calendar."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, String, Table, Text, bindparam, delete, select, text, update

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

checklist_ticks = Table(
    "checklist_ticks",
    metadata,
    Column("period", String(20), primary_key=True),
    Column("item", String(40), primary_key=True),
    Column("person", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("note", Text),
    Column("skipped", Text),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True)
class Tick:
    """An item done in a period (``2027-03-01``, ``2027-W09``, ``2027-03 week 2``, ``2027-Q1``, ``2027``), or one that
    is not to be done in it, with the reason (``skipped``)."""

    period: str
    item: str
    person: str
    at: datetime
    note: str | None
    skipped: str | None = None


_THIS = (checklist_ticks.c.period == bindparam("period_"), checklist_ticks.c.item == bindparam("item_"))
_ADD = Prepared(
    text(
        "INSERT INTO checklist_ticks (period, item, person, at, note, skipped)"
        " VALUES (:period, :item, :person, :at, :note, :skipped)"
        " ON CONFLICT (period, item) DO NOTHING"
    ).bindparams(bindparam("at", type_=Instant()))
)
_FIND = Prepared(select(checklist_ticks).where(*_THIS))
_TAKE = Prepared(select(checklist_ticks.c.item).where(*_THIS).with_for_update())
_NOTE = Prepared(update(checklist_ticks).where(*_THIS).values(note=bindparam("note_")))
_REMOVE = Prepared(delete(checklist_ticks).where(*_THIS))
_OF = Prepared(select(checklist_ticks).where(checklist_ticks.c.period.in_(bindparam("periods", expanding=True))))


class Checklists(Questions):
    def tick(
        self, item: str, period: str, *, person: str, at: datetime, note: str | None = None, skipped: str | None = None
    ) -> bool:
        """Tick an item, or skip it for a reason; False when somebody was first, whose tick stays as it is: then nobody
        changes it or takes it back before this transaction ends."""
        row = {"period": period, "item": item, "person": person, "at": at, "note": note, "skipped": skipped}
        while self.ask(_ADD, row).changed == 0:
            if self.ask(_TAKE, {"item_": item, "period_": period}).first():
                return False
        return True

    def find(self, item: str, period: str) -> Tick | None:
        row = self.ask(_FIND, {"item_": item, "period_": period}).first()
        return Tick(*row) if row else None

    def write_note(self, item: str, period: str, note: str) -> None:
        """Put this note in the place of the one a tick has."""
        self.ask(_NOTE, {"item_": item, "period_": period, "note_": note})

    def untick(self, item: str, period: str) -> bool:
        """Take a tick back; False when there is none."""
        return self.ask(_REMOVE, {"item_": item, "period_": period}).changed == 1

    def of(self, periods: Collection[str]) -> dict[tuple[str, str], Tick]:
        """All ticks of these periods, by (item, period)."""
        if not periods:
            return {}
        ticks = [Tick(*row) for row in self.ask(_OF, {"periods": list(periods)})]
        return {(tick.item, tick.period): tick for tick in ticks}
