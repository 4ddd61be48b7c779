"""Crisis plan: the steps of a crisis as people read them, window by window."""

from collections.abc import Sequence
from datetime import datetime

from handlers.kit.context import Context
from handlers.kit.crisis import stamped
from handlers.kit.messages import Button, Buttons, Card, Items, Note, Text, Word
from storage.crises import Crisis
from storage.crisis_tasks import CrisisTask

DUE = "crisis.step-due"  # the timer of a step
NEXT = 1  # steps to come that the summary names beside those that are late


def current_window(context: Context, crisis: Crisis) -> str | None:
    """The first window that is not closed; None when all are, or the plan has not begun."""
    closed = context.store.crisis_tasks.closed(crisis.ref)
    windows = dict.fromkeys(task.window for task in context.store.crisis_tasks.of(crisis.ref))
    return next((one for one in windows if one not in closed), None)


def window_name(context: Context, window: str) -> str:
    known = context.city.crisis.windows.get(window)
    return known.name if known else window


def window_card(context: Context, crisis: Crisis, window: str) -> Card:
    """One window: each step with what can be done about it, and the way to the other windows."""
    tasks = context.store.crisis_tasks.of(crisis.ref)
    mine = [task for task in tasks if task.window == window]
    done = sum(task.done_at is not None for task in mine)
    closed = context.store.crisis_tasks.closed(crisis.ref).get(window)
    answers = [f"{question} {answer}" for question, answer in closed.answers.items()] if closed else []
    others = dict.fromkeys(task.window for task in tasks if task.window != window)
    show = [Button.say(window_name(context, one), f"crisis plan {crisis.ref}; window {one}") for one in others]
    close = Button("Close this window", "crisis.window-close", f"{crisis.ref} {window}", style="primary")
    buttons = [*([close] if crisis.is_open and not closed else []), *show]
    return stamped(
        crisis,
        Card(
            f"{crisis.ref}: {window_name(context, window)}, {done} of {len(mine)} done",
            *(word for task in mine for word in step_words(context, crisis, task)),
            *((Text("Closed with these answers:"), Items(*answers)) if closed else ()),
            Buttons(*buttons),
            *(() if closed else (Note("A window closes when its questions are answered."),)),
        ),
    )


def step_words(context: Context, crisis: Crisis, task: CrisisTask) -> Sequence[Word]:
    """A step with its buttons."""
    value = f"{crisis.ref} {task.step}"
    if not crisis.is_open:
        return [Text(step_line(context, task))]
    if task.done_at:
        return [Text(step_line(context, task)), Buttons(Button("Not done after all", "crisis.step-undo", value))]
    buttons = (
        Button("Done", "crisis.step-done", value, style="primary"),
        Button("Mine", "crisis.step-mine", value),
        Button("Give to", "crisis.step-give", value),
    )
    return [Text(step_line(context, task)), Buttons(*buttons)]


def step_ref(task: CrisisTask) -> str:
    """What a step of a crisis is about."""
    return f"{task.crisis} {task.step}"


def step_line(context: Context, task: CrisisTask) -> str:
    """A step in one line: what, whose, by when, or who did it and when."""
    calendar = context.city.calendar
    if task.done_at:
        note = f". {task.note}" if task.note else ""
        return f"Done: {task.name}, by {context.name(task.done_by)}, {calendar.spoken(task.done_at)}{note}"
    owner = context.name(task.owner) if task.owner else "nobody has it yet"
    late = "Late: " if is_late(task, context.now) else ""
    return f"{late}{task.name}, {owner}, by {calendar.spoken(task.due_at)}"


def is_late(task: CrisisTask, now: datetime) -> bool:
    return task.done_at is None and task.due_at <= now


def pressing(context: Context, crisis: Crisis) -> list[CrisisTask]:
    """The steps of the current window that are late or nobody's, and the next one that is due."""
    tasks = [one for one in context.store.crisis_tasks.of(crisis.ref) if one.done_at is None]
    window = current_window(context, crisis)
    late = [one for one in tasks if is_late(one, context.now)]
    here = [one for one in tasks if one.window == window and one not in late]
    soon = sorted(here, key=lambda one: one.due_at)[:NEXT]
    return [*late, *soon, *(one for one in here if one.owner is None and one not in soon)]
