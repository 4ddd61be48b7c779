"""Crisis roles passed on: who does each role's work is said whenever that changes, to all whom it concerns."""

from functools import partial

from handlers.crisis.command.handover import brief, brief_lines
from handlers.crisis.command.stand_ins import FREES, passed_on_card, why_words
from handlers.crisis.leading import ask_for, leader, on_duty_by_role
from handlers.crisis.record import RoleOf, room_link, stamped, tell, tell_room, write
from handlers.kit.city.crisis import COMMANDER, CrisisRole
from handlers.kit.context import Context
from handlers.kit.duty import SILENT, UNREACHABLE, Asked
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Heading, Items, Text
from storage.crisis.records import Crisis
from storage.crisis.roles import Holding


def look_at_roles(context: Context, crisis: Crisis) -> None:
    """Announce who does the work of each held role, where that has changed since the last announcement."""
    holdings = [holding for holding in context.store.crisis.roles.of(crisis.ref) if holding.ended_at is None]
    duty = on_duty_by_role(context, crisis, {holding.role: holding.person for holding in holdings})
    for holding in holdings:
        role, asked = context.city.crisis.roles.get(holding.role), duty[holding.role]
        now = asked.person if asked.why else None
        if role is not None and now != holding.stands_in:
            context.apart("crisis role", partial(_pass_on, context, crisis, holding, role, asked), about=role.id)


def _pass_on(context: Context, crisis: Crisis, held: Holding, role: CrisisRole, asked: Asked) -> None:
    """Pass a role's work to somebody else, or back; tell both of them, the room and who is above."""
    before = held.stands_in
    context.store.crisis.roles.pass_on(held, asked.person if asked.why else None, asked.why)
    context.audit(crisis.ref, role=role.id, asked=asked.person, why=asked.why)
    if asked.why is None:
        _is_back(context, crisis, held, role)
        return
    why = why_words(context, crisis, asked)
    write(context, crisis, f"{context.name(held.person)} {why}; {context.name(asked.person)} stands in as {role.name}.")
    card = passed_on_card(context, crisis, role, asked)
    tell_room(context, crisis, card)
    ask_for(context, crisis, asked.person, _orders(context, crisis, role, asked, why))
    if asked.why in (SILENT, UNREACHABLE):
        here = Buttons(Button("I am here", "crisis.here", crisis.ref, style="primary"))
        tell(context, crisis, f"dm:{held.person}", card.with_words(here), priority="page")
    for person in _above(context, crisis, role) - {asked.person, held.person}:
        tell(context, crisis, f"dm:{person}", card, priority="page" if role.id == COMMANDER else "prompt")
    refresh_homes(context, [before, held.person, asked.person])


def _above(context: Context, crisis: Crisis, role: CrisisRole) -> set[str]:
    """Who is told when a role's work is passed on: the leader; for the commander's, the city manager."""
    if role.id == COMMANDER:
        return {context.duties.seat("city_manager").person or leader(context, crisis)}
    return {leader(context, crisis)}


def _is_back(context: Context, crisis: Crisis, held: Holding, role: CrisisRole) -> None:
    name = context.name(held.person)
    write(context, crisis, f"{name} is back as {role.name}.")
    card = stamped(crisis, Card(f"{crisis.ref}: {name} is {role.name} again", Text(crisis.what)))
    tell_room(context, crisis, card)
    for person in (held.person, held.stands_in):
        if person and not context.duties.is_gone(person):
            tell(context, crisis, f"dm:{person}", card)
    refresh_homes(context, [held.person, held.stands_in])


def _orders(context: Context, crisis: Crisis, role: CrisisRole, asked: Asked, why: str) -> Card:
    """The card for somebody who does a role's work from now on: for whom, why, and what is open."""
    lines = brief_lines(context, crisis)
    take = Button(f"Take {role.name}", "crisis.take", RoleOf(crisis.ref, role.id), style="primary")
    return Card(
        f"{crisis.ref}: you are asked to act as {role.name}",
        Text(crisis.what),
        Text(f"{context.name(asked.instead_of)} {why}. {_until(role, asked.why)}"),
        Heading("Do this first"),
        Items(*role.instructions),
        *((brief(crisis, lines),) if lines else ()),
        Buttons(*((take,) if asked.why in FREES else ()), Button.say("Show the plan", f"crisis plan {crisis.ref}")),
        Text("Only you can see this. Post everything about the crisis in ", room_link(context, crisis), "."),
    )


def _until(role: CrisisRole, why: str | None) -> str:
    does = "You lead" if role.id == COMMANDER else f"You do the work of {role.name}"
    until = {SILENT: "until they do", UNREACHABLE: "until they act"}.get(why or "", "for now")
    return f"{does} {until}."
