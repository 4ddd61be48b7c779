"""Held alarms: those beyond the limit, which somebody of the crisis team reviews before the whole team is called."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, String, Table, Text, bindparam, insert, select, update

from storage.base import Instant, Questions, metadata, one_of, partial_index
from storage.prepared import Prepared

held_alarms = Table(
    "held_alarms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("what", Text, nullable=False),
    Column("where_", Text),
    Column("level", Integer, nullable=False),
    Column("scenario", String(40)),
    Column("by", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("decided_by", String(60)),
    Column("decided_at", Instant),
)
_WAITS = one_of(held_alarms.c.state, "waiting")
partial_index("ix_held_alarms_waiting", held_alarms.c.by, where=_WAITS)


@dataclass(frozen=True)
class HeldAlarm:
    """One alarm; ``state`` is waiting, called (the team was) or left (somebody saw that it is none)."""

    id: int
    what: str
    where: str | None
    level: int
    scenario: str | None
    by: str
    at: datetime
    state: str
    decided_by: str | None = None
    decided_at: datetime | None = None


_ADD = Prepared(insert(held_alarms).returning(held_alarms.c.id))
_TAKE = Prepared(select(held_alarms).where(held_alarms.c.id == bindparam("id_")).with_for_update())
_WAITING = Prepared(select(held_alarms).where(_WAITS).order_by(held_alarms.c.id))
_CHANGE = Prepared(update(held_alarms).where(held_alarms.c.id == bindparam("id_")))


class HeldAlarms(Questions):
    def add(
        self, *, what: str, where: str | None, level: int, scenario: str | None, by: str, at: datetime
    ) -> HeldAlarm:
        """Keep an alarm until somebody has decided about it."""
        row: dict[str, Any] = {
            "what": what, "level": level, "scenario": scenario, "by": by, "at": at, "state": "waiting"
        }  # fmt: skip
        number = int(self.ask(_ADD, {**row, "where_": where}).scalar())
        return HeldAlarm(id=number, where=where, **row)

    def take(self, number: int) -> HeldAlarm | None:
        """The alarm, and nobody else decides about it before this transaction ends."""
        row = self.ask(_TAKE, {"id_": number}).first()
        return HeldAlarm(*row) if row else None

    def waiting(self) -> list[HeldAlarm]:
        """Those that nobody has decided about, oldest first."""
        return [HeldAlarm(*row) for row in self.ask(_WAITING)]

    def decide(self, alarm: HeldAlarm, state: str, by: str, at: datetime) -> None:
        """Say what became of an alarm: ``called`` or ``left``."""
        self.ask(_CHANGE, {"id_": alarm.id, "state": state, "decided_by": by, "decided_at": at})
