"""Crisis goes on: those who end a crisis choose which steps of its plan become actions."""

from handlers.crisis.afterwards.carried import actions_already
from handlers.crisis.afterwards.end_question import show_question
from handlers.crisis.afterwards.still_open import GoesOn, due_after, going_on, open_steps, owners_after
from handlers.crisis.choice import which_crisis
from handlers.crisis.record import stamped
from handlers.kit.context import Request
from handlers.kit.errors import UserError
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Card, Check, Checks, Note, Text
from handlers.kit.registry import action
from storage.crisis.records import Crisis


@action("crisis.what-goes-on", needs="crisis.standdown", reads_only=True)
def choose(request: Request, value: str) -> Card:
    """Choose which steps go on after a crisis."""
    return _choice(request, which_crisis(request, value, is_open=True, taken=False))


@action("crisis.goes-on", needs="crisis.standdown", replaces=True, carries=GoesOn)
def goes_on(request: Request, value: GoesOn) -> Card:
    """Say whether a step goes on after the crisis."""
    crisis = which_crisis(request, value.crisis, is_open=True)
    task = request.store.crisis.tasks.take(crisis.ref, value.step)
    if task is None:
        raise UserError(f"{crisis.ref} has no such step. Look at its plan with: crisis plan {crisis.ref}")
    if task.done_at is None and task.goes_on != (value.answer == "yes"):
        request.store.crisis.tasks.change(task, goes_on=value.answer == "yes")
        request.audit(f"{crisis.ref} step {task.step}", goes_on=value.answer)
        show_question(request, crisis)
    return _choice(request, crisis)


def _choice(request: Request, crisis: Crisis) -> Card:
    """Each open step, whether it goes on, with whom and until when, and the button to change that where it is no action
    already."""
    steps, on = open_steps(request, crisis), {task.step for task in going_on(request, crisis)}
    if not steps:
        return stamped(crisis, Card(f"{crisis.ref}: every step of the plan is done"))
    checks, already = [], actions_already(request, crisis)
    owners = owners_after(request, crisis, steps)
    for task in steps:
        if action := already.get(task.step):
            label = f"{task.name}: already action {action.ref}"
            checks.append(Check(label=label, done=True, button=Button.say("Show", f"action show {action.ref}")))
            continue
        goes = task.step in on
        whose = f"{request.name(owners[task.step])}, due {request.calendar.spoken_date(due_after(request, task))}"
        label = f"{task.name}: {f'goes on, {whose}' if goes else 'ends with the crisis'}"
        change = GoesOn(crisis.ref, "no" if goes else "yes", task.step)
        checks.append(
            Check(label=label, done=goes, button=Button("End it" if goes else "Go on", "crisis.goes-on", change))
        )
    title = f"{crisis.ref}: {len(on) + len(already)} of {counted(len(steps), 'open step goes on', 'open steps go on')}"
    return stamped(
        crisis,
        Card(
            title,
            Text("What goes on becomes an action about the crisis as soon as a second person agrees to the end."),
            Checks(*checks),
            Note("An action can be given to somebody else or moved to another day afterwards."),
        ),
    )
