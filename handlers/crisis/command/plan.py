"""Crisis plan: the steps of a crisis as people read them, window by window."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.crisis.record import stamped
from handlers.crisis.step import step_of, step_ref
from handlers.kit.context import Context
from handlers.kit.inline import Level, Status
from handlers.kit.messages import Button, Buttons, Card, Items, Note, Text, Word
from handlers.kit.values import Carried
from storage.crisis.records import Crisis
from storage.crisis.tasks import CrisisTask

DUE = "crisis.step-due"  # the timer of a step
FLAGS: Mapping[str, Level] = {"Done": "good", "Late": "critical", "Not done": "warning"}


@dataclass(frozen=True)
class StepFrom(Carried):
    """A step of a crisis, and who had it as it was shown, for somebody who wants to take it over."""

    crisis: str
    owner: str
    step: str


@dataclass(frozen=True)
class WindowOf(Carried):
    """A window of the plan of a crisis."""

    crisis: str
    window: str


def current_window(context: Context, crisis: Crisis) -> str | None:
    """The first window that is not closed; None when all are closed, or the plan has not begun."""
    closed = context.store.crisis.tasks.closed(crisis.ref)
    windows = dict.fromkeys(task.window for task in context.store.crisis.tasks.of(crisis.ref))
    return next((window for window in windows if window not in closed), None)


def window_name(context: Context, window: str) -> str:
    known = context.city.crisis.windows.get(window)
    return known.name if known else window


def window_card(context: Context, crisis: Crisis, window: str) -> Card:
    """One window: each step with its buttons, steps still open from earlier windows, and the way to other windows."""
    tasks, closed = context.store.crisis.tasks.of(crisis.ref), context.store.crisis.tasks.closed(crisis.ref)
    here = [task for task in tasks if task.window == window]
    owed = [task for task in owed_from_before(context, crisis) if task.window != window]
    done = sum(task.done_at is not None for task in here)
    words = [word for task in here for word in step_words(context, crisis, task)]
    if owed and window in (current_window(context, crisis), tasks[-1].window):
        words += [
            Text("Still owed from before:"),
            *(word for task in owed for word in step_words(context, crisis, task)),
        ]
    if window in closed:
        answers = [f"{question} {answer}" for question, answer in closed[window].answers.items()]
        by, when = context.name(closed[window].closed_by), context.calendar.spoken(closed[window].closed_at)
        words += [Text(f"{by} closed it, {when}, with these answers:"), Items(*answers)]
    return stamped(
        crisis,
        Card(
            f"{crisis.ref}: {window_name(context, window)}, {done} of {len(here)} done",
            *words,
            *_ways(context, crisis, window),
        ),
    )


def _ways(context: Context, crisis: Crisis, window: str) -> list[Word]:
    """The buttons to finish the window and to show the others."""
    windows = dict.fromkeys(task.window for task in context.store.crisis.tasks.of(crisis.ref))
    others = [other for other in windows if other != window]
    show = [Button.say(window_name(context, other), f"crisis plan {crisis.ref}; window {other}") for other in others]
    if not crisis.is_open or window != current_window(context, crisis):
        return [Buttons(*show)] if show else []
    close = Button("Finish this part", "crisis.window-close", WindowOf(crisis.ref, window))
    return [Buttons(close, *show), Note("A part is finished when its questions are answered.")]


def step_words(context: Context, crisis: Crisis, task: CrisisTask) -> Sequence[Word]:
    """A step with its buttons."""
    line = _flagged(step_line(context, task, ended=crisis.closed_at))
    return [line, Buttons(*step_buttons(task, alone=False), about=task.name)] if crisis.is_open else [line]


def _flagged(line: str) -> Text:
    """The line of a step, with what it begins with as its status."""
    for word, level in FLAGS.items():
        if line.startswith(f"{word}: "):
            return Text(Status(level, word), line.removeprefix(f"{word}:"))
    return Text(line)


def step_buttons(task: CrisisTask, *, alone: bool = True) -> tuple[Button, ...]:
    """The buttons of a step while the crisis is open; the one for what usually comes next stands out where the message
    is about this step ``alone``."""
    if task.done_at:
        return (Button("Not done after all", "crisis.step-undo", step_of(task)),)
    done = Button("Done", "crisis.step-done", step_of(task), style="primary" if alone else "plain")
    give = Button("Give to", "crisis.step-give", step_of(task))
    return done, Button("Mine", "crisis.step-mine", step_of(task)), give


def step_line(context: Context, task: CrisisTask, *, ended: datetime | None = None) -> str:
    """A step in one line: what, who does it and by when, or who did it and when; after the end of the crisis, what
    became of it."""
    calendar = context.calendar
    if task.done_at:
        note = f": {task.note}" if task.note else ""
        return f"Done: {task.name}, by {context.name(task.done_by)}, {calendar.spoken(task.done_at)}{note}"
    due = calendar.spoken(task.due_at)
    if task.action:
        return f"Goes on as {task.action}: {task.name}"
    if ended:
        was = "was due" if task.due_at <= ended else "would have been due"
        return f"Not done: {task.name}, {context.name(task.owner) if task.owner else 'nobody had it'}, {was} {due}"
    owner = context.name(task.owner) if task.owner else "nobody has it yet"
    return f"{'Late: ' * is_late(task, context.now)}{task.name}, {owner}, by {due}"


def due_card(context: Context, crisis: Crisis, task: CrisisTask) -> Card:
    """The message that a step is due, as it is now."""
    if task.done_at or not crisis.is_open:
        state = f"done by {context.name(task.done_by)}" if task.done_at else "not asked for any more"
        line = step_line(context, task, ended=crisis.closed_at)
        return Card(f"{crisis.ref}: {task.name} is {state}", Text(line))
    says = f"It is with {context.name(task.owner)}." if task.owner else "Nobody has it. Give it to somebody."
    due = f"It was due {context.calendar.spoken(task.due_at)}."
    show = Button.say("Show the plan", f"crisis plan {crisis.ref}")
    title = f"{crisis.ref}: {task.name} is due now"
    return Card(title, Text(f"{says} {due}"), Buttons(*step_buttons(task), show))


def show_step(context: Context, crisis: Crisis, task: CrisisTask) -> None:
    """Bring the messages that a step is due up to date."""
    show_steps(context, crisis, [task])


def show_steps(context: Context, crisis: Crisis, tasks: Iterable[CrisisTask]) -> None:
    """The same for several steps."""
    context.refresh_each({step_ref(task): stamped(crisis, due_card(context, crisis, task)) for task in tasks})


def is_late(task: CrisisTask, now: datetime) -> bool:
    return task.done_at is None and task.due_at <= now


def owed_from_before(context: Context, crisis: Crisis) -> list[CrisisTask]:
    """The steps that were open when their window was closed, and still are."""
    closed = context.store.crisis.tasks.closed(crisis.ref)
    return [
        task for task in context.store.crisis.tasks.of(crisis.ref) if task.window in closed and task.done_at is None
    ]
