"""Crisis steps: people take a step of the plan, give it to another person, and say when it is done."""

from collections.abc import Mapping

from handlers.crisis.choice import in_team, outsider, which_crisis
from handlers.crisis.command.plan import DUE, StepFrom, is_late, show_step, step_buttons, step_line, window_card
from handlers.crisis.record import as_drill, stamped, tell, write
from handlers.crisis.shown import for_reader
from handlers.crisis.step import StepOf, step_of, step_ref
from handlers.kit.context import Context, Request
from handlers.kit.contributions import todo
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, PersonId, ask
from handlers.kit.here import still_here
from handlers.kit.home import refresh_homes
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Text
from handlers.kit.moved import falls_to, for_whom
from handlers.kit.persons import Persons
from handlers.kit.registry import action
from handlers.kit.settled import settled
from handlers.kit.waiting import Task, Waiting
from storage.crisis.records import Crisis
from storage.crisis.tasks import CrisisTask


class Done(Form):
    note: str | None = ask("What is worth knowing about it?", default=None, max_length=500, long=True)


class Give(Form):
    person: PersonId = ask("Who does it?")


@action("crisis.step-mine", needs="crisis.answer", replaces=True, carries=StepOf)
def take_step(request: Request, value: StepOf) -> Card:
    """Take a step of the plan; one that somebody else has is taken over only when that was seen."""
    return _take(request, *_open_step(request, value), seen=None)


@action("crisis.step-over", needs="crisis.answer", replaces=True, carries=StepFrom)
def take_step_over(request: Request, value: StepFrom) -> Card:
    """Take a step over from somebody."""
    crisis, task = _open_step(request, StepOf(value.crisis, value.step))
    return _take(request, crisis, task, seen=value.owner)


@action("crisis.step-give", needs="crisis.answer", asks=Give, carries=StepOf)
def give_step(request: Request, value: StepOf, form: Give) -> Card:
    """Give a step to somebody."""
    crisis, task = _open_step(request, value)
    still_here(request, "person", form.person)
    card = _owned(request, crisis, task, form.person)
    if form.person != request.person.id:
        by = Text(f"{request.person.name} has given it to you. It is due {request.calendar.spoken(task.due_at)}.")
        told = Card(
            f"{crisis.ref}: {task.name} is yours",
            Text(crisis.what),
            by,
            Buttons(*step_buttons(task)),
        )
        tell(request, crisis, f"dm:{form.person}", told, priority="page")
    return card


@action("crisis.step-done", needs="crisis.answer", asks=Done, carries=StepOf)
def finish_step(request: Request, value: StepOf, form: Done) -> Card:
    """Mark a step as done."""
    crisis, task = _open_step(request, value)
    task = request.store.crisis.tasks.change(task, done_by=request.person.id, done_at=request.now, note=form.note)
    request.audit(step_ref(task), done=True)
    request.cancel(DUE, step_ref(task))
    settled(request, step_ref(task), f"done by {request.person.name}")
    show_step(request, crisis, task)
    write(request, crisis, f"done: {task.name}{f'. {form.note}' if form.note else ''}", by=request.person.id)
    refresh_homes(request, [task.owner])
    return for_reader(request, crisis, window_card(request, crisis, task.window))


@action("crisis.step-undo", needs="crisis.answer", replaces=True, carries=StepOf)
def undo_step(request: Request, value: StepOf) -> Card:
    """Say that a step is not done after all."""
    crisis, task = _step(request, value)
    if task.done_at is None:
        raise UserError(f'"{task.name}" is not done yet. Nothing was changed.')
    task = request.store.crisis.tasks.change(task, done_by=None, done_at=None, note=None)
    request.audit(step_ref(task), done=False)
    if task.due_at > request.now:
        seconds = int((request.now - crisis.created_at).total_seconds())
        request.schedule(DUE, step_ref(task), task.due_at, step=1 + seconds)  # one timer for each step number
    show_step(request, crisis, task)
    write(request, crisis, f"not done after all: {task.name}", by=request.person.id)
    refresh_homes(request, [task.owner])
    return for_reader(request, crisis, window_card(request, crisis, task.window))


