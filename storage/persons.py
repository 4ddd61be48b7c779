"""Persons: a question about what several people hold, which is one question however many they are."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Select, bindparam

from storage.base import NOTHING
from storage.prepared import Prepared

NAMED = 200  # people who are named in a question; what more of them hold is found sooner by reading it all
T = TypeVar("T")


class OfPersons:
    """A question about rows that name a person in a column: those of one person, of some, or of everybody (None)."""

    def __init__(self, statement: Select[Any], column: Column[Any]) -> None:
        self._one = Prepared(statement.where(column == bindparam("person_")))
        self._some = Prepared(statement.where(column.in_(bindparam("persons_", expanding=True))))
        self._all = Prepared(statement.where(column.is_not(None)))
        self._column = column.key

    def run(
        self, connection: Connection, persons: Collection[str] | None, values: Mapping[str, Any] = NOTHING
    ) -> Iterable[Any]:
        """The rows, in the order of the statement."""
        if persons is None:
            return self._all.run(connection, values)
        if len(persons) == 1:
            return self._one.run(connection, {**values, "person_": next(iter(persons))})
        if len(persons) <= NAMED:
            return self._some.run(connection, {**values, "persons_": list(persons)})
        return [row for row in self._all.run(connection, values) if getattr(row, self._column) in persons]


def by_key(found: Iterable[T], key: Callable[[T], str | None]) -> dict[str, list[T]]:
    """What was found for each person, or whatever the key is, in its order; without what has none."""
    sorted_out: dict[str, list[T]] = {}
    for thing in found:
        if (whose := key(thing)) is not None:
            sorted_out.setdefault(whose, []).append(thing)
    return sorted_out
