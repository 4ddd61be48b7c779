"""Crisis asked: which roles somebody is called for, and whether they are still needed."""

from collections.abc import Mapping
from typing import Literal

from handlers.crisis.record import UNABLE, RoleOf
from handlers.crisis.rights import may_command
from handlers.kit.city.crisis import COMMANDER, CrisisRole
from handlers.kit.context import Context, Request
from handlers.kit.messages import Button
from storage.crisis.pages import Page
from storage.crisis.records import Crisis

Pages = Mapping[str, Page]  # of one crisis, by person
Held = Mapping[str, str]  # who has which role of it, by role


def roles_asked(context: Context, page: Page, pages: Pages | None = None) -> list[CrisisRole]:
    """The roles that somebody is called for: their own, and those of everybody up the chain of people they stand in
    for; commander only if they may become it. ``pages`` are those of the crisis by person, where they are known."""
    persons, above = [page.person], page.instead_of
    while above and above not in persons:
        persons.append(above)
        known = context.store.crisis.pages.find(page.crisis, above) if pages is None else pages.get(above)
        above = known.instead_of if known else None
    asked = [role for role in context.city.crisis.role if not set(persons).isdisjoint(role.people)]
    return asked if may_command(context.city, page.person) else [role for role in asked if role.id != COMMANDER]


def needed(context: Context, crisis: Crisis, page: Page, pages: Pages, held: Held) -> bool:
    """Whether somebody is still needed: who has a role or raised the alarm is; others are not once each role that they
    are asked for, where one is enough, has somebody. Who only comes may take another role, or none."""
    if page.person == crisis.created_by or page.person in held.values():
        return True
    roles = roles_asked(context, page, pages)
    return not roles or any(role.answer == "all" or not _taken(context, role, pages, held) for role in roles)


def lacks(context: Context, page: Page, pages: Pages) -> bool:
    """Whether a role that somebody is asked for has nobody who comes, so that a deputy is called."""
    roles = roles_asked(context, page, pages)
    return not roles or any(role.answer == "all" or not _filled(context, role, pages) for role in roles)


def _taken(context: Context, role: CrisisRole, pages: Pages, held: Held) -> bool:
    """Whether somebody has a role; who was given it and is silent only counts while another comes for it."""
    holder = held.get(role.id)
    if holder is None or context.duties.is_gone(holder):
        return False
    page = pages.get(holder)
    if page is not None and page.answer is None:
        return _filled(context, role, pages)
    return page is None or page.answer not in UNABLE


def _filled(context: Context, role: CrisisRole, pages: Pages) -> bool:
    coming = (page for page in pages.values() if page.answer == "coming" and not context.duties.is_gone(page.person))
    return any(role in roles_asked(context, page, pages) for page in coming)


def is_called_too(context: Context, page: Page) -> bool:
    """Whether somebody is called for themselves, apart from standing in for another."""
    return page.person in context.city.crisis_team


def own_role(request: Request, crisis: Crisis) -> CrisisRole | None:
    """The free role that somebody is asked to take; None where they have one already, or are asked for none."""
    held = request.store.crisis.roles.held(crisis.ref)
    page = request.store.crisis.pages.find(crisis.ref, request.person.id)
    if page is None or not crisis.is_open or request.person.id in held.values():
        return None
    return next((role for role in roles_asked(request, page) if role.id not in held), None)


def take_button(crisis: Crisis, role: CrisisRole) -> Button:
    """The button to take a role; before the start, confirming it comes first."""
    style: Literal["plain", "primary"] = "plain" if crisis.state == "alarm" else "primary"
    return Button(f"Take {role.name}", "crisis.take", RoleOf(crisis.ref, role.id), style=style)
