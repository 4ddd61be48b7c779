"""Crisis plan: windows of steps, each with an owner and a time; a window closes when its questions are answered."""

from datetime import timedelta
from functools import cache
from typing import Any

from pydantic import create_model

from handlers.kit.city import City
from handlers.kit.context import Context, Request
from handlers.kit.crisis import OVER, ROLE, STARTED, show, stamped, tell, write
from handlers.kit.crisis_choice import is_leading, leader, several, which_crisis, working_on
from handlers.kit.crisis_plan import DUE, current_window, pressing, step_line, step_words, window_card, window_name
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, OpenForm, Options, Reference, ask
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Card, Items, Note, Text, Word
from handlers.kit.registry import action, board, brief, command, follows, timer
from storage.crises import Crisis
from storage.crisis_tasks import CrisisTask

ANSWER = 1000  # characters of the answer to a window's question


def _windows(city: City) -> Options:
    return tuple((one.id, one.name) for one in city.crisis.window) or (("none", "This city has no plan"),)


class Plan(Form):
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint="Such as CR-2026-01")
    window: str | None = ask("Which part of the plan?", default=None, options=_windows)


@cache
def _questions(questions: tuple[str, ...]) -> type[Form]:
    fields: dict[str, Any] = {
        f"answer_{number}": (str, ask(question, max_length=ANSWER, long=True))
        for number, question in enumerate(questions, start=1)
    }
    return create_model("Window", __base__=Form, **fields)


def _exit_form(city: City, value: str) -> type[Form]:
    window = city.crisis.windows.get(value.partition(" ")[2])
    return _questions(window.questions if window else ("What is to be known about it?",))


@follows(STARTED)
def lay_out(context: Context, crisis: Crisis) -> None:
    """The steps of the city's plan become those of this crisis; what the city changes later changes nothing here."""
    held, position = context.store.crisis_roles.held(crisis.ref), 0
    for window in context.city.crisis.window:
        for step in window.step:
            due, position = crisis.created_at + timedelta(hours=step.due_hours), position + 1
            task = CrisisTask(crisis.ref, step.id, position, window.id, step.name, step.role, due, held.get(step.role))
            context.store.crisis_tasks.add(task)
            context.later(DUE, f"{crisis.ref} {step.id}", due)
    refresh_homes(context, held.values())


@follows(ROLE)
def follow_the_role(context: Context, crisis: Crisis, role: str, person: str | None) -> None:
    """Steps that nobody chose an owner for belong to whoever has their role."""
    for task in context.store.crisis_tasks.of(crisis.ref):
        if task.role == role and task.done_at is None and not task.by_hand:
            context.store.crisis_tasks.change(task, owner=person)
            refresh_homes(context, [task.owner, person])


@follows(OVER)
def end_plan(context: Context, crisis: Crisis) -> None:
    """Nothing of the plan is asked for any more; what was not done stays written as not done."""
    tasks = context.store.crisis_tasks.of(crisis.ref)
    for task in tasks:
        context.no_longer(DUE, f"{crisis.ref} {task.step}")
    refresh_homes(context, dict.fromkeys(task.owner for task in tasks))


@command("crisis plan", asks=Plan, needs="crisis.read", reads_only=True, example="/crisis plan CR-2026-01")
def show_plan(request: Request, form: Plan) -> Card:
    """Show a crisis's plan."""
    if asked := several(request, "crisis plan", form):
        return asked
    crisis = which_crisis(request, form.crisis, taken=False)
    tasks = request.store.crisis_tasks.of(crisis.ref)
    if not tasks:
        return stamped(
            crisis, Card(f"{crisis.ref} has no plan yet", Text("It begins when a second person confirms it."))
        )
    window = form.window or current_window(request, crisis) or tasks[-1].window
    return window_card(request, crisis, window)


@command("crisis window", asks=Plan, needs="crisis.answer", example="/crisis window CR-2026-01")
def close_current(request: Request, form: Plan) -> OpenForm:
    """Close a part of the plan."""
    crisis = which_crisis(request, form.crisis, is_open=True)
    window = form.window or current_window(request, crisis)
    if window is None:
        raise UserError(f"{crisis.ref} has no part of its plan open. Look at it with: crisis plan")
    return OpenForm(f"crisis.window-close|{crisis.ref} {window}")


@action("crisis.window-close", needs="crisis.answer", asks=_exit_form, varies=True)
def close_window(request: Request, value: str, form: Form) -> Card:
    """Close a part of the plan."""
    ref, _, window = value.partition(" ")
    crisis = working_on(request, ref)
    if not is_leading(request, crisis):
        raise UserError(f"Only {request.name(leader(request, crisis))} or the city manager closes a part of the plan.")
    if done := request.store.crisis_tasks.closed(crisis.ref).get(window):
        when = request.city.calendar.spoken(done.closed_at)
        raise UserError(f"{request.name(done.closed_by)} closed this part already, {when}.")
    if window != current_window(request, crisis):
        raise UserError(f"Close {window_name(request, current_window(request, crisis) or window)} first.")
    known = request.city.crisis.windows.get(window)
    answers = dict(zip(known.questions if known else (), form.values().values(), strict=False))
    request.store.crisis_tasks.close(crisis.ref, window, answers, request.person.id, request.now)
    request.note(crisis.ref, window=window)
    open_still = [one for one in request.store.crisis_tasks.of(crisis.ref) if one.window == window and not one.done_at]
    left = f"; still open: {', '.join(one.name for one in open_still)}" if open_still else ""
    write(request, crisis, f"closed {window_name(request, window)}{left}", by=request.person.id, kind="decided")
    for question, answer in answers.items():
        write(request, crisis, f"{question} {answer}", by=request.person.id, kind="said")
    carried = (Note(f"These stay owed: {', '.join(one.name for one in open_still)}."),) if open_still else ()
    following = current_window(request, crisis)
    card = window_card(request, crisis, following) if following else None
    closed = Card(f"{crisis.ref}: {window_name(request, window)} is closed", *carried)
    return card.with_words(*carried) if card else stamped(crisis, closed)


@timer(DUE)
def step_due(context: Context, subject: str, _step: int) -> None:
    """Tell whoever a step belongs to, or whoever leads, that it is due now."""
    ref, _, name = subject.partition(" ")
    crisis, task = context.store.crises.take(ref), context.store.crisis_tasks.take(ref, name)
    if crisis is None or not crisis.is_open or task is None or task.done_at:
        return
    context.note(subject, due=True)
    title = f"{crisis.ref}: {task.name} is due now"
    says = "It is yours." if task.owner else "Nobody has it. Give it to somebody."
    card = Card(title, Text(says), *step_words(context, crisis, task)[1:])
    tell(context, crisis, f"dm:{task.owner or leader(context, crisis)}", card)
    show(context, crisis)


@board("plan", order=30)
def on_the_board(context: Context, crisis: Crisis) -> list[Word]:
    """How far the current window is, and what is late or nobody's, by name."""
    window = current_window(context, crisis)
    if window is None:
        return []
    tasks = [one for one in context.store.crisis_tasks.of(crisis.ref) if one.window == window]
    done = sum(one.done_at is not None for one in tasks)
    lines = [step_line(context, one) for one in pressing(context, crisis)]
    return [Text(f"{window_name(context, window)}: {done} of {len(tasks)} steps done."), Items(*lines)]


@brief("plan")
def steps_open(context: Context, crisis: Crisis) -> list[str]:
    """The steps that are late, nobody's or next."""
    return [step_line(context, one) for one in pressing(context, crisis)]
