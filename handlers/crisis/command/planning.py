"""Crisis plan: windows of steps, each with an owner and a time; a window closes when its questions are answered."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.crisis.choice import several, which_crisis
from handlers.crisis.command.plan import (
    DUE,
    due_card,
    is_late,
    plan_of,
    show_steps,
    step_line,
    window_card,
    window_name,
)
from handlers.crisis.events import ROLE, STARTED
from handlers.crisis.leading import ask_for, leader, on_duty
from handlers.crisis.record import show, stamped, when
from handlers.crisis.shown import for_reader
from handlers.crisis.step import step_ref
from handlers.crisis.to_many import tell_each
from handlers.kit.city.model import City
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_board_section, crisis_handover_section, crisis_report_section
from handlers.kit.errors import FieldErrors
from handlers.kit.events import CRISIS_OVER, on
from handlers.kit.figures import Progress
from handlers.kit.forms import Form, Options, Reference, ask
from handlers.kit.home import refresh_homes
from handlers.kit.inline import Status
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Facts, Fold, Heading, Items, Text, Word
from handlers.kit.registry import command, timer
from handlers.kit.speaking import Message
from storage.crisis.records import Crisis
from storage.crisis.tasks import CrisisTask
from storage.time.timers import NewTimer

if TYPE_CHECKING:
    from handlers.kit.document import Document

FIRST = timedelta(hours=24)  # steps due within this time do not wait for the morning; later ones may


def _windows(city: City) -> Options:
    return tuple((window.id, window.name) for window in city.crisis.window) or (("none", "This city has no plan"),)


class WhichPart(Form):
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint="Such as CR-2026-01")
    window: str | None = ask("Which part of the plan?", default=None, options=_windows)


@on(STARTED)
def lay_out(context: Context, crisis: Crisis) -> None:
    """The steps of the city's plan become those of this crisis; what the city changes later changes nothing here."""
    held = context.store.crisis.roles.held(crisis.ref)
    steps = [(window, step) for window in context.city.crisis.window for step in window.step]
    tasks = [
        CrisisTask(
            crisis.ref, step.id, position, window.id, step.name, step.role,
            crisis.created_at + timedelta(hours=step.due_hours), held.get(step.role),
        )
        for position, (window, step) in enumerate(steps, start=1)
    ]  # fmt: skip
    context.store.crisis.tasks.add_all(tasks)
    context.schedule_each([NewTimer(DUE, step_ref(task), task.due_at) for task in tasks])
    _tell_own(context, crisis, tasks)
    refresh_homes(context, held.values())


def _tell_own(context: Context, crisis: Crisis, tasks: Sequence[CrisisTask]) -> None:
    """Tell everybody who had a role before the plan began which steps of its first window are theirs."""
    own = dict[str, list[str]]()
    for task in tasks:
        if task.owner and task.window == tasks[0].window:
            own.setdefault(task.owner, []).append(step_line(context, task))
    see = Buttons(Button.say("Show the plan", f"crisis plan {crisis.ref}"))

    def card(lines: Sequence[str]) -> Card:
        return Card(f"{crisis.ref}: the plan begins", Text("These steps are yours:"), Items(*lines), see)

    told = [Message(f"dm:{person}", card(lines), priority="page") for person, lines in own.items()]
    tell_each(context, crisis, told)


@on(ROLE)
def follow_the_role(context: Context, crisis: Crisis, role: str, person: str | None) -> None:
    """Steps that nobody chose an owner for belong to the one who has their role."""
    theirs = [
        task
        for task in context.store.crisis.tasks.of(crisis.ref)
        if task.role == role and task.done_at is None and not task.by_hand
    ]
    show_steps(context, crisis, context.store.crisis.tasks.give_all(theirs, person))
    if theirs:
        refresh_homes(context, [*(task.owner for task in theirs), person])


@on(CRISIS_OVER)
def end_plan(context: Context, crisis: Crisis) -> None:
    """Nothing of the plan is asked for any more; what was not done stays written as not done."""
    tasks = context.store.crisis.tasks.of(crisis.ref)
    context.cancel(DUE, *map(step_ref, tasks))
    show_steps(context, crisis, tasks)
    refresh_homes(context, dict.fromkeys(task.owner for task in tasks))


@command(
    "crisis plan", sends="Show", asks=WhichPart, needs="crisis.read", reads_only=True, example="/crisis plan CR-2026-01"
)
def show_plan(request: Request, form: WhichPart) -> Card:
    """Show a crisis's plan."""
    if asked := several(request, "crisis plan", form.model_copy(update={"window": None})):
        return asked
    crisis = which_crisis(request, form.crisis, taken=False)
    plan = plan_of(request, crisis)
    if not plan.tasks:
        return stamped(crisis, Card(f"{crisis.ref} has no plan", Text(_why_none(request, crisis))))
    window = form.window or plan.window or plan.tasks[-1].window
    if window not in plan.windows:
        raise FieldErrors({"window": f"The plan of {crisis.ref} has no such part: it began before the city added it."})
    return for_reader(request, crisis, window_card(request, crisis, window))


def _why_none(request: Request, crisis: Crisis) -> str:
    if not crisis.confirmed_by:
        return "A second person has to confirm it first." if crisis.is_open else "It was over before it was confirmed."
    return "The city has none. Write one in crisis.toml; it is used from the next crisis on."


