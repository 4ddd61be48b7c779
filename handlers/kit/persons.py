"""Persons: a set of people that a contribution is asked about at once, or everybody whom the city knows."""

from collections.abc import Callable, Collection, Sequence

from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.policy import RULES


class Persons:
    """Some people. Where ``those`` is a function they are everybody, and it is called only to name them one by one.

    ``ids`` is what the database is asked about: None for everybody. Of everybody, those who were only met in chat have
    no role and no department.
    """

    def __init__(self, city: City, those: Sequence[Person] | Callable[[], Sequence[Person]]) -> None:
        self._city, self._everybody = city, those if callable(those) else None
        self._those = {} if callable(those) else {person.id: person for person in those}

    @property
    def ids(self) -> Collection[str] | None:
        return self._those.keys() if self._everybody is None else None

    def __contains__(self, person: object) -> bool:
        return person is not None and (self._everybody is not None or person in self._those)

    def each(self) -> list[Person]:
        """Every one of them."""
        return list(self._those.values() if self._everybody is None else self._everybody())

    def with_role(self, *roles: str) -> list[Person]:
        """Those who hold one of these roles, each once; not to be asked about what everybody is."""
        held = {person.id: person for role in roles for person in self._city.with_role(role)}
        return [person for person in held.values() if person.id in self]

    def who_may(self, right: str) -> list[Person]:
        """Those who have a right that not everybody has."""
        return self.with_role(*RULES[right])

    def departments(self) -> list[str]:
        """The departments that any of them belongs to or heads, in the order of the city's file."""
        if self._everybody is not None:
            return list(self._city.departments)
        own = {person.department for person in self._those.values()}
        return [known.id for known in self._city.departments.values() if known.id in own or known.head in self._those]

    def in_department(self, department: str) -> list[Person]:
        """Those who belong to a department or head it."""
        there = self._city.in_department(department)
        if self._everybody is not None or len(self._those) >= len(there):
            return [person for person in there if person.id in self]
        known = self._city.departments.get(department)
        head = known.head if known else None
        return [person for person in self._those.values() if person.department == department or person.id == head]

    def halves(self) -> list["Persons"]:
        """The same people as two sets; nothing when they are fewer than two."""
        those = self.each()
        middle = len(those) // 2
        return [Persons(self._city, those[:middle]), Persons(self._city, those[middle:])] if middle else []
