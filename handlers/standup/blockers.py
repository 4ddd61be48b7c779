"""Blockers: what is in people's way, who is asked when they cannot be, and how to give or close one."""

from collections.abc import Collection, Mapping

from handlers.kit.context import Context, Request
from handlers.kit.contributions import held, todo
from handlers.kit.errors import UserError
from handlers.kit.held import Held
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Card, Note, Text
from handlers.kit.moved import falls_to, for_whom
from handlers.kit.persons import Persons
from handlers.kit.registry import action
from handlers.kit.waiting import Task, Waiting
from handlers.standup.cards import show
from storage.standup.blockers import Blocker


def _holders(context: Context) -> Collection[str]:
    return {blocker.person for blocker in context.store.standup.blockers.open()}


def _give(request: Request, one: Held, to: str) -> None:
    blocker = request.store.standup.blockers.take(one.ref)
    if blocker is not None and blocker.state == "open":
        request.store.standup.blockers.give(blocker, to)
        request.audit(one.ref, to=to)
        refresh_homes(request, [one.holder, to])


@held("blockers", holders=_holders, move=_give, order=16)
def blockers_of(context: Context, persons: Collection[str]) -> list[Held]:
    """The open blockers of people."""
    teams = context.city.teams
    return [
        Held(
            blocker.ref, f"{blocker.ref} {blocker.what}", blocker.person, _department(context, blocker.person), blocker
        )
        for blocker in context.store.standup.blockers.open()
        if blocker.person in persons and blocker.team in teams
    ]


@todo("blockers of others", order=26)
def blockers_of_others(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """The blockers of those who cannot be asked, for the people who are asked instead."""
    return {
        person: Waiting(
            f"Blockers of people who cannot be asked: {len(moved)}",
            [
                Task(item.ref, f"{item.line}{for_whom(context, item)}", (Button("Solved", "blocker.close", item.ref),))
                for item in moved
            ],
        )
        for person, moved in falls_to(context, "blockers", persons).items()
    }


@action("blocker.close", needs="blocker.close")
def close_blocker(request: Request, value: str) -> Card:
    """Close a blocker."""
    known = request.store.standup.blockers.find(value)
    last = request.store.standup.records.last_opened(known.team) if known else None
    standup = request.store.standup.records.take(last.ref) if last else None  # taken first, as when answering
    blocker = request.store.standup.blockers.take(value)
    if blocker is None:
        raise UserError(f'There is no blocker "{value}".')
    if blocker.closed_at:
        when = request.calendar.spoken(blocker.closed_at)
        who = Note(f"{request.name(blocker.closed_by)} closed it on {when}.")
        return Card(f"{blocker.ref} is closed already", Text(blocker.what), who)
    blocker = request.store.standup.blockers.close(blocker, by=request.person.id, at=request.now)
    request.audit(blocker.ref, state=blocker.state)
    if standup and standup.team in request.city.teams:
        show(request, standup, [blocker.person])
    _tell(request, blocker)
    return Card(f"Closed {blocker.ref}", Text(blocker.what), Note("Nobody is asked about it again."))


def _tell(request: Request, blocker: Blocker) -> None:
    """Tell the person who had a blocker that somebody else has closed it."""
    if blocker.person != request.person.id:
        closed = f"{request.person.name} closed {blocker.ref} “{blocker.what}”."
        line = f"{closed} Still a problem? Name it again in your next stand-up."
        request.tell(blocker.person, line, blocker.ref)


def _department(context: Context, person: str) -> str | None:
    known = context.city.people.get(person)
    return known.department if known else None
