"""Crisis handed on: each owner of steps that go on reads them in one message, which follows what becomes of them."""

from collections.abc import Iterable, Sequence

from handlers.crisis.drawn import drawn_in_crisis
from handlers.crisis.record import stamped
from handlers.crisis.to_many import tell_each
from handlers.kit.context import Context, Request
from handlers.kit.errors import NotNeeded
from handlers.kit.events import ACTION_CHANGED, on
from handlers.kit.messages import Button, Buttons, Card, Check, Checks, Text
from handlers.kit.speaking import Message
from storage.actions.events import How
from storage.actions.records import Action
from storage.crisis.records import Crisis


def tell_owners(request: Request, crisis: Crisis, added: Sequence[Action]) -> None:
    """Tell everybody but the person who acts which steps are theirs from now on."""
    owners = [action.owner for action in added if action.owner and action.owner != request.person.id]
    cards = _cards(request, crisis, owners)
    told = [
        Message(
            f"dm:{person}", card, _ref(crisis, person), "prompt", draws=f"crisis.handed-on {crisis.ref} {person}"
        )
        for person, card in cards.items()
    ]  # fmt: skip
    tell_each(request, crisis, told)


@drawn_in_crisis("crisis.handed-on", over=True)
def handed_on_again(context: Context, crisis: Crisis, person: str) -> Card:
    """The steps that go on with somebody, while one is open."""
    theirs = [action for action in _of(context, crisis) if action.owner == person]
    if all(action.state != "open" for action in theirs):
        raise NotNeeded(f"nothing of {crisis.ref} is left to do for {context.name(person)}")
    return _card(context, crisis, theirs)


@on(ACTION_CHANGED)
def show_what_became_of_it(context: Context, action: Action, _how: How, _by: str) -> None:
    """Bring the message up to date when one of its actions is done, dropped, moved or given to somebody else."""
    crisis = context.store.crisis.records.find(action.about) if action.about else None
    if crisis is None or all(task.action != action.ref for task in context.store.crisis.tasks.of(crisis.ref)):
        return
    events = context.store.actions.events.of(action.number)
    owners = [owner for owner in (action.owner, *(event.owner for event in events)) if owner]
    cards = _cards(context, crisis, owners)
    context.refresh_each({_ref(crisis, person): stamped(crisis, card) for person, card in cards.items()})


def _of(context: Context, crisis: Crisis) -> list[Action]:
    """The actions that steps of the plan became."""
    steps = {task.action for task in context.store.crisis.tasks.of(crisis.ref)}
    return [action for action in context.store.actions.records.about(crisis.ref) if action.ref in steps]


def _cards(context: Context, crisis: Crisis, owners: Iterable[str]) -> dict[str, Card]:
    """The message to each of these people, by person."""
    found = _of(context, crisis)
    return {person: _card(context, crisis, [action for action in found if action.owner == person]) for person in owners}


def _card(context: Context, crisis: Crisis, actions: Sequence[Action]) -> Card:
    if not actions:
        return Card(f"{crisis.ref}: nothing of it is with you any more", Text(crisis.what))
    left = sum(action.state == "open" for action in actions)
    checks = Checks(*(_check(context, action) for action in actions))
    ways = Buttons(Button.say("Show the crisis", f"crisis status {crisis.ref}"))
    return Card(f"{crisis.ref} is over, and {left} of its steps go on with you", Text(crisis.what), checks, ways)


def _check(context: Context, action: Action) -> Check:
    due = f", due {context.calendar.spoken_date(action.due_on)}" if action.due_on and action.state == "open" else ""
    done = Button.say("Done", f"action done {action.ref}") if action.state == "open" else None
    state = ", dropped" if action.state == "dropped" else ""
    return Check(label=f"{action.ref} {action.what}{due}{state}", done=action.state == "done", button=done)


def _ref(crisis: Crisis, person: str) -> str:
    """The reference of what somebody is told about the steps that go on with them."""
    return f"{crisis.ref} handed-on {person}"
