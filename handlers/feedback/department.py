"""Feedback department: which department answers an item, where, and who in it."""

from handlers.feedback.clock import department_of
from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.context import Context
from storage.feedback.items import Item
from storage.feedback.lists import Theirs


def department_id(city: City, item: Item) -> str | None:
    """The department that answers; None when the city no longer has it."""
    return department_of(city, item.category, item.department)


def department_name(city: City, item: Item) -> str:
    """The department's name; where the city has it no more, the id that the item names, and that it is gone."""
    department = department_id(city, item)
    gone = item.department or item.first_department or item.category
    return city.departments[department].name if department else f"{gone} (no longer in the city's files)"


def place_of(city: City, item: Item) -> str:
    """The place of the department that answers; ``feedback`` when the city no longer has it."""
    department = department_id(city, item)
    return city.departments[department].place if department else "feedback"


def responsible(context: Context, item: Item) -> list[str]:
    """The people whose home may show the item: the department that answers, its owner, and who closed it."""
    department = department_id(context.city, item)
    people = [person.id for person in context.city.in_department(department)] if department else []
    return [*people, *(person for person in (item.owner, item.closed_by) if person)]


def answers_for(context: Context, person: Person, item: Item) -> bool:
    """Whether somebody answers the item: they are its owner, or in its department."""
    department = department_id(context.city, item)
    return person.id == item.owner or bool(department and person in context.city.in_department(department))


def theirs(city: City, department: str) -> Theirs:
    """The search terms for what a department answers."""
    return Theirs(
        department, tuple(category.id for category in city.categories.values() if category.department == department)
    )


def is_here(context: Context, person: str) -> bool:
    """Whether somebody still works for the city and can be reached."""
    return not context.duties.is_gone(person)


def present(context: Context, person: str | None) -> str | None:
    """Somebody, or their stand-in while they are away; None when there is none or they have left."""
    asked = context.duties.of(person).person if person else None
    return asked if person and (asked == person or asked in context.duties.deputies(person)) else None


def head_of(context: Context, item: Item) -> str | None:
    """The head of the department that answers, or their stand-in."""
    department = department_id(context.city, item)
    if department is None:
        return None
    return context.duties.head(department).person
