"""Feedback waiting: which open feedback is with whom, and which nobody in a department has, for many people at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, false, func, null, or_, select, true

from storage.base import Questions
from storage.feedback.items import OPEN, Item, feedback
from storage.feedback.lists import Theirs
from storage.persons import NAMED
from storage.prepared import Prepared

_C = feedback.c
SHAPES = 50  # statements that are kept: one for each number of departments, and each set of people who left
Categories = tuple[tuple[str, str], ...]  # each category with its department


@dataclass(frozen=True)
class Soon:
    """What counts as due: before a moment, or waiting until a day at most."""

    before: datetime
    on: date

    def has(self, item: Item) -> bool:
        by_clock = item.due_at is not None and item.due_at < self.before
        return by_clock or (item.waits_until is not None and item.waits_until <= self.on)


@dataclass(frozen=True)
class OfWhom:
    """What is asked: the feedback with these people (None: with anybody), and what nobody has of these departments.

    Nobody has what is with one of those who ``left``. Of each person and each department the first ``shown`` are
    wanted, the longest waiting, and beside them ``most`` that are due soon.
    """

    persons: Collection[str] | None
    departments: Collection[str]
    left: Collection[str]
    soon: Soon
    shown: int
    most: int


@dataclass
class Open:
    """Some open items by their numbers, and how many there are in all."""

    items: list[Item] = field(default_factory=list)
    count: int = 0


class FeedbackWaiting(Questions):
    def of(self, every: Sequence[Theirs], asked: OfWhom) -> tuple[dict[str, Open], dict[str, Open]]:
        """What is open by the person who has it, and what nobody has by the department that answers it; ``every`` says
        what each department of the city answers."""
        of_person, of_department = dict[str, Open](), dict[str, Open]()
        for *row, person, department, count in self._rows(every, asked):
            if person is None or asked.persons is None or person in asked.persons:
                kept = (of_department if person is None else of_person).setdefault(person or department, Open())
                kept.items.append(Item(*row))
                kept.count = count
        return of_person, of_department

    def _rows(self, every: Sequence[Theirs], asked: OfWhom) -> Iterable[Any]:
        persons = asked.persons if asked.persons is None or len(asked.persons) <= NAMED else None
        alone = persons is not None and len(persons) == 1
        shape = (_categories(every), tuple(sorted(asked.left)), len(asked.departments), persons is None, alone)
        given: Mapping[str, Any] = {
            "before_": asked.soon.before, "on_": asked.soon.on, "shown_": asked.shown, "most_": asked.most,
            **{f"department{place}_": department for place, department in enumerate(asked.departments)},
            **({} if persons is None else {"persons_": next(iter(persons)) if alone else list(persons)}),
        }  # fmt: skip
        if persons is None or alone:
            return self.ask(_prepared(*shape), given)
        return self.connection.execute(_statement(*shape), given)

    def late(self, every: Sequence[Theirs], at: datetime, most: int) -> dict[str, list[Item]]:
        """What was due before a moment and is with somebody, by the department that answers it: of each of its people
        the longest waiting, ``most`` at most; by their numbers."""
        found: dict[str, list[Item]] = {}
        for *row, department in self.ask(_late(_categories(every)), {"at_": at, "most_": most}):
            found.setdefault(department, []).append(Item(*row))
        return found


def _categories(every: Sequence[Theirs]) -> Categories:
    return tuple((category, theirs.department) for theirs in every for category in theirs.categories)


def _department(categories: Categories) -> ColumnElement[Any]:
    """The department that answers: where the item was routed, else its category's."""
    by_category = case(dict(categories), value=_C.category, else_=null()) if categories else null()
    return func.coalesce(_C.department, by_category)


@lru_cache(maxsize=SHAPES)
def _prepared(*shape: Any) -> Prepared:
    return Prepared(_statement(*shape))


@lru_cache(maxsize=SHAPES)
def _statement(
    categories: Categories, left: tuple[str, ...], departments: int, everybody: bool, alone: bool
) -> Select[Any]:
    nobodys = or_(_C.owner.is_(None), *(_C.owner == person for person in left))
    department = case((nobodys, _department(categories)), else_=null())
    person = case((nobodys, null()), else_=_C.owner)
    theirs = _C.owner == bindparam("persons_") if alone else _C.owner.in_(bindparam("persons_", expanding=True))
    named = or_(false(), *(_department(categories) == bindparam(f"department{place}_") for place in range(departments)))
    soon = case((or_(_C.due_at < bindparam("before_"), _C.waits_until <= bindparam("on_")), 1), else_=0)
    of_one = [person, department]
    ranked = (
        select(
            _C.number, person.label("person"), department.label("department_"), soon.label("soon"),
            func.count().over(partition_by=of_one).label("count"),
            func.row_number().over(partition_by=of_one, order_by=_C.number).label("place"),
            func.row_number().over(partition_by=[*of_one, soon], order_by=_C.number).label("place_soon"),
        )
        .where(OPEN, or_(and_(nobodys, named), and_(~nobodys, true() if everybody else theirs)))
        .subquery("ranked")
    )  # fmt: skip
    is_soon = and_(ranked.c.soon == 1, ranked.c.place_soon <= bindparam("most_"))
    return (
        select(feedback, ranked.c.person, ranked.c.department_, ranked.c.count)
        .join(ranked, ranked.c.number == _C.number)
        .where(or_(ranked.c.place <= bindparam("shown_"), is_soon))
        .order_by(_C.number)
    )


@lru_cache(maxsize=SHAPES)
def _late(categories: Categories) -> Prepared:
    department = _department(categories)
    ranked = (
        select(
            _C.number,
            department.label("department_"),
            func.row_number().over(partition_by=[department, _C.owner], order_by=_C.number).label("place"),
        )
        .where(OPEN, _C.due_at <= bindparam("at_"), _C.owner.is_not(None))
        .subquery("ranked")
    )
    return Prepared(
        select(feedback, ranked.c.department_)
        .join(ranked, ranked.c.number == _C.number)
        .where(ranked.c.place <= bindparam("most_"), ranked.c.department_.is_not(None))
        .order_by(_C.number)
    )