@timer(DUE, counts_seconds=True)
def step_due(context: Context, subject: str, _step: int) -> None:
    """Tell the owner of a step, or else the commander, that it is due now."""
    ref, _, name = subject.split()
    crisis, task = context.store.crisis.records.take(ref), context.store.crisis.tasks.take(ref, name)
    if crisis is None or not crisis.is_open or task is None or task.done_at:
        return
    owner = on_duty(context, crisis, task.role, task.owner).person if task.owner else leader(context, crisis)
    context.audit(subject, due=True)
    priority = "page" if task.due_at <= crisis.created_at + FIRST else "prompt"
    card, draws = due_card(context, crisis, task), f"crisis.step {crisis.ref} {task.step}"
    ask_for(context, crisis, owner, card, ref=subject, priority=priority, draws=draws)
    show(context, crisis)


@crisis_board_section("plan", order=30)
def on_the_board(context: Context, crisis: Crisis) -> list[Word]:
    """How far the current window is, how much is late and has no owner, and the open steps folded."""
    plan = plan_of(context, crisis)
    if not plan.tasks:
        return []
    if not crisis.is_open:
        return _left_over(crisis, plan.tasks)
    here, left = plan.of(plan.window), plan.left(context.now)
    done = sum(task.done_at is not None for task in here)
    if plan.window:
        said: Word = Progress(f"{window_name(context, plan.window)}{_free(here)}", done, len(here))
    else:
        said = Text(_closed(plan.tasks))
    show = Button.say("The plan", f"crisis plan {crisis.ref}")
    lines = [step_line(context, task) for task in left]
    fold = Fold("Open steps", Items(*lines), Buttons(show), button=show) if lines else Buttons(show)
    return [Heading("Plan"), said, *_late(context, left), fold]


@crisis_board_section("next step", order=7)
def next_step(context: Context, crisis: Crisis) -> list[Word]:
    """The step that is late longest or due first, who does it and when."""
    tasks = plan_of(context, crisis).left(context.now) if crisis.is_open else []
    if not tasks:
        return []
    task = min(tasks, key=lambda step: step.due_at)
    if task.owner:
        owner = context.name(task.owner)
    else:
        owner = f"nobody has it yet, {context.name(leader(context, crisis))} gives it to somebody"
    state = "late since" if is_late(task, context.now) else "by"
    return [Facts(("Next step", f"{task.name}, {owner}, {state} {when(context, task.due_at)}"))]


def _free(tasks: Sequence[CrisisTask]) -> str:
    """How many of these steps nobody has, behind the name of the window."""
    free = sum(task.owner is None and task.done_at is None for task in tasks)
    return f" ({free} without an owner)" if free else ""


def _late(context: Context, tasks: Sequence[CrisisTask]) -> list[Text]:
    """How many of these steps are late."""
    late = sum(is_late(task, context.now) for task in tasks)
    return [Text(Status("critical", f"{late} late"))] if late else []


def _left_over(crisis: Crisis, tasks: Sequence[CrisisTask]) -> list[Word]:
    """The plan of a crisis that is over: how many steps go on and were not done, and folded which."""
    left = [task for task in tasks if task.done_at is None]
    on = [f"Goes on: {task.name} ({task.action})" for task in left if task.action]
    ended = [f"Not done: {task.name}" for task in left if not task.action]
    if not left:
        return [Heading("Plan"), Text("Every step of the plan is done.")]
    show = Button.say("The plan", f"crisis plan {crisis.ref}")
    fold = Fold("What became of the steps", Items(*on, *ended), button=show)
    return [Heading("Plan"), Text(f"Go on as actions: {len(on)}. Not done: {len(ended)}."), fold]


def _closed(tasks: Sequence[CrisisTask]) -> str:
    """The line about a plan without an open window: how many of its steps are still to be done."""
    owed = sum(task.done_at is None for task in tasks)
    left = f" Still open: {counted(owed, 'step')}." if owed else ""
    return f"The plan is closed.{left}"


@crisis_report_section("plan", order=40)
def plan_in_the_report(context: Context, crisis: Crisis, document: "Document") -> None:
    """Each window: its steps, who did them and which were late, and the answers given when it was closed."""
    plan = plan_of(context, crisis)
    document.heading("The plan")
    if not plan.tasks:
        document.text("The plan was not begun.")
    for window in plan.windows:
        rows = [_reported(context, crisis, task) for task in plan.of(window)]
        document.table((window_name(context, window), "Who", "Due", "What became of it"), rows, (3.6, 2.5, 2.4, 4.5))
        if done_with := plan.closed.get(window):
            document.items([f"{question} {answer}" for question, answer in done_with.answers.items()])
        else:
            document.text("This part was not closed.")


def _reported(context: Context, crisis: Crisis, task: CrisisTask) -> tuple[str, ...]:
    calendar = context.calendar
    if task.done_at:
        late = "LATE, " if task.done_at > task.due_at else ""
        became = f"{late}done by {context.name(task.done_by)}, {calendar.spoken(task.done_at)}"
        became += f". {task.note}" if task.note else ""
    elif task.action:
        became = f"goes on as {task.action}"
    else:
        became = "LATE, not done" if task.due_at < (crisis.closed_at or context.now) else "not done"
    return task.name, context.name(task.owner), calendar.spoken(task.due_at), became


@crisis_handover_section("plan")
def steps_open(context: Context, crisis: Crisis) -> list[str]:
    """Every open step that is late, from an earlier window or of the current window, with its owner and due time."""
    return [step_line(context, task) for task in plan_of(context, crisis).left(context.now)]
