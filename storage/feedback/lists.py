"""Feedback lists: which pieces of feedback somebody asks for, in pages, and how they went in a week."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, and_, bindparam, false, func, or_, select

from storage.base import Questions
from storage.feedback.items import Item, feedback
from storage.prepared import Prepared
from storage.spelling import anywhere

_C = feedback.c
_OPEN = _C.state == "open"
SHAPES = 200  # statements that are kept: one for each department, and for each way in which a list is narrowed
# What is given to a statement each time it runs, and what stands for it in the statement's shape.
_EACH_TIME: Mapping[str, Any] = {
    "owner": "",
    "late_at": datetime.min,
}
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
    """Which items are asked for; what is left out does not matter. ``words`` are all to be found, in any case."""

    theirs: Collection[Theirs] | None = None
    owner: str | None = None
    late_at: datetime | None = None
    waiting: bool = False
    words: tuple[str, ...] = ()
    closed_too: bool = False


class FeedbackLists(Questions):
    def page(self, wanted: Wanted, offset: int, limit: int) -> list[Item]:
        """The items asked for, open ones first, the nearest due first, those whose clock stands still last."""
        return [
            Item(*row) for row in self.ask(_page(_shape(wanted)), {**_given(wanted), "most_": limit, "from_": offset})
        ]

    def count(self, wanted: Wanted) -> int:
        return int(self.ask(_count(_shape(wanted)), _given(wanted)).scalar())

    def all(self) -> list[Item]:
        """Every item, by its number."""
        return [Item(*row) for row in self.connection.execute(select(feedback).order_by(_C.number))]

    def owners(self) -> list[str]:
        """Those who have an open item."""
        return [row.owner for row in self.ask(_OWNERS)]

    def owned_by_any(self, persons: Collection[str]) -> list[Item]:
        """Open items that are with any of these people, by their numbers."""
        rows = select(feedback).where(_OPEN, _C.owner.in_(list(persons))).order_by(_C.number)
        return [Item(*row) for row in self.connection.execute(rows)]

    def to_check(self, day: date) -> list[Item]:
        """Closed items about which to ask, on a day or before, whether they are fixed."""
        return [Item(*row) for row in self.ask(_TO_CHECK, {"day_": day})]

    def logged_between(self, theirs: Theirs, begin: datetime, end: datetime) -> int:
        """How many a department was given between two moments; not the withdrawn ones."""
        between = and_(_C.created_at >= begin, _C.created_at < end, _C.state != "withdrawn")
        return int(self.connection.execute(select(func.count()).where(_of(theirs), between)).scalar_one())

    def naming(self, column: str, known: Collection[str]) -> dict[str, list[str]]:
        """The references of open feedback by what they name in ``category`` or ``department`` beside what is known."""
        named = feedback.c[column]
        asked = select(named, _C.number).where(_OPEN, named.is_not(None), named.not_in(list(known)))
        found: dict[str, list[str]] = {}
        for word, number in self.connection.execute(asked.order_by(_C.number)):
            found.setdefault(word, []).append(f"F-{number}")
        return found

    def closed_between(self, theirs: Theirs, begin: datetime, end: datetime) -> list[Item]:
        """What a department closed between two moments."""
        between = and_(_C.closed_at >= begin, _C.closed_at < end, _C.state == "closed")
        return [Item(*row) for row in self.connection.execute(select(feedback).where(_of(theirs), between))]


def _given(wanted: Wanted) -> dict[str, Any]:
    """The values that a statement is given each time it runs."""
    given = {f"{name}_": value for name in _EACH_TIME if (value := getattr(wanted, name)) is not None}
    return {**given, **{f"word{number}_": anywhere(word.casefold()) for number, word in enumerate(wanted.words)}}


def _shape(wanted: Wanted) -> Wanted:
    """The query without the values that are given each time: one statement serves all of this shape."""
    given = {name: value for name, value in _EACH_TIME.items() if getattr(wanted, name) is not None}
    theirs = None if wanted.theirs is None else tuple(wanted.theirs)
    return replace(wanted, theirs=theirs, words=("",) * len(wanted.words), **given)


@lru_cache(maxsize=SHAPES)
def _page(shape: Wanted) -> Prepared:
    most, begin = bindparam("most_", type_=Integer), bindparam("from_", type_=Integer)
    nearest = (_C.due_at.asc().nulls_last(), _C.number)  # the index has them in this order
    order = (~_OPEN, *nearest) if shape.closed_too else nearest
    return Prepared(select(feedback).where(*_where(shape)).order_by(*order).limit(most).offset(begin))


@lru_cache(maxsize=SHAPES)
def _count(shape: Wanted) -> Prepared:
    return Prepared(select(func.count()).where(*_where(shape)))


def _of(theirs: Theirs) -> ColumnElement[bool]:
    by_category = and_(_C.department.is_(None), _any(_C.category, theirs.categories))
    return or_(_C.department == theirs.department, by_category)


def _any(column: Column[Any], values: Collection[str]) -> ColumnElement[bool]:
    return or_(false(), *(column == value for value in values))


def _where(shape: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [] if shape.closed_too else [_OPEN]
    in_theirs = or_(false(), *(_of(theirs) for theirs in shape.theirs or ()))
    if shape.theirs is not None:
        found.append(in_theirs)
    if shape.owner is not None:
        found.append(_C.owner == bindparam("owner_"))
    if shape.late_at is not None:
        found.append(_C.due_at <= bindparam("late_at_"))
    if shape.waiting:
        found.append(_C.waits_for.is_not(None))
    return [*found, *(_C.words.like(bindparam(f"word{number}_"), escape="/") for number in range(len(shape.words)))]
