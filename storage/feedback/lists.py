"""Feedback lists: which pieces of feedback somebody asks for, in pages, and how they went in a week."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, func, or_, select

from storage.base import Questions
from storage.feedback.records import Item, feedback
from storage.prepared import Prepared

_C = feedback.c
_OPEN = _C.state == "open"
_OWNERS = Prepared(select(_C.owner).where(_OPEN, _C.owner.is_not(None)).distinct())

_TO_CHECK = Prepared(
    select(feedback).where(_C.check_on <= bindparam("day_"), _C.state == "closed").order_by(_C.check_on, _C.number)
)


@dataclass(frozen=True)
class Theirs:
    """What a department answers: routed to it, or of one of its categories and routed nowhere."""

    department: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """Which items are asked for; what is left out does not matter. ``words`` are all to be found, in any case.

    ``of_person`` asks for theirs, and of ``theirs`` only for what nobody has, or one of those who ``left``.
    ``others_than`` asks for what is with somebody else than them. ``due_before`` and ``due_on`` go together.
    """

    theirs: Collection[Theirs] | None = None
    owner: str | None = None
    of_person: str | None = None
    left: tuple[str, ...] = ()
    others_than: str | None = None
    late_at: datetime | None = None
    due_before: datetime | None = None
    due_on: date | None = None
    waiting: bool = False
    words: tuple[str, ...] = ()
    closed_too: bool = False

    def due(self, before: datetime, on: date) -> "Wanted":
        """Of these, what is due before a moment, or waits until a day at most."""
        return replace(self, due_before=before, due_on=on)


class FeedbackLists(Questions):
    def page(self, wanted: Wanted, offset: int, limit: int) -> list[Item]:
        """The items asked for, the one that waits longest first."""
        rows = select(feedback).where(*_where(wanted)).order_by(_C.number).limit(limit).offset(offset)
        return [Item(*row) for row in self.connection.execute(rows)]

    def count(self, wanted: Wanted) -> int:
        return int(self.connection.execute(select(func.count()).where(*_where(wanted))).scalar_one())

    def all(self) -> list[Item]:
        """Every item, by its number."""
        return [Item(*row) for row in self.connection.execute(select(feedback).order_by(_C.number))]

    def owners(self) -> list[str]:
        """Whoever has an open item."""
        return [row.owner for row in self.ask(_OWNERS)]

    def owned_by_any(self, persons: Collection[str]) -> list[Item]:
        """Open items that are with any of these people, by their numbers."""
        rows = select(feedback).where(_OPEN, _C.owner.in_(list(persons))).order_by(_C.number)
        return [Item(*row) for row in self.connection.execute(rows)]

    def to_check(self, day: date) -> list[Item]:
        """Closed items of which it is to be asked whether they are fixed, on a day or before."""
        return [Item(*row) for row in self.ask(_TO_CHECK, {"day_": day})]

    def logged_between(self, theirs: Theirs, begin: datetime, end: datetime) -> int:
        """How many a department was given between two moments; not the withdrawn ones."""
        between = and_(_C.created_at >= begin, _C.created_at < end, _C.state != "withdrawn")
        return int(self.connection.execute(select(func.count()).where(_of(theirs), between)).scalar_one())

    def closed_between(self, theirs: Theirs, begin: datetime, end: datetime) -> list[Item]:
        """What a department closed between two moments."""
        between = and_(_C.closed_at >= begin, _C.closed_at < end, _C.state == "closed")
        return [Item(*row) for row in self.connection.execute(select(feedback).where(_of(theirs), between))]


def _of(theirs: Theirs) -> ColumnElement[bool]:
    by_category = and_(_C.department.is_(None), _C.category.in_(theirs.categories))
    return or_(_C.department == theirs.department, by_category)


def _where(wanted: Wanted) -> list[Any]:
    found: list[Any] = [] if wanted.closed_too else [_OPEN]
    in_theirs = or_(false(), *(_of(one) for one in wanted.theirs or ()))
    if wanted.of_person is not None:
        nobodys = or_(_C.owner.is_(None), _C.owner.in_(wanted.left))
        found.append(or_(_C.owner == wanted.of_person, and_(nobodys, in_theirs)))
    elif wanted.theirs is not None:
        found.append(in_theirs)
    if wanted.owner is not None:
        found.append(_C.owner == wanted.owner)
    if wanted.others_than is not None:
        found.append(_C.owner != wanted.others_than)
    if wanted.late_at is not None:
        found.append(_C.due_at <= wanted.late_at)
    if wanted.due_before is not None:
        found.append(or_(_C.due_at < wanted.due_before, _C.waits_until <= wanted.due_on))
    if wanted.waiting:
        found.append(_C.waits_for.is_not(None))
    return [*found, *(_C.words.contains(word.casefold(), autoescape=True) for word in wanted.words)]
