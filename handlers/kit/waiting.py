"""Waiting: what waits for somebody: each feature says it with ``@todo``; home, digest and morning check read it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from handlers.kit.inline import Status
from handlers.kit.messages import Button, Note
from handlers.kit.parts import Broken, SetPart, missing
from handlers.kit.persons import Persons

if TYPE_CHECKING:
    from handlers.kit.city.people import Person
    from handlers.kit.context import Context

SHOWN = 10  # lines of each feature; the rest is counted
PRESSING = ("critical", "warning")


@dataclass(frozen=True)
class Task:
    """One thing that waits: what it is about, the line people read and the buttons that act right there.

    ``due`` is the day by which it is to be done, None when it has none; ``owner`` is whose it is, an id. ``daily``
    says that it stands in each digest until it is done, not only from the day on which it is due. ``status`` is how bad
    it is; ``decides`` that somebody cannot go on until this person has decided it; ``urgent`` that it comes before all
    else and waits for no day, however mild its status: a crisis that is on.
    """

    ref: str
    line: str
    buttons: tuple[Button, ...] = ()
    due: date | None = None
    owner: str | None = None
    daily: bool = False
    status: Status | None = None
    decides: bool = False
    urgent: bool = False


@dataclass(frozen=True)
class Waiting:
    """What of one feature waits for somebody, in the order they should read it.

    Every task that has a due day stands in ``tasks``; of the others the first SHOWN are enough, and ``count`` says how
    many there are in all. ``rest`` is the command that shows them all. Without tasks there is nothing to say.
    ``missing`` names a feature that could not say what waits; ``name`` is under which the feature declared it.
    """

    title: str
    tasks: Sequence[Task]
    rest: str = ""
    count: int | None = None
    missing: str = ""
    name: str = ""

    @property
    def total(self) -> int:
        return len(self.tasks) if self.count is None else self.count


@dataclass(frozen=True)
class Waiter:
    """What of one feature can wait for people; they read the lowest ``order`` first.

    ``function`` gives what waits for each of some people, by id, with a number of questions to the database that does
    not depend on how many they are or how much waits. Who is left out has nothing.
    """

    name: str
    function: Callable[["Context", Persons], Mapping[str, Waiting]]
    order: int


def waiting_for(context: "Context", person: "Person", declared: Sequence[Waiter]) -> list[Waiting]:
    """What waits for somebody, feature by feature, without those that have nothing."""
    return waiting_of(context, Persons(context.city, [person]), declared).get(person.id, [])


def waiting_of(context: "Context", persons: Persons, declared: Sequence[Waiter]) -> dict[str, list[Waiting]]:
    """The same for each of several people who has anything, by id; each feature is asked once for all of them."""
    parts = [SetPart(f"waiting {todo.name}", partial(todo.function, context), persons) for todo in declared]
    found = dict[str, list[Waiting]]()
    for todo, given in zip(declared, context.sets_apart(parts), strict=True):
        lost, named = Waiting("", (), missing=todo.name), dict[int, Waiting]()
        for person, waiting in given.items():
            told = lost if isinstance(waiting, Broken) else _named(waiting, todo.name, named)
            if (told.tasks or told.missing) and person in persons:
                found.setdefault(person, []).append(told)
    return found


def _named(waiting: Waiting, name: str, named: dict[int, Waiting]) -> Waiting:
    """The same with the name of its feature; what several people share they share then too."""
    if id(waiting) not in named:
        named[id(waiting)] = replace(waiting, name=name)
    return named[id(waiting)]


def for_each(persons: Iterable["Person"], waiting: Waiting) -> dict[str, Waiting]:
    """The same for each of these people, by id."""
    return {person.id: waiting for person in persons}


def not_read(waiting: Sequence[Waiting]) -> list[Note]:
    """A line for each feature that could not say what waits."""
    return [missing(part.missing) for part in waiting if part.missing]


def due_by(day: date, waiting: Sequence[Waiting]) -> list[Task]:
    """The tasks that are due on a day or were due before, the longest due first."""
    tasks = [(task.due, task) for part in waiting for task in part.tasks if task.due and task.due <= day]
    return [task for _, task in sorted(tasks, key=lambda pair: pair[0])]


def is_pressing(day: date, task: Task) -> bool:
    """Whether a task is due on a day or was before, or is bad enough not to wait, though it has no day."""
    if task.due and not task.urgent:
        return task.due <= day
    return task.urgent or (task.status is not None and task.status.level in PRESSING)


def daily_after(day: date, waiting: Sequence[Waiting]) -> list[Task]:
    """The tasks that stand in each digest and are due only after a day, the nearest due first."""
    tasks = [(task.due, task) for part in waiting for task in part.tasks if task.daily and task.due and task.due > day]
    return [task for _, task in sorted(tasks, key=lambda pair: pair[0])]
