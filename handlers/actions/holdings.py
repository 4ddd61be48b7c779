"""Action holdings: the open actions that people are to do: in their home and digest, and when they are handed over."""

from collections.abc import Collection, Mapping, Sequence

from handlers.actions.changes import change_action
from handlers.actions.record import HELD, action_line, action_status
from handlers.kit.context import Context, Request
from handlers.kit.contributions import held, todo
from handlers.kit.held import Held
from handlers.kit.links import prefix_of, show_button
from handlers.kit.messages import Button
from handlers.kit.moved import falls_to, for_whom
from handlers.kit.persons import Persons
from handlers.kit.waiting import Task, Waiting
from storage.actions.records import Action


@todo("actions", order=21)
def own_actions(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """The actions that people are to do, the nearest due first."""
    own = context.store.actions.records.owed_by_each(persons.ids)
    moved = falls_to(context, HELD, persons)
    return {person: _owed(context, person, own.get(person, ()), moved.get(person, ())) for person in {**own, **moved}}


def _owed(context: Context, person: str, own: Sequence[Action], moved: Sequence[Held]) -> Waiting:
    owed = [*((action, "") for action in own), *((held.record, for_whom(context, held)) for held in moved)]
    tasks = [
        Task(
            action.ref,
            f"{prefix_of(context, action.about)}{action_line(context, action, as_task=True)}{whose}",
            _buttons(action),
            due=action.due_on,
            owner=person,
            daily=True,
            status=action_status(context, action),
        )
        for action, whose in owed
    ]
    return Waiting(f"Your actions: {len(tasks)}, the nearest due first", tasks, "action list mine")


def _buttons(action: Action) -> tuple[Button, ...]:
    way = show_button(action.about) if action.about else None
    return (Button.say("Done", f"action done {action.ref}"), *((way,) if way else ()))


def _owners(context: Context) -> Collection[str]:
    return context.store.actions.records.owners()


def _give(request: Request, held: Held, to: str) -> None:
    action = request.store.actions.records.take(held.ref)
    if action is not None and action.state == "open":
        change_action(request, action, "given", request.person.id, owner=to)


@held(HELD, holders=_owners, move=_give, order=11)
def actions_of(context: Context, persons: Collection[str]) -> list[Held]:
    """The open actions that people are to do."""
    found = context.store.actions.records.owed_by_any(persons)
    return [Held(action.ref, action_line(context, action), str(action.owner), None, action) for action in found]
