"""Crisis asked: which roles somebody is called for, and whether they are still needed."""

from collections.abc import Mapping

from handlers.crisis.rights import may_command
from handlers.kit.city.crisis import COMMANDER, CrisisRole
from handlers.kit.context import Context
from storage.crisis.pages import Page

Pages = Mapping[str, Page]  # of one crisis, by person


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


def needed(context: Context, page: Page, pages: Pages) -> bool:
    """Whether somebody's answer is still needed; not when others already come for roles that need only one person."""
    roles = roles_asked(context, page, pages)
    return not roles or any(role.answer == "all" or not _filled(context, role, pages) for role in roles)


def _filled(context: Context, role: CrisisRole, pages: Pages) -> bool:
    coming = (page for page in pages.values() if page.answer == "coming" and not context.duties.is_gone(page.person))
    return any(role in roles_asked(context, page, pages) for page in coming)


def is_called_too(context: Context, page: Page) -> bool:
    """Whether somebody is called for themselves, apart from standing in for another."""
    return page.person in context.city.crisis_team
