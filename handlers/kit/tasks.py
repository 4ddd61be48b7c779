"""Tasks: what waits for somebody as they read it: what comes first, how bad it is, and its button beside it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from handlers.kit.inline import WORST_FIRST, Status
from handlers.kit.messages import SAY, Button, Buttons, Plain, Row, Text
from handlers.kit.waiting import Task, Waiting, is_pressing

NOW, DECIDE, DUE = "Right now", "To decide", "Due or urgent"


def what_comes_first(day: date, waiting: Sequence[Waiting]) -> dict[str, list[Task]]:
    """What cannot wait for a later day, by heading: a crisis that is on, what must be decided, and what is due or
    urgent, the worst and the longest late first. Home and the digest both have it from here."""
    tasks = [task for part in waiting for task in part.tasks]
    pressing = sorted((task for task in tasks if not task.decides and is_pressing(day, task)), key=partial(_since, day))
    return {
        NOW: [task for task in pressing if task.urgent],
        DECIDE: [task for task in tasks if task.decides],
        DUE: [task for task in pressing if not task.urgent],
    }


def _since(day: date, task: Task) -> date:
    """The day by which tasks are put in order; what is critical and has no day comes first."""
    is_critical = task.status is not None and task.status.level == "critical"
    return task.due or (date.min if is_critical else day)


def task_words(task: Task, today: date) -> list[Plain]:
    """A task in one line with its button beside it. Where it can be answered in several ways, all of them stand below;
    the button that only shows the record gives way to one that does something."""
    ways, line = _ways(task), task_line(task, today)
    if len(ways) > 1:
        return [line, Buttons(*ways, about=task.line)]
    return [Row(line, next(iter(ways), None))]


def task_line(task: Task, today: date) -> Text:
    """What a task is about, after how bad it is."""
    status = status_of(task, today)
    return Text(status, f" {task.line}") if status else Text(task.line)


def status_of(task: Task, today: date) -> Status | None:
    """How bad a task is, as its feature says it, or else by its due day; None for what can wait."""
    if task.status or task.due is None or task.due > today:
        return task.status
    return Status("warning", "late") if task.due < today else Status("info", "due today")


def with_one_primary(tasks: Iterable[Task]) -> Iterator[Task]:
    """The tasks in their order; of their buttons only the first primary one stands out."""
    found = False
    for task in tasks:
        yield _plain(task) if found else task
        found = found or any(button.style == "primary" for button in _ways(task))


def _plain(task: Task) -> Task:
    buttons = (
        button.model_copy(update={"style": "plain"}) if button.style == "primary" else button for button in task.buttons
    )
    return replace(task, buttons=tuple(buttons))


def summed_up(decide: Sequence[Task], due: Sequence[Task], today: date) -> Status | None:
    """How bad it is in all, and how much there is to decide, late, due and urgent; None when all of it can wait."""
    days = [task.due for task in due if task.due]
    late = sum(day < today for day in days)
    counts = [
        (len(decide), "to decide"),
        (late, "late"),
        (len(days) - late, "due today"),
        (len(due) - len(days), "urgent"),
    ]
    said = ", ".join(f"{count} {what}" for count, what in counts if count)
    if not said:
        return None
    levels = {status.level for task in (*decide, *due) if (status := status_of(task, today))}
    return Status(next((level for level in WORST_FIRST if level in levels), "info"), said)


def _ways(task: Task) -> tuple[Button, ...]:
    acts = tuple(button for button in task.buttons if not _only_shows(button))
    return task.buttons if task.decides or not acts else acts


def _only_shows(button: Button) -> bool:
    return button.action == SAY and "show" in button.value.split()[:2]
