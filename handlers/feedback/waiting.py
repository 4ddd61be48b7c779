"""Waiting feedback: what people have to answer, and what is late in the departments that they head."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import time, timedelta

from handlers.feedback.card import is_late, item_row, item_status, short, show_button, state_words
from handlers.feedback.department import head_of, is_here, theirs
from handlers.feedback.openings import departments_of
from handlers.kit.city.model import City
from handlers.kit.context import Context
from handlers.kit.contributions import late, todo
from handlers.kit.messages import Button, Row
from handlers.kit.moved import falls_to
from handlers.kit.persons import Persons
from handlers.kit.waiting import SHOWN, Task, Waiting, for_each
from storage.feedback.items import Item
from storage.feedback.lists import Theirs, Wanted
from storage.feedback.waiting import OfWhom, Open, Soon
from storage.persons import by_key

MOST = 200  # due items that are listed for one person; nobody reads more


@todo("department's feedback", order=30)
def department_feedback(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """What people have to answer: their own, and what nobody in their department has taken; longest waiting first."""
    city, departments = context.city, persons.departments()
    gone = [owner for owner in context.store.feedback.lists.owners() if not is_here(context, owner)]
    left = [owner for owner in gone if persons.ids is None or owner not in persons.ids]
    asked = OfWhom(persons.ids, departments, left, _soon(context), SHOWN, MOST)
    own, shared = context.store.feedback.waiting.of(_every(city), asked)
    moved, found = falls_to(context, "feedback", persons), dict[str, Waiting]()
    for department, nobodys in shared.items():
        found |= for_each(persons.in_department(department), _waiting(context, None, [nobodys], ()))
    heads = (city.departments[department].head for department in departments)
    for person in filter(persons.__contains__, dict.fromkeys([*own, *moved, *heads])):
        parts = _of_person(city, person, own, shared)
        found[person] = _waiting(context, person, parts, [held.record for held in moved.get(person, ())])
    return found


def _of_person(city: City, person: str, own: Mapping[str, Open], shared: Mapping[str, Open]) -> list[Open]:
    """What somebody has, and what nobody in their departments has."""
    known = city.people.get(person)
    departments = departments_of(city, known) if known else []
    return [kept for kept in (own.get(person), *map(shared.get, departments)) if kept is not None]


def _waiting(context: Context, person: str | None, parts: Sequence[Open], moved: Sequence[Item]) -> Waiting:
    """What waits for somebody, or for all of a department who have nothing of their own."""
    open_items, soon = _once(item for part in parts for item in part.items), _soon(context)
    due = [item for item in open_items if soon.has(item)][:MOST]  # beyond what is shown, they must not be missed
    tasks = [
        _task(context, item, person if person and (item.owner == person or item in moved) else None)
        for item in _once([*open_items[:SHOWN], *due, *moved])
    ]
    count = max(sum(part.count for part in parts), len(tasks))
    title = f"Feedback for your department: {count}, the longest waiting first"
    return Waiting(title, tasks, "feedback list mine", count=count)


@todo("department's late feedback", order=29)
def late_feedback(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Late feedback in the departments that people head and that others have."""
    headed = by_key(context.city.departments.values(), lambda known: known.head if known.head in persons else None)
    late = context.store.feedback.waiting.late(_every(context.city), context.now, MOST) if headed else {}
    found = dict[str, Waiting]()
    for head, departments in headed.items():
        items = _once(item for known in departments for item in late.get(known.id, ()) if item.owner != head)
        tasks = [_task(context, item, item.owner) for item in items[:MOST]]
        found[head] = Waiting(f"Late in your department: {len(tasks)}", tasks, "feedback list late")
    return found


@late("feedback", way="feedback list late", order=10)
def late_items(context: Context, most: int) -> list[Row]:
    """Feedback that should be answered by now, the longest late first."""
    found = context.store.feedback.lists.page(Wanted(late_at=context.now), 0, most)
    return [item_row(context, item) for item in found]


def _every(city: City) -> list[Theirs]:
    """What each department answers."""
    return [theirs(city, department) for department in city.departments]


def _task(context: Context, item: Item, owner: str | None) -> Task:
    """An item as a task; an item that waits is due on the day when the wait ends."""
    due = item.waits_until or (context.calendar.today(item.due_at) if item.due_at else None)
    line, buttons = f"{item.ref} {short(item.what)}", [show_button(item)]
    if item.waits_for:
        line += f" ({state_words(context, item)})"
        buttons.append(Button.say("Resume", f"feedback resume {item.ref}"))
        buttons.append(Button.say("Still waiting", f"feedback wait {item.ref}; whom {item.waits_for}"))
    if item.due_at:
        is_others = is_late(context, item) and item.owner and item.owner != owner
        with_whom = f", with {context.name(item.owner)}" if is_others else ""
        was = "was due" if is_late(context, item) else "due"
        line += f" ({was} {context.spoken(item.due_at)}{with_whom})"
    owner = owner or head_of(context, item)
    return Task(item.ref, line, tuple(buttons), due=due, owner=owner, status=item_status(context, item))


def _soon(context: Context) -> Soon:
    """What is due today, or waits until today at most."""
    tomorrow = context.calendar.instant(context.today + timedelta(days=1), time())
    return Soon(tomorrow, context.today)


def _once(items: Iterable[Item]) -> list[Item]:
    """Each item once, by its number."""
    return [item for _, item in sorted({item.number: item for item in items}.items())]