@todo("crisis steps", order=12)
def own_steps(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Steps of active crises that people have to do."""
    steps = {
        person: [(task, "") for task in own] for person, own in context.store.crisis.tasks.open_of(persons.ids).items()
    }
    for person, moved in falls_to(context, "steps in crises", persons).items():
        steps.setdefault(person, []).extend((held.record, for_whom(context, held)) for held in moved)
    crises = context.store.crisis.records.those({task.crisis for own in steps.values() for task, _ in own})
    return {
        person: Waiting(
            "Your steps in a crisis",
            [_own_step(context, crises.get(task.crisis), task, person, whose) for task, whose in own],
            "crisis plan",
        )
        for person, own in steps.items()
    }


def _own_step(context: Context, crisis: Crisis | None, task: CrisisTask, person: str, whose: str) -> Task:
    line = as_drill(crisis, f"{task.crisis}: {step_line(context, task)}{whose}")
    done = Button("Done", "crisis.step-done", step_of(task))
    late = Status("critical", "late") if is_late(task, context.now) else None
    return Task(step_ref(task), line, (done,), due=context.calendar.today(task.due_at), owner=person, status=late)


def _take(request: Request, crisis: Crisis, task: CrisisTask, *, seen: str | None) -> Card:
    """Take a step; while somebody has it other than who was ``seen`` to have it, ask first."""
    if task.owner in (None, request.person.id, seen):
        return _owned(request, crisis, task, request.person.id)
    over = Button("Take it over", "crisis.step-over", StepFrom(task.crisis, task.owner or "", task.step))
    card = Card(
        f"{crisis.ref}: {request.name(task.owner)} has this step",
        Text(step_line(request, task)),
        Text(f"Nothing was changed. If you take it over, {request.name(task.owner)} is told."),
        Buttons(over, Button.say("Show the plan", f"crisis plan {crisis.ref}")),
    )
    return stamped(crisis, card)


def _owned(request: Request, crisis: Crisis, task: CrisisTask, person: str) -> Card:
    before, task = task.owner, request.store.crisis.tasks.change(task, owner=person, by_hand=True)
    request.audit(step_ref(task), owner=person)
    _tell_before(request, crisis, task, before)
    show_step(request, crisis, task)
    said = "takes" if person == request.person.id else f"gives {request.name(person)}"
    write(request, crisis, f"{said} the step {task.name}", by=request.person.id)
    refresh_homes(request, [before, person])
    return for_reader(request, crisis, window_card(request, crisis, task.window))


def _tell_before(request: Request, crisis: Crisis, task: CrisisTask, before: str | None) -> None:
    """Tell who had a step that somebody else has it now."""
    if before is None or before in (request.person.id, task.owner) or request.duties.is_gone(before):
        return
    by, to = request.person.name, request.name(task.owner)
    how = f"{by} has taken it over." if task.owner == request.person.id else f"{by} has given it to {to}."
    show = Buttons(Button.say("Show the plan", f"crisis plan {crisis.ref}"))
    card = Card(f"{crisis.ref}: {task.name} is with {to} now", Text(f"You had it. {how}"), show)
    tell(request, crisis, f"dm:{before}", card, priority="page")


def _step(request: Request, value: StepOf) -> tuple[Crisis, CrisisTask]:
    """Find a step for somebody who works on the crisis, or who was given the step."""
    crisis = which_crisis(request, value.crisis, is_open=True)
    task = request.store.crisis.tasks.take(crisis.ref, value.step)
    own = task is not None and task.owner == request.person.id
    if not own and not in_team(request, crisis, request.person):
        raise outsider(crisis)
    if task is None:
        raise UserError(f"{crisis.ref} has no such step. Look at its plan with: crisis plan {crisis.ref}")
    return crisis, task


def _open_step(request: Request, value: StepOf) -> tuple[Crisis, CrisisTask]:
    """Find a step that is not done; else raise UserError with who did it and when."""
    crisis, task = _step(request, value)
    if task.done_at:
        raise UserError(f"{step_line(request, task)}. If it is not done after all, say so in: crisis plan {crisis.ref}")
    return crisis, task
