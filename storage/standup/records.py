"""Standups: each stand-up of a team, and what its members answered."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    insert,
    select,
    update,
)

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared
from storage.standup.blockers import blockers

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
answers = Table(
    "standup_answers",
    metadata,
    Column("team", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("person", String(60), primary_key=True),
    Column("finished", Text, nullable=False),
    Column("next", Text, nullable=False),
    Column("blocker", Integer, ForeignKey("blockers.number")),
    Column("at", Instant, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("changed_at", Instant),
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


@dataclass(frozen=True)
class Answer:
    """What somebody answered, and when first; ``blocker`` is the number of what stands in their way, ``what`` and
    ``state`` its words and whether it is open."""

    person: str
    finished: str
    next: str
    blocker: int | None
    at: datetime
    late: bool
    changed_at: datetime | None
    what: str | None
    state: str | None


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
_WHO_ANSWERED = select(answers.c.team, answers.c.day, answers.c.person).where(
    answers.c.team.in_(bindparam("teams", expanding=True)), answers.c.day >= bindparam("day_")
)
_LAST = Prepared(select(standups).where(*_OPENED).order_by(standups.c.day.desc()).limit(1))
_ANSWERED = (answers.c.team == bindparam("team_"), answers.c.day == bindparam("day_"))
_ANSWERS = Prepared(
    select(
        answers.c.person,
        answers.c.finished,
        answers.c.next,
        answers.c.blocker,
        answers.c.at,
        answers.c.late,
        answers.c.changed_at,
        blockers.c.what,
        blockers.c.state,
    )
    .select_from(answers.outerjoin(blockers, answers.c.blocker == blockers.c.number))
    .where(*_ANSWERED)
    .order_by(answers.c.at, answers.c.person)
)
_ADD_ANSWER = Prepared(insert(answers))
_CHANGE_ANSWER = Prepared(update(answers).where(*_ANSWERED, answers.c.person == bindparam("person_")))


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

    def answered(self, standups: Collection[Standup]) -> dict[str, set[str]]:
        """Who has answered each of these stand-ups, by its reference."""
        if not standups:
            return {}
        found: dict[str, set[str]] = {standup.ref: set() for standup in standups}
        asked = {"teams": [standup.team for standup in standups], "day_": min(standup.day for standup in standups)}
        for row in self.connection.execute(_WHO_ANSWERED, asked):
            if (ref := standup_ref(row.team, row.day)) in found:
                found[ref].add(row.person)
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

    def answers(self, standup: Standup) -> dict[str, Answer]:
        """What was answered, by person, in the order of the answers."""
        rows = [Answer(*row) for row in self.ask(_ANSWERS, {"team_": standup.team, "day_": standup.day})]
        return {answer.person: answer for answer in rows}

    def answer(
        self, standup: Standup, person: str, *, finished: str, next: str, blocker: int | None, at: datetime
    ) -> None:
        """Keep somebody's answer: their first, late when the stand-up is over, or in the place of the one before."""
        said: dict[str, Any] = {"finished": finished, "next": next, "blocker": blocker}
        key = {"team_": standup.team, "day_": standup.day, "person_": person}
        if self.ask(_CHANGE_ANSWER, {**key, **said, "changed_at": at}).changed:
            return
        first = {"team": standup.team, "day": standup.day, "person": person, "at": at, "late": at > standup.closes_at}
        self.ask(_ADD_ANSWER, {**first, **said})
