"""Crisis carried on: a crisis that was reopened goes on with the actions that its steps became before."""

from collections.abc import Iterable

from handlers.kit.context import Context
from handlers.kit.lists import listed
from storage.actions.records import Action
from storage.crisis.records import Crisis


def actions_of(context: Context, crisis: Crisis) -> list[Action]:
    """The actions about a crisis and about those from which it goes on, oldest first."""
    return context.store.actions.records.about_any(context.store.crisis.records.chain(crisis))


def actions_already(context: Context, crisis: Crisis) -> dict[str, Action]:
    """What open steps became at the end of a crisis from which this one goes on, by the step: what is still to be done,
    and what was done or dropped since this one began."""
    _, *before = context.store.crisis.records.chain(crisis)
    if not before:
        return {}
    steps = context.store.crisis.tasks
    left = {task.step for task in steps.of(crisis.ref) if task.done_at is None}
    known = {action.ref: action for action in actions_of(context, crisis) if _counts(action, crisis)}
    found: dict[str, Action] = {}
    for task in (task for ref in before for task in steps.of(ref)):
        if task.step in left and task.action in known:
            found.setdefault(task.step, known[task.action])
    return found


def _counts(action: Action, crisis: Crisis) -> bool:
    """What was done or dropped before a crisis began may have to be done again."""
    return action.settled_at is None or action.settled_at >= crisis.created_at


def already_line(actions: Iterable[Action]) -> str:
    """The steps that are actions already, in one line."""
    named = [
        f"{action.what} ({action.ref}{'' if action.state == 'open' else f', {action.state}'})" for action in actions
    ]
    return f"These steps are actions already: {listed(named)}"
