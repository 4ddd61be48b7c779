"""Morning waiting: what waits for the reader of a morning check, and what is late with everybody else."""

from collections.abc import Collection, Sequence
from datetime import datetime

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context, Sending
from handlers.kit.contributions import morning_section
from handlers.kit.inline import Status
from handlers.kit.links import show_button
from handlers.kit.lists import counted, ended
from handlers.kit.messages import Button
from handlers.kit.morning import Decide, Line, Rank, Section, section
from handlers.kit.persons import Persons
from handlers.kit.tasks import summed_up
from handlers.kit.undelivered import UNDELIVERED
from handlers.kit.waiting import Task, due_by, is_pressing, waiting_for, waiting_of

WAITS, LATE = Status("warning", "Waits for you"), Status("warning", "Late")


@morning_section("what waits for you", order=40)
def yours(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """What waits for the reader, with the buttons that act right there; what others wait for is to be decided."""
    declared = [todo for todo in catalogue.todos if todo.name != UNDELIVERED]  # those have a section of their own
    waiting = waiting_for(context, context.person_named(context.person), declared)
    tasks = [task for part in waiting for task in part.tasks]
    lines, total = [_waits(task) for task in tasks], sum(part.total for part in waiting)
    late = summed_up((), [task for task in tasks if not task.decides and _is_bad(context, task)], context.today)
    return section("Waiting for you", lines, "city today", total=total, private=True, status=late)


def _is_bad(context: Context, task: Task) -> bool:
    """Whether a task is late or urgent, not only due today."""
    return task.due != context.today and is_pressing(context.today, task)


def _waits(task: Task) -> Line:
    decide = Decide(status=task.status or WAITS, rank=Rank.WAITS) if task.decides else None
    return Line(text=task.line, ref=task.ref, buttons=task.buttons, decide=decide)


@morning_section("what is late", order=60)
def late(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """What is due today or was before, with who is asked for it; once, however many it waits for. What has been late
    for the longest is to be decided."""
    tasks = _due(context)
    lines = [_owed(context, task) for task in tasks]
    if late := [task for task in tasks if task.due and task.due < context.today]:
        lines[0] = lines[0].model_copy(update={"decide": _longest(lines[0], len(late) - 1)})
    return section("Due today or late", lines)


def _due(context: Sending) -> list[Task]:
    """What of it others are asked for, the longest due first."""
    waiting = waiting_of(context, Persons(context.city, context.everybody), catalogue.todos)
    due, seen = dict[tuple[str, str | None], Task](), set[int]()
    for person in _in_order(context, waiting):
        if person != context.person and context.duties.why_not(person) is None:
            unseen = [part for part in waiting[person] if id(part) not in seen]  # many share what is a department's
            seen.update(map(id, unseen))
            for task in due_by(context.today, unseen):
                due.setdefault((task.ref, task.owner), task)
    return sorted(due.values(), key=lambda task: task.due or context.today)


def _in_order(context: Context, persons: Collection[str]) -> list[str]:
    """These people in the order of the city's file, those who were only met after them."""
    listed = [person for person in context.city.people if person in persons]
    return [*listed, *sorted(person for person in persons if person not in context.city.people)]


def _owed(context: Context, task: Task) -> Line:
    return Line(text=f"{context.name(task.owner)}: {task.line}", ref=task.ref, buttons=_show(task))


def _show(task: Task) -> Sequence[Button]:
    show = show_button(task.ref)
    return (show.model_copy(update={"label": "Show"}),) if show else ()


def _longest(line: Line, others: int) -> Decide:
    more = f" It has been late the longest; {counted(others, 'more is', 'more are')} late." if others else ""
    return Decide(status=LATE, rank=Rank.LATE, sentence=f"{ended(line.text)}{more}" if more else line.text)
