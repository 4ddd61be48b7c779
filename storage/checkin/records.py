"""Check-ins: how each department's week was, week by week, with its numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

checkins = Table(
    "checkins",
    metadata,
    Column("department", String(40), primary_key=True),
    Column("day", Date, primary_key=True, index=True),
    Column("asked", String(60), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("health", Integer),
    Column("risk", String(120)),
    Column("risk_ref", String(20)),
    Column("help", Text),
    Column("help_taken_by", String(60)),
    Column("help_taken_at", Instant),
    Column("answered_by", String(60)),
    Column("answered_at", Instant),
    Column("late", Boolean, nullable=False),
)
readings = Table(
    "readings",
    metadata,
    Column("department", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("number", String(40), primary_key=True),
    Column("value", Numeric(15, 3), nullable=False),  # 15 digits survive SQLite's floating point unchanged
)


@dataclass(frozen=True)
class Checkin:
    """One department's check-in of a day: who was ``asked``, and what was answered, if anything.

    ``version`` counts the answers; ``late`` says that the first of them came after it was closed. ``risk_ref`` is the
    risk that was made of ``risk``; ``help`` is open until somebody has taken it.
    """

    department: str
    day: date
    asked: str
    asked_at: datetime
    closes_at: datetime
    version: int
    health: int | None
    risk: str | None
    risk_ref: str | None
    help: str | None
    help_taken_by: str | None
    help_taken_at: datetime | None
    answered_by: str | None
    answered_at: datetime | None
    late: bool

    @property
    def needs_help(self) -> bool:
        return self.help is not None and self.help_taken_by is None


Readings = Mapping[str, Decimal]
_THIS = (checkins.c.department == bindparam("department_")) & (checkins.c.day == bindparam("day_"))
_ADD = Prepared(insert(checkins))
_FIND = Prepared(select(checkins).where(_THIS))
_TAKE = Prepared(select(checkins).where(_THIS).with_for_update())
_CHANGE = Prepared(update(checkins).where(_THIS))
_NEWEST = Prepared(
    select(checkins).where(checkins.c.department == bindparam("department_")).order_by(checkins.c.day.desc()).limit(1)
)
_ANSWERED_BEFORE = Prepared(
    select(checkins)
    .where(
        checkins.c.department == bindparam("department_"),
        checkins.c.day < bindparam("day_"),
        checkins.c.answered_at.is_not(None),
    )
    .order_by(checkins.c.day.desc())
    .limit(1)
)
_NEWEST_DAY = Prepared(select(func.max(checkins.c.day)))
_DAY_BEFORE = Prepared(select(func.max(checkins.c.day)).where(checkins.c.day < bindparam("day_")))
_OF_DAY = Prepared(select(checkins).where(checkins.c.day == bindparam("day_")).order_by(checkins.c.department))
_later = checkins.alias("later")
_OPEN_HELP = Prepared(
    select(checkins)
    .where(
        checkins.c.help.is_not(None),
        checkins.c.help_taken_by.is_(None),
        ~exists().where(
            _later.c.department == checkins.c.department,
            _later.c.day > checkins.c.day,
            _later.c.answered_at.is_not(None),
        ),
    )
    .order_by(checkins.c.day, checkins.c.department)
)
_KEEP = Prepared(insert(readings))
_FORGET = Prepared(
    delete(readings).where(
        readings.c.department == bindparam("department_"),
        readings.c.day == bindparam("day_"),
        readings.c.number == bindparam("number_"),
    )
)
_READINGS = Prepared(
    select(readings.c.department, readings.c.number, readings.c.value).where(readings.c.day == bindparam("day_"))
)


class Checkins(Questions):
    def begin(self, department: str, day: date, *, asked: str, at: datetime, closes_at: datetime) -> Checkin:
        """A department's check-in, asked of somebody; one that has begun already only notes who is asked now."""
        begun = self.take(department, day)
        if begun:
            return self.change(begun, asked=asked)
        unanswered = dict.fromkeys(
            ("health", "risk", "risk_ref", "help", "help_taken_by", "help_taken_at", "answered_by", "answered_at")
        )
        values: dict[str, Any] = {
            "department": department, "day": day, "asked": asked, "asked_at": at, "closes_at": closes_at,
            "version": 0, "late": False, **unanswered,
        }  # fmt: skip
        self.ask(_ADD, values)
        return Checkin(**values)

    def find(self, department: str, day: date) -> Checkin | None:
        return self._one(_FIND, department_=department, day_=day)

    def take(self, department: str, day: date) -> Checkin | None:
        """The same, and nobody else changes it before this transaction ends."""
        return self._one(_TAKE, department_=department, day_=day)

    def newest(self, department: str) -> Checkin | None:
        """The check-in that a department was last asked for."""
        return self._one(_NEWEST, department_=department)

    def answered_before(self, department: str, day: date) -> Checkin | None:
        """The last one before a day that a department has answered."""
        return self._one(_ANSWERED_BEFORE, department_=department, day_=day)

    def _one(self, question: Prepared, **key: Any) -> Checkin | None:
        row = self.ask(question, key).first()
        return Checkin(*row) if row else None

    def newest_day(self) -> date | None:
        """The day of the newest check-in of all."""
        day: date | None = self.ask(_NEWEST_DAY).scalar()
        return day

    def of_day(self, day: date) -> list[Checkin]:
        """All departments' check-ins of a day."""
        return [Checkin(*row) for row in self.ask(_OF_DAY, {"day_": day})]

    def day_before(self, day: date) -> date | None:
        """The day of the check-in before that of a day."""
        before: date | None = self.ask(_DAY_BEFORE, {"day_": day}).scalar()
        return before

    def readings(self, day: date) -> dict[str, dict[str, Decimal]]:
        """The numbers of a day, by department and number."""
        found: dict[str, dict[str, Decimal]] = {}
        for department, number, value in self.ask(_READINGS, {"day_": day}):
            found.setdefault(department, {})[number] = value
        return found

    def answer(
        self,
        checkin: Checkin,
        *,
        health: int,
        risk: str | None,
        help: str | None,
        readings: Readings,
        by: str,
        at: datetime,
    ) -> Checkin:
        """Keep an answer, over an earlier one; what was made of an earlier risk or request stays with that one."""
        values: dict[str, Any] = {"health": health, "risk": risk, "help": help, "answered_by": by, "answered_at": at}
        values["version"] = checkin.version + 1
        if checkin.answered_at is None:
            values["late"] = at > checkin.closes_at
        if risk != checkin.risk:
            values["risk_ref"] = None
        if help != checkin.help:
            values |= {"help_taken_by": None, "help_taken_at": None}
        for number, value in readings.items():
            self.ask(_FORGET, {"department_": checkin.department, "day_": checkin.day, "number_": number})
            row = {"department": checkin.department, "day": checkin.day, "number": number, "value": value}
            self.ask(_KEEP, row)
        return self.change(checkin, **values)

    def change(self, checkin: Checkin, **values: Any) -> Checkin:
        """Write these values and give the check-in as it is now."""
        self.ask(_CHANGE, {"department_": checkin.department, "day_": checkin.day, **values})
        return replace(checkin, **values)

    def open_help(self) -> list[Checkin]:
        """Those that ask for help which nobody has taken on, oldest first; a newer answer replaces an older one."""
        return [Checkin(*row) for row in self.ask(_OPEN_HELP)]
