"""Crisis handed on: each owner of steps that go on reads them in one message, which follows what becomes of them."""

from collections.abc import Sequence

from handlers.crisis.drawn import drawn_in_crisis
from handlers.crisis.record import stamped, tell
from handlers.kit.context import Context, Request
from handlers.kit.errors import NotNeeded
from handlers.kit.events import ACTION_CHANGED, on
from handlers.kit.messages import Button, Buttons, Card, Check, Checks, Text
from handlers.kit.time.calendar import spoken_date
from storage.actions.events import How
from storage.actions.records import Action
from storage.crisis.records import Crisis


def tell_owners(request: Request, crisis: Crisis, added: Sequence[Action]) -> None:
    """Tell everybody but the person who acts which steps are theirs from now on."""
    for person in dict.fromkeys(action.owner for action in added):
        if person and person != request.person.id:
            draws = f"crisis.handed-on {crisis.ref} {person}"
            tell(request, crisis, f"dm:{person}", _card(request, crisis, person), ref=_ref(crisis, person), draws=draws)


@drawn_in_crisis("crisis.handed-on", over=True)
def handed_on_again(context: Context, crisis: Crisis, person: str) -> Card:
    """The steps that go on with somebody, while one is open."""
    if all(action.state != "open" for action in _of(context, crisis, person)):
        raise NotNeeded(f"nothing of {crisis.ref} is left to do for {context.name(person)}")
    return _card(context, crisis, person)


@on(ACTION_CHANGED)
def show_what_became_of_it(context: Context, action: Action, _how: How, _by: str) -> None:
    """Bring the message up to date when one of its actions is done, dropped, moved or given to somebody else."""
    crisis = context.store.crisis.records.find(action.about) if action.about else None
    if crisis is None or all(task.action != action.ref for task in context.store.crisis.tasks.of(crisis.ref)):
        return
    events = context.store.actions.events.of(action.number)
    for person in dict.fromkeys([action.owner, *(event.owner for event in events)]):
        if person:
            context.refresh(_ref(crisis, person), stamped(crisis, _card(context, crisis, person)))


def _of(context: Context, crisis: Crisis, person: str) -> list[Action]:
    """The actions that steps of the plan became and that are somebody's."""
    steps = {task.action for task in context.store.crisis.tasks.of(crisis.ref)}
    found = context.store.actions.records.about(crisis.ref)
    return [action for action in found if action.ref in steps and action.owner == person]


def _card(context: Context, crisis: Crisis, person: str) -> Card:
    actions = _of(context, crisis, person)
    if not actions:
        return Card(f"{crisis.ref}: nothing of it is with you any more", Text(crisis.what))
    left = sum(action.state == "open" for action in actions)
    checks = Checks(*(_check(action) for action in actions))
    ways = Buttons(Button.say("Show the crisis", f"crisis status {crisis.ref}"))
    return Card(f"{crisis.ref} is over, and {left} of its steps go on with you", Text(crisis.what), checks, ways)


def _check(action: Action) -> Check:
    due = f", due {spoken_date(action.due_on)}" if action.due_on and action.state == "open" else ""
    done = Button.say("Done", f"action done {action.ref}") if action.state == "open" else None
    state = ", dropped" if action.state == "dropped" else ""
    return Check(label=f"{action.ref} {action.what}{due}{state}", done=action.state == "done", button=done)


def _ref(crisis: Crisis, person: str) -> str:
    """The reference of what somebody is told about the steps that go on with them."""
    return f"{crisis.ref} handed-on {person}"
