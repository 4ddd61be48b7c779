"""Blockers: what is in people's way, who is asked when they cannot be, and how to give it to somebody else."""

from collections.abc import Collection, Mapping

from handlers.kit.context import Context, Request
from handlers.kit.contributions import held, todo
from handlers.kit.held import Held
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button
from handlers.kit.moved import falls_to, for_whom
from handlers.kit.persons import Persons
from handlers.kit.waiting import Task, Waiting


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
            f"In the way of people who cannot be asked: {len(moved)}",
            [
                Task(item.ref, f"{item.line}{for_whom(context, item)}", (Button("Solved", "blocker.close", item.ref),))
                for item in moved
            ],
        )
        for person, moved in falls_to(context, "blockers", persons).items()
    }


def _department(context: Context, person: str) -> str | None:
    known = context.city.people.get(person)
    return known.department if known else None
