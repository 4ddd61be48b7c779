"""Standups: each stand-up of a team, when its members were asked and when its digest was posted."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

standups = Table(
    "standups",
    metadata,
    Column("team", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("closes_at", Instant, nullable=False),
    Column("opened_at", Instant),
    Column("digest_at", Instant),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True)
class Standup:
    """One stand-up of a team: until when answers are in time, when its members were asked and its digest was posted.

    It is there before it is opened when somebody answers early.
    """

    team: str
    day: date
    closes_at: datetime
    opened_at: datetime | None
    digest_at: datetime | None

    @property
    def ref(self) -> str:
        return standup_ref(self.team, self.day)


def standup_ref(team: str, day: date) -> str:
    """How a stand-up is named: streets 2026-11-23."""
    return f"{team} {day}"


def _key(ref: str) -> dict[str, Any]:
    """What a reference such as "streets 2026-11-23" names; nothing when it is none."""
    team, _, day = ref.partition(" ")
    try:
        return {"team_": team, "day_": date.fromisoformat(day)}
    except ValueError:
        return {"team_": "", "day_": date.min}


_HERE = (standups.c.team == bindparam("team_"), standups.c.day == bindparam("day_"))
_TAKE = Prepared(select(standups).where(*_HERE).with_for_update())
_FIND = Prepared(select(standups).where(*_HERE))
_ADD = Prepared(insert(standups))
_CHANGE = Prepared(update(standups).where(*_HERE))
_OPENED = standups.c.team == bindparam("team_"), standups.c.opened_at.is_not(None)
_FROM = Prepared(
    select(standups).where(*_OPENED, standups.c.day >= bindparam("day_")).order_by(standups.c.day).limit(1)
)
_ALL_FROM = Prepared(
    select(standups)
    .where(standups.c.opened_at.is_not(None), standups.c.day >= bindparam("day_"))
    .order_by(standups.c.day, standups.c.team)
)
_LAST = Prepared(select(standups).where(*_OPENED).order_by(standups.c.day.desc()).limit(1))


class Standups(Questions):
    def find(self, ref: str) -> Standup | None:
        """The stand-up of a reference such as "streets 2026-11-23"; None when there is none."""
        return self._one(_FIND, _key(ref))

    def take(self, ref: str) -> Standup | None:
        """The same, and nobody else answers it before this transaction ends."""
        return self._one(_TAKE, _key(ref))

    def opened_from(self, team: str, day: date) -> Standup | None:
        """The first stand-up from a day on whose members were asked."""
        return self._one(_FROM, {"team_": team, "day_": day})

    def opened_of_each(self, teams: Collection[str], day: date) -> dict[str, Standup]:
        """The same for each of these teams that has one."""
        found: dict[str, Standup] = {}
        for row in self.ask(_ALL_FROM, {"day_": day}):
            if row.team in teams:
                found.setdefault(row.team, Standup(*row))
        return found

    def last_opened(self, team: str) -> Standup | None:
        """The newest stand-up whose members were asked."""
        return self._one(_LAST, {"team_": team})

    def _one(self, question: Prepared, values: dict[str, Any]) -> Standup | None:
        row = self.ask(question, values).first()
        return Standup(*row) if row else None

    def add(self, team: str, day: date, closes_at: datetime) -> Standup:
        """A stand-up whose members were not asked yet."""
        standup = Standup(team, day, closes_at, None, None)
        self.ask(_ADD, vars(standup))
        return standup

    def open(self, standup: Standup, closes_at: datetime, at: datetime) -> Standup:
        """Say that the members are being asked."""
        return self._change(standup, closes_at=closes_at, opened_at=at)

    def digested(self, standup: Standup, at: datetime) -> Standup:
        """Say that the digest was posted."""
        return self._change(standup, digest_at=at)

    def _change(self, standup: Standup, **values: Any) -> Standup:
        self.ask(_CHANGE, {"team_": standup.team, "day_": standup.day, **values})
        return replace(standup, **values)
