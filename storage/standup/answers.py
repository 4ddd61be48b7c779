"""Standup answers: what each member answered to a stand-up, and what is in their way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
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
from storage.standup.records import Standup, standup_ref

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


_HERE = (answers.c.team == bindparam("team_"), answers.c.day == bindparam("day_"))
_OF = Prepared(
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
    .where(*_HERE)
    .order_by(answers.c.at, answers.c.person)
)
_WHO_ANSWERED = select(answers.c.team, answers.c.day, answers.c.person).where(
    answers.c.team.in_(bindparam("teams", expanding=True)), answers.c.day >= bindparam("day_")
)
_ADD = Prepared(insert(answers))
_CHANGE = Prepared(update(answers).where(*_HERE, answers.c.person == bindparam("person_")))


class Answers(Questions):
    def of(self, standup: Standup) -> dict[str, Answer]:
        """What was answered, by person, in the order of the answers."""
        rows = [Answer(*row) for row in self.ask(_OF, {"team_": standup.team, "day_": standup.day})]
        return {answer.person: answer for answer in rows}

    def persons_of_each(self, standups: Collection[Standup]) -> dict[str, set[str]]:
        """Who has answered each of these stand-ups, by its reference."""
        if not standups:
            return {}
        found: dict[str, set[str]] = {standup.ref: set() for standup in standups}
        asked = {"teams": [standup.team for standup in standups], "day_": min(standup.day for standup in standups)}
        for row in self.connection.execute(_WHO_ANSWERED, asked):
            if (ref := standup_ref(row.team, row.day)) in found:
                found[ref].add(row.person)
        return found

    def keep(
        self, standup: Standup, person: str, *, finished: str, next: str, blocker: int | None, at: datetime
    ) -> None:
        """Keep somebody's answer: their first, late when the stand-up is over, or in the place of the one before."""
        said: dict[str, Any] = {"finished": finished, "next": next, "blocker": blocker}
        key = {"team_": standup.team, "day_": standup.day, "person_": person}
        if self.ask(_CHANGE, {**key, **said, "changed_at": at}).changed:
            return
        first = {"team": standup.team, "day": standup.day, "person": person, "at": at, "late": at > standup.closes_at}
        self.ask(_ADD, {**first, **said})
