"""Crisis plan: the steps of a crisis as people read them, window by window."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.crisis.record import stamped
from handlers.crisis.step import step_of, step_ref
from handlers.kit.context import Context
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Items, Note, Text, Word
from handlers.kit.values import Carried
from storage.crisis.records import Crisis
from storage.crisis.tasks import ClosedWindow, CrisisTask

DUE = "crisis.step-due"  # the timer of a step
DONE, LATE, NOT_DONE = Status("good", "Done"), Status("critical", "Late"), Status("warning", "Not done")


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


@dataclass(frozen=True)
class Plan:
    """The plan of a crisis as it stands: its steps in their order, and the windows that are closed, by id."""

    tasks: Sequence[CrisisTask]
    closed: Mapping[str, ClosedWindow]

    @property
    def windows(self) -> list[str]:
        return list(dict.fromkeys(task.window for task in self.tasks))

    @property
    def window(self) -> str | None:
        """The first window that is not closed; None when all are closed, or the plan has not begun."""
        return next((window for window in self.windows if window not in self.closed), None)

    def of(self, window: str | None) -> list[CrisisTask]:
        """The steps of a window."""
        return [task for task in self.tasks if task.window == window]

    def owed(self, task: CrisisTask) -> bool:
        """Whether a step was open when its window was closed, and still is."""
        return task.window in self.closed and task.done_at is None

    def begun(self, now: datetime) -> set[str]:
        """The windows that have begun: to the first that is not closed, and those with a step that was due or done."""
        current = self.windows.index(self.window) + 1 if self.window else len(self.windows)
        touched = {task.window for task in self.tasks if task.done_at or task.due_at <= now}
        return {*self.windows[:current], *touched}

    def left(self, now: datetime) -> list[CrisisTask]:
        """The open steps that are late, owed from before or of the current window."""
        window = self.window
        return [
            task
            for task in self.tasks
            if task.done_at is None and (task.window == window or self.owed(task) or is_late(task, now))
        ]


def plan_of(context: Context, crisis: Crisis) -> Plan:
    """The plan of a crisis, which has no steps before it was started."""
    return Plan(context.store.crisis.tasks.of(crisis.ref), context.store.crisis.tasks.closed(crisis.ref))


def window_name(context: Context, window: str) -> str:
    known = context.city.crisis.windows.get(window)
    return known.name if known else window


def window_card(context: Context, crisis: Crisis, window: str) -> Card:
    """One window: each step with its buttons, steps still open from earlier windows, and the way to other windows."""
    plan = plan_of(context, crisis)
    here, owed = plan.of(window), [task for task in plan.tasks if plan.owed(task) and task.window != window]
    done = sum(task.done_at is not None for task in here)
    words = [word for task in here for word in step_words(context, crisis, task)]
    if owed and window in (plan.window, plan.tasks[-1].window):
        words += [
            Text("Still open from earlier parts:"),
            *(word for task in owed for word in step_words(context, crisis, task)),
        ]
    if done_with := plan.closed.get(window):
        answers = [f"{question} {answer}" for question, answer in done_with.answers.items()]
        by, when = context.name(done_with.closed_by), context.calendar.spoken(done_with.closed_at)
        words += [Text(f"{by} closed it, {when}, with these answers:"), Items(*answers)]
    return stamped(
        crisis,
        Card(
            f"{crisis.ref}: {window_name(context, window)}, {done} of {len(here)} done",
            *words,
            *_ways(context, crisis, plan, window),
        ),
    )


def _ways(context: Context, crisis: Crisis, plan: Plan, window: str) -> list[Word]:
    """The buttons to close the window and to show the others."""
    others = [other for other in plan.windows if other != window]
    show = [Button.say(window_name(context, other), f"crisis plan {crisis.ref}; window {other}") for other in others]
    if not crisis.is_open or window != plan.window:
        return [Buttons(*show)] if show else []
    close = Button("Close this part", "crisis.window-close", WindowOf(crisis.ref, window))
    return [Buttons(close, *show), Note("To close a part, answer its questions.")]


def step_words(context: Context, crisis: Crisis, task: CrisisTask) -> Sequence[Word]:
    """A step with its buttons."""
    flag, said = _flag(context, task, crisis.closed_at), _said(context, task, crisis.closed_at)
    line = Text(flag, f" {said}") if flag else Text(said)
    return [line, Buttons(*step_buttons(task, alone=False), about=task.name)] if crisis.is_open else [line]


def _flag(context: Context, task: CrisisTask, ended: datetime | None) -> Status | None:
    """What became of a step, or that it is late."""
    if task.done_at:
        return DONE
    if task.action:
        return None
    if ended:
        return NOT_DONE
    return LATE if is_late(task, context.now) else None


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
    flag = _flag(context, task, ended)
    return f"{flag.label}: {_said(context, task, ended)}" if flag else _said(context, task, ended)


def _said(context: Context, task: CrisisTask, ended: datetime | None) -> str:
    """The same without the word for how it stands."""
    calendar = context.calendar
    if task.done_at:
        note = f": {task.note}" if task.note else ""
        return f"{task.name}, by {context.name(task.done_by)}, {calendar.spoken(task.done_at)}{note}"
    due = calendar.spoken(task.due_at)
    if task.action:
        return f"Goes on as {task.action}: {task.name}"
    if ended:
        was = "was due" if task.due_at <= ended else "would have been due"
        return f"{task.name}, {context.name(task.owner) if task.owner else 'nobody had it'}, {was} {due}"
    owner = context.name(task.owner) if task.owner else "nobody has it yet"
    return f"{task.name}, {owner}, by {due}"


def due_card(context: Context, crisis: Crisis, task: CrisisTask) -> Card:
    """The message that a step is due, as it is now."""
    if task.done_at or not crisis.is_open:
        state = f"done by {context.name(task.done_by)}" if task.done_at else "not asked for anymore"
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
