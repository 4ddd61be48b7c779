"""Feedback openings: who may see a resident's contact, and how they can open it to others."""

from datetime import datetime, timedelta

from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.context import Context
from handlers.kit.here import who_is_here
from handlers.kit.lists import listed
from handlers.kit.policy import may, roles_with
from storage.feedback.items import Item

AFTER_CLOSING = timedelta(days=30)  # time to answer the resident and to see whether the problem stays fixed
SEES_ALL = "contact.see-all"


def departments_of(city: City, person: Person) -> list[str]:
    """The departments that somebody belongs to or heads."""
    return [
        department.id
        for department in city.departments.values()
        if department.id == person.department or department.head == person.id
    ]


def departments_that_see(context: Context, item: Item) -> list[str]:
    """The departments that may see a contact: the one it was logged for, and those it was routed to by people who may;
    not departments that the city has dropped, and none once the item was closed a while ago."""
    if not _is_live(context, item):
        return []
    opened = [opened.department for opened in context.store.feedback.contact_departments.of(item.number)]
    return [
        department for department in (item.first_department or "", *opened) if department in context.city.departments
    ]


def sees_by_department(context: Context, person: Person, item: Item) -> bool:
    """Whether somebody's department may see a contact; they may then open it to others."""
    return not set(departments_of(context.city, person)).isdisjoint(departments_that_see(context, item))


def sees(context: Context, person: Person, item: Item) -> bool:
    """Whether somebody may see a contact: they logged it, are in a department that sees it, were given the item or the
    contact by such a department, or may see all contacts. Standing in for somebody does not open it."""
    if person.id == item.created_by or may(person.all_roles, SEES_ALL) or sees_by_department(context, person, item):
        return True
    return person.id in (_given(context, item), *agreed(context, item))


def who_sees(context: Context, item: Item) -> str:
    """Say who may see a contact: Water and Sewer, Owen Fitzroy and the city manager."""
    departments = [context.city.departments[department].name for department in departments_that_see(context, item)]
    given = _given(context, item)
    people = dict.fromkeys([*([given] if given else []), item.created_by])
    once = [f"{context.name(person)} until {_day(context, until)}" for person, until in agreed(context, item).items()]
    roles = [f"the {role}" for role in roles_with(SEES_ALL)]
    return listed([*departments, *(context.name(person) for person in people), *once, *roles])


def open_to_words(context: Context, item: Item) -> str:
    """The sentence that says it."""
    return f"The contact of {item.ref} is open to {who_sees(context, item)}."


def agreed(context: Context, item: Item) -> dict[str, datetime]:
    """The people to whom a department has opened a contact for a time, and until when."""
    if not _is_live(context, item):
        return {}
    holding = context.store.feedback.contact_requests.holding(item.number, context.now)
    return {asked.person: asked.until for asked in holding if asked.until}


def open_to(context: Context, item: Item, department: str, by: Person, *, logger: bool = False) -> bool:
    """Open a contact to the department that answers from now on; False, and unchanged, when ``by`` may not.

    With ``logger``, the person who logged the item may open it too: they chose the department to begin with.
    """
    if not (sees_by_department(context, by, item) or (logger and by.id == item.created_by)):
        return False
    if department not in departments_that_see(context, item):
        context.store.feedback.contact_departments.add(item.number, department, by.id, context.now)
        context.audit(item.ref, contact="opened", department=department)
    return True


def given_by_department(context: Context, item: Item, owner: str, by: Person) -> str | None:
    """The new owner, if giving them the item opens its contact: ``by`` is in a department that sees it; else None."""
    return owner if owner != by.id and sees_by_department(context, by, item) else None


def _given(context: Context, item: Item) -> str | None:
    """The person to whom a department gave the item, while they have it and work here."""
    if item.given_to is None or item.given_to != item.owner or not _is_live(context, item):
        return None
    return item.given_to if item.given_to in who_is_here(context) else None


def _is_live(context: Context, item: Item) -> bool:
    """Whether an item is open, or was closed so recently that people may still write to its resident."""
    if item.closed_at is None:
        return item.state == "open"
    return item.state == "closed" and context.now - item.closed_at < AFTER_CLOSING


def _day(context: Context, moment: datetime) -> str:
    return context.spoken_day(context.calendar.today(moment))
