"""Names: what people of the city are called, and how those of one name are told apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from handlers.kit.alike import alike
from handlers.kit.city.departments import Department
from handlers.kit.city.people import Person

ByName = Mapping[str, Sequence[Person]]


@dataclass(frozen=True)
class Names:
    """The people of people.toml by their names."""

    people: Mapping[str, Person]
    departments: Mapping[str, Department]

    def named(self, words: str) -> Sequence[Person]:
        """The people whose whole name this is, else those in whose name it stands."""
        whole, part = self._by_name
        return whole.get(alike(words)) or part.get(alike(words), ())

    def described(self, person: Person) -> str:
        """Somebody as others of their name are told from them: Sam Rivers, Street Supervisor, Public Works (@sam)."""
        department = self.departments.get(person.department or "")
        parts = (person.name, person.title, department.name if department else "")
        return f"{', '.join(part for part in parts if part)} (@{person.id})"

    @cached_property
    def in_lists(self) -> Mapping[str, str]:
        """Everybody by id as a list shows them: by name, and those of one name with what tells them apart."""
        shared = {person.id for same in self._by_name[0].values() if len(same) > 1 for person in same}
        return {id_: self.described(person) if id_ in shared else person.name for id_, person in self.people.items()}

    @cached_property
    def _by_name(self) -> tuple[ByName, ByName]:
        """People by their whole names, and by each word of them; sorted once, as a sheet may hold many names."""
        whole, part = dict[str, list[Person]](), dict[str, list[Person]]()
        for person in self.people.values():
            name = alike(person.name)
            whole.setdefault(name, []).append(person)
            for word in dict.fromkeys(name.split()):
                part.setdefault(word, []).append(person)
        return whole, part
