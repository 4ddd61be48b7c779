"""Waiting: what waits for somebody: each feature says it with ``@todo``; home, digest and morning check read it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from handlers.kit.messages import Button, Buttons, Note, Row, Text, Word
from handlers.kit.parts import Broken, Part, missing

if TYPE_CHECKING:
    from handlers.kit.city.people import Person
    from handlers.kit.context import Context

SHOWN = 10  # lines of each feature; the rest is counted


@dataclass(frozen=True)
class Task:
    """One thing that waits: what it is about, the line people read and the buttons that act right there.

    ``due`` is the day by which it is to be done, None when it has none; ``owner`` is whose it is, an id. ``daily``
    says that it stands in each digest until it is done, not only from the day on which it is due.
    """

    ref: str
    line: str
    buttons: tuple[Button, ...] = ()
    due: date | None = None
    owner: str | None = None
    daily: bool = False


@dataclass(frozen=True)
class Waiting:
    """What of one feature waits for somebody, in the order they should read it.

    Every task that has a due day stands in ``tasks``; of the others the first SHOWN are enough, and ``count`` says how
    many there are in all. ``rest`` is the command that shows them all. Without tasks there is nothing to say.
    ``missing`` names a feature that could not say what waits.
    """

    title: str
    tasks: Sequence[Task]
    rest: str = ""
    count: int | None = None
    missing: str = ""

    @property
    def total(self) -> int:
        return len(self.tasks) if self.count is None else self.count


@dataclass(frozen=True)
class Waiter:
    """What of one feature can wait for somebody; people read the lowest ``order`` first."""

    name: str
    function: Callable[["Context", "Person"], Waiting]
    order: int


def waiting_for(context: "Context", person: "Person", declared: Sequence[Waiter]) -> list[Waiting]:
    """What waits for somebody, feature by feature, without those that have nothing."""
    parts = [Part(f"waiting {todo.name}", partial(todo.function, context, person), person.id) for todo in declared]
    found = [
        Waiting("", (), missing=todo.name) if isinstance(waiting, Broken) else waiting
        for todo, waiting in zip(declared, context.each_apart(parts), strict=True)
    ]
    return [waiting for waiting in found if waiting.tasks or waiting.missing]


def not_read(waiting: Sequence[Waiting]) -> list[Note]:
    """A line for each feature that could not say what waits."""
    return [missing(part.missing) for part in waiting if part.missing]


def due_by(day: date, waiting: Sequence[Waiting]) -> list[Task]:
    """The tasks that are due on a day or were due before, the longest due first."""
    tasks = [(task.due, task) for part in waiting for task in part.tasks if task.due and task.due <= day]
    return [task for _, task in sorted(tasks, key=lambda pair: pair[0])]


def daily_after(day: date, waiting: Sequence[Waiting]) -> list[Task]:
    """The tasks that stand in each digest and are due only after a day, the nearest due first."""
    tasks = [(task.due, task) for part in waiting for task in part.tasks if task.daily and task.due and task.due > day]
    return [task for _, task in sorted(tasks, key=lambda pair: pair[0])]


def section(waiting: Waiting, shown: int = SHOWN) -> list[Word]:
    """A heading, the first lines with their buttons, and how many more there are."""
    if waiting.missing:
        return [missing(waiting.missing)]
    words: list[Word] = [Text(waiting.title)] if waiting.title else []
    words += [word for task in waiting.tasks[:shown] for word in task_words(task)]
    if (more := waiting.total - shown) > 0:
        words.append(Note(f"And {more} more." + (f' Write "{waiting.rest}" to see all.' if waiting.rest else "")))
    return words


def task_words(task: Task, *more: Button) -> list[Word]:
    """A task as people see it: its line, and its buttons, with ``more`` beside them."""
    buttons = (*task.buttons, *more)
    if len(buttons) == 1:
        return [Row(task.line, buttons[0])]
    return [Text(task.line), *([Buttons(*buttons, about=task.line)] if buttons else [])]
