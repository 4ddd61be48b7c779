"""Feedback openings: to whom a resident's contact is open, and how those who may open it to others."""

from datetime import datetime, timedelta

from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.context import Context
from handlers.kit.here import who_is_here
from handlers.kit.policy import may, roles_with
from handlers.kit.time.calendar import spoken_date
from storage.feedback.records import Item

AFTER_CLOSING = timedelta(days=30)  # in which the resident is answered, and it is seen whether that holds
SEES_ALL = "contact.see-all"


def departments_of(city: City, person: Person) -> list[str]:
    """The departments that somebody belongs to or heads."""
    return [
        department.id
        for department in city.departments.values()
        if department.id == person.department or department.head == person.id
    ]


def departments_that_see(context: Context, item: Item) -> list[str]:
    """The departments to which a contact is open: the one it was logged for, and where they routed it; not those that
    the city has dropped, and none when it was closed a while ago."""
    if not _is_live(context, item):
        return []
    opened = [opened.department for opened in context.store.feedback.contact_departments.of(item.number)]
    return [one for one in (item.first_department or "", *opened) if one in context.city.departments]


def sees_by_department(context: Context, person: Person, item: Item) -> bool:
    """Whether a contact is open to somebody's department; they may open it to others."""
    return not set(departments_of(context.city, person)).isdisjoint(departments_that_see(context, item))


def sees(context: Context, person: Person, item: Item) -> bool:
    """Whether a contact is open to somebody: who logged it, who is in a department that sees it, to whom such a one
    gave the item or opened it, and who may see all contacts. An absence opens nothing."""
    if person.id == item.created_by or may(person.all_roles, SEES_ALL) or sees_by_department(context, person, item):
        return True
    return person.id in (_given(context, item), *agreed(context, item))


def who_sees(context: Context, item: Item) -> str:
    """The same in words: Water and Sewer, Owen Fitzroy and the city manager."""
    departments = [context.city.departments[one].name for one in departments_that_see(context, item)]
    given = _given(context, item)
    people = dict.fromkeys([*([given] if given else []), item.created_by])
    once = [f"{context.name(one)} until {_day(context, until)}" for one, until in agreed(context, item).items()]
    roles = [f"the {role}" for role in roles_with(SEES_ALL)]
    *most, last = [*departments, *(context.name(person) for person in people), *once, *roles]
    return f"{', '.join(most)} and {last}"


def agreed(context: Context, item: Item) -> dict[str, datetime]:
    """Those to whom a department has opened a contact for a time, and until when."""
    if not _is_live(context, item):
        return {}
    holding = context.store.feedback.contact_requests.holding(item.number, context.now)
    return {asked.person: asked.until for asked in holding if asked.until}


def open_to(context: Context, item: Item, department: str, by: Person, *, logger: bool = False) -> bool:
    """Open a contact to a department that answers from now on; False when ``by`` may not, and it stays as it was.

    ``logger`` says that the person who logged it may do so too: they named the department to begin with.
    """
    if not (sees_by_department(context, by, item) or (logger and by.id == item.created_by)):
        return False
    if department not in departments_that_see(context, item):
        context.store.feedback.contact_departments.add(item.number, department, by.id, context.now)
        context.audit(item.ref, contact="opened", department=department)
    return True


def given_by_department(context: Context, item: Item, owner: str, by: Person) -> str | None:
    """To whom a contact is open by being given the item: its new owner, if ``by`` gives it for a department."""
    return owner if owner != by.id and sees_by_department(context, by, item) else None


def _given(context: Context, item: Item) -> str | None:
    """Somebody to whom a department gave the item, while it is theirs and they work here."""
    if item.given_to is None or item.given_to != item.owner or not _is_live(context, item):
        return None
    return item.given_to if item.given_to in who_is_here(context) else None


def _is_live(context: Context, item: Item) -> bool:
    """Whether an item is open, or was closed so recently that its resident may still be written to."""
    if item.closed_at is None:
        return item.state == "open"
    return item.state == "closed" and context.now - item.closed_at < AFTER_CLOSING


def _day(context: Context, moment: datetime) -> str:
    return spoken_date(context.city.calendar.today(moment))
