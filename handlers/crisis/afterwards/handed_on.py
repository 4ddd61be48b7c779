"""Crisis handed on: who has what goes on reads it in one message, which follows what becomes of it."""

from collections.abc import Sequence

from handlers.crisis.command.help import asks_help, help_wanted
from handlers.crisis.events import LEFT
from handlers.kit.context import Context
from handlers.kit.events import ACTION_CHANGED, emit, on
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Check, Checks, Fold, Heading, Word
from storage.actions.events import How
from storage.actions.records import Action
from storage.crisis.records import Crisis

IN_SIGHT = 4  # actions of one person; the rest is folded
MINE = Button.say("All of your actions", "action list mine")


def going_on_with(context: Context, crisis: Crisis) -> dict[str, list[Word]]:
    """What goes on as actions, by their owner."""
    theirs = dict[str, list[Action]]()
    for action in _of(context, crisis):
        if action.owner:
            theirs.setdefault(action.owner, []).append(action)
    return {person: _steps(context, actions) for person, actions in theirs.items()}


def _steps(context: Context, actions: Sequence[Action]) -> list[Word]:
    left = sum(action.state == "open" for action in actions)
    title = counted(left, "action is yours now", "actions are yours now")
    checks = [_check(context, action) for action in actions]
    shown, rest = checks[:IN_SIGHT], checks[IN_SIGHT:]
    fold = (Fold(f"{len(rest)} more", Checks(*rest), button=MINE),) if rest else ()
    return [Heading(title), Checks(*shown), *fold]


@on(ACTION_CHANGED)
def show_what_became_of_it(context: Context, action: Action, _how: How, _by: str) -> None:
    """Bring the message up to date when one of its actions is done, dropped, moved or given to somebody else."""
    crisis = context.store.crisis.records.find(action.about) if action.about else None
    if crisis is None or crisis.is_open or all(known.ref != action.ref for known in _of(context, crisis)):
        return
    events = context.store.actions.events.of(action.number)
    owners = [owner for owner in (action.owner, *(event.owner for event in events)) if owner]
    emit(LEFT, context, crisis, owners)


def _of(context: Context, crisis: Crisis) -> list[Action]:
    """The actions that steps of the plan and requests for help became."""
    steps = {task.action for task in context.store.crisis.tasks.of(crisis.ref)}
    helped = {help_wanted(context, one) for one in context.store.crisis.rollcalls.of(crisis.ref) if asks_help(one)}
    found = context.store.actions.records.about(crisis.ref)
    return [action for action in found if action.ref in steps or action.what in helped]


def _check(context: Context, action: Action) -> Check:
    due = f", due {context.calendar.spoken_date(action.due_on)}" if action.due_on and action.state == "open" else ""
    done = Button.say("Done", f"action done {action.ref}") if action.state == "open" else None
    state = ", dropped" if action.state == "dropped" else ""
    return Check(label=f"{action.ref} {action.what}{due}{state}", done=action.state == "done", button=done)
