"""Crises: each crisis, from the alarm to its end."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    exists,
    insert,
    or_,
    select,
    update,
)

from storage.base import Instant, Questions, metadata, one_of, partial_index
from storage.counters import Counters
from storage.prepared import Prepared

crises = Table(
    "crises",
    metadata,
    Column("ref", String(20), primary_key=True),
    Column("what", Text, nullable=False),
    Column("where_", String(300)),
    Column("level", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", Text),
    Column("created_by", String(60), nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    Column("closed_by", String(60)),
    Column("closed_at", Instant),
    Column("scenario", String(40)),
    Column("drill", Boolean, nullable=False),
    Column("declared_by", String(60)),
    Column("declared_at", Instant),
    Column("confirmed_by", String(60)),
    Column("confirmed_at", Instant),
    Column("reviewed_by", String(60)),
    Column("reviewed_at", Instant),
    Column("ending_by", String(60)),
    Column("ending_at", Instant),
    Column("cause", Text),
    Column("lessons", Text),
    Column("reopens", String(20), index=True),
    Column("room_of", String(20)),
)
_LATER = crises.alias("later")
_OPEN = one_of(crises.c.state, "alarm", "active")
partial_index("ix_crises_open", crises.c.ref, where=_OPEN)


@dataclass(frozen=True)
class Crisis:
    """One crisis; ``level`` counts from 1.

    ``state`` is ``alarm`` (the team is paged), ``active`` (confirmed: the city is told, the plan runs) or ``over``.
    One person has ``declared`` it and another ``confirmed`` it; where both are the same, that person went on alone, and
    somebody else has ``reviewed`` it. ``ending`` is who asked to stand down, and ``reason`` why: a question that
    waits until a second person agrees (then ``closed``), or None. One that ``reopens`` another goes on in its room:
    ``room_of`` is the first of them.
    """

    ref: str
    what: str
    where: str | None
    level: int
    state: str
    reason: str | None
    created_by: str
    created_at: datetime
    closed_by: str | None = None
    closed_at: datetime | None = None
    scenario: str | None = None
    drill: bool = False
    declared_by: str | None = None
    declared_at: datetime | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    ending_by: str | None = None
    ending_at: datetime | None = None
    cause: str | None = None
    lessons: str | None = None
    reopens: str | None = None
    room_of: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state != "over"

    @property
    def alone(self) -> bool:
        """Whether nobody but the person who declared it has confirmed it."""
        return self.confirmed_by is not None and self.confirmed_by == self.declared_by


_ADD = Prepared(insert(crises))
_CHANGE = Prepared(update(crises).where(crises.c.ref == bindparam("ref_")))
_THIS = select(crises).where(crises.c.ref == bindparam("ref_"))
_FIND = Prepared(_THIS)
_THOSE = select(crises).where(crises.c.ref.in_(bindparam("refs_", expanding=True)))
_TAKE = Prepared(_THIS.with_for_update())
_OPEN_NOW = Prepared(select(crises).where(_OPEN).order_by(crises.c.created_at))
_SINCE = Prepared(
    select(crises).where(crises.c.created_at > bindparam("since_"), ~crises.c.drill).order_by(crises.c.created_at)
)
_RAISED = Prepared(
    select(crises.c.created_by).where(crises.c.created_at > bindparam("since_"), crises.c.drill == bindparam("drill_"))
)
_NEWEST = Prepared(select(crises).order_by(crises.c.created_at.desc(), crises.c.ref.desc()).limit(1))
_UNEXPLAINED = Prepared(
    select(crises).where(crises.c.state == "over", crises.c.lessons.is_(None)).order_by(crises.c.closed_at)
)
_ENDED = Prepared(
    select(crises)
    .where(crises.c.state == "over", ~exists().where(_LATER.c.reopens == crises.c.ref))
    .order_by(crises.c.closed_at.desc(), crises.c.ref.desc())
    .limit(bindparam("most_"))
)
_EARLIER = Prepared(
    select(crises.c.ref)
    .where(
        or_(crises.c.ref == bindparam("first_"), crises.c.room_of == bindparam("first_")),
        crises.c.created_at < bindparam("before_"),
    )
    .order_by(crises.c.created_at.desc())
)
_GOES_ON_AS = Prepared(select(crises).where(crises.c.reopens == bindparam("ref_")).limit(1))
_LAST_DRILL = Prepared(select(crises).where(crises.c.drill).order_by(crises.c.created_at.desc()).limit(1))
_TO_REVIEW = Prepared(
    select(crises)
    .where(
        or_(_OPEN, ~crises.c.drill),
        crises.c.confirmed_by == crises.c.declared_by,
        crises.c.reviewed_at.is_(None),
    )
    .order_by(crises.c.created_at)
)


class Crises(Questions):
    def add(
        self,
        *,
        what: str,
        where: str | None,
        level: int,
        by: str,
        at: datetime,
        year: int,
        scenario: str | None = None,
        drill: bool = False,
        reopens: Crisis | None = None,
    ) -> Crisis:
        """Begin a crisis as an alarm, in the room of the one that it reopens; its reference counts from 01 in each
        year."""
        number = Counters(self.connection).next(f"crisis {year}")
        crisis = Crisis(
            f"CR-{year}-{number:02}",
            what,
            where,
            level,
            "alarm",
            None,
            by,
            at,
            None,
            None,
            scenario,
            drill,
            reopens=reopens.ref if reopens else None,
            room_of=reopens.room_of or reopens.ref if reopens else None,
        )
        row = {("where_" if name == "where" else name): value for name, value in vars(crisis).items()}
        self.ask(_ADD, row)
        return crisis

    def find(self, ref: str) -> Crisis | None:
        row = self.ask(_FIND, {"ref_": ref.upper()}).first()
        return Crisis(*row) if row else None

    def those(self, refs: Collection[str]) -> dict[str, Crisis]:
        """These crises, by their references."""
        rows = self.connection.execute(_THOSE, {"refs_": list(refs)}) if refs else ()
        return {row.ref: Crisis(*row) for row in rows}

    def take(self, ref: str) -> Crisis | None:
        """The crisis, and nobody else changes it before this transaction ends."""
        row = self.ask(_TAKE, {"ref_": ref.upper()}).first()
        return Crisis(*row) if row else None

    def change(self, crisis: Crisis, **values: Any) -> Crisis:
        """Change some of its columns."""
        row = {("where_" if name == "where" else name): value for name, value in values.items()}
        self.ask(_CHANGE, {"ref_": crisis.ref, **row})
        return replace(crisis, **values)

    def goes_on_as(self, ref: str) -> Crisis | None:
        """The crisis that reopened this one."""
        row = self.ask(_GOES_ON_AS, {"ref_": ref}).first()
        return Crisis(*row) if row else None

    def chain(self, crisis: Crisis) -> list[str]:
        """The reference of a crisis and of those from which it goes on, the last one first."""
        if crisis.room_of is None:
            return [crisis.ref]
        before = self.ask(_EARLIER, {"first_": crisis.room_of, "before_": crisis.created_at})
        return [crisis.ref, *(row.ref for row in before)]

    def open(self) -> list[Crisis]:
        """Crises and drills that are not over, oldest first."""
        return [Crisis(*row) for row in self.ask(_OPEN_NOW)]

    def since(self, moment: datetime) -> list[Crisis]:
        """Crises that began after a moment, without drills."""
        return [Crisis(*row) for row in self.ask(_SINCE, {"since_": moment})]

    def raised_since(self, moment: datetime, *, drill: bool) -> list[str]:
        """Who has raised each crisis, or drill, that began after a moment."""
        return [row.created_by for row in self.ask(_RAISED, {"since_": moment, "drill_": drill})]

    def last_drill(self) -> Crisis | None:
        row = self.ask(_LAST_DRILL).first()
        return Crisis(*row) if row else None

    def newest(self) -> Crisis | None:
        """The crisis or drill that began last, whether it is over or not."""
        row = self.ask(_NEWEST).first()
        return Crisis(*row) if row else None

    def ended(self, most: int) -> list[Crisis]:
        """Crises and drills that are over and that nobody has reopened, newest end first."""
        return [Crisis(*row) for row in self.ask(_ENDED, {"most_": most})]

    def unexplained(self) -> list[Crisis]:
        """Crises and drills that are over, and of which nobody has said yet what was learned, oldest end first."""
        return [Crisis(*row) for row in self.ask(_UNEXPLAINED)]

    def to_review(self) -> list[Crisis]:
        """Crises that one person started alone and nobody else has reviewed since; drills while they last."""
        return [Crisis(*row) for row in self.ask(_TO_REVIEW)]
