"""Late feedback: what waits for whom, who is told at 50 and 80 percent of the time, and the head at 100."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import time, timedelta

from handlers.feedback.card import buttons_of, item_card, logged_note, short, state_words
from handlers.feedback.clock import MARKS, TIMER, plan_marks, runs, used
from handlers.feedback.department import department_id, head_of, is_here, place_of, theirs
from handlers.feedback.openings import departments_of
from handlers.feedback.record import record, still_open
from handlers.kit.city.model import City
from handlers.kit.context import SYSTEM, Context
from handlers.kit.contributions import drawn, todo
from handlers.kit.duty import Asked
from handlers.kit.errors import NotNeeded
from handlers.kit.messages import Button, Buttons, Card, Text
from handlers.kit.moved import falls_to
from handlers.kit.persons import Persons
from handlers.kit.registry import timer
from handlers.kit.waiting import SHOWN, Task, Waiting, for_each
from storage.feedback.items import Item
from storage.feedback.lists import Theirs
from storage.feedback.waiting import OfWhom, Open, Soon
from storage.persons import by_key

MOST = 200  # due items that are listed for one person; nobody reads more
SAID = {50: "half of its time is gone", 80: "80 per cent of its time is gone", 100: "its time is up"}


@timer(TIMER)
def mark(context: Context, subject: str, step: int) -> None:
    """Tell that so many per cent of the time for feedback are used."""
    ref, clock = subject.split()
    item = context.store.feedback.records.take(ref)
    if item is None or item.due_at is None or item.clock != int(clock) or item.mark >= step:
        return
    time = used(context.city, runs(context.city, context.store.feedback.events.of(item.number)), context.now)
    if time.total_seconds() * 100 < item.target * step:  # a day off was added since then
        plan_marks(context, _set_again(context, item), before=item.clock)
        return
    item = record(context, item, "mark", SYSTEM, mark=step)
    context.audit(ref, mark=step)
    assert item.due_at is not None, "its clock runs"
    asked, to = _asked(context, item), _told(context, item)
    draws = f"feedback.mark {ref} {step} {to}"
    if step == MARKS[0] and asked and context.city.calendar.today(item.due_at) > context.today:
        context.tell(asked.person, _mark_line(context, item, step, asked), ref, _show(item), draws=draws)
    else:
        context.post(to, _mark_card(context, item, step), priority="prompt", draws=draws)
    if step == MARKS[-1]:
        _tell_head(context, item, asked)


def _mark_line(context: Context, item: Item, step: int, asked: Asked) -> str:
    """The line in the digest of the person who is asked, while there is still time."""
    assert item.due_at is not None, "its clock runs"
    due = context.city.calendar.spoken(item.due_at, context.today)
    whose = f" {context.stand_in_line(asked.instead_of)}" if asked.instead_of else ""
    return f"{item.ref} {short(item.what)}: {SAID[step]}, answer by {due}.{whose}"


def _tell_head(context: Context, item: Item, asked: Asked | None) -> None:
    """Tell the head of the department that feedback is late, unless the head is the person asked for it."""
    head = head_of(context, item)
    if head and (asked is None or head != asked.person):
        draws = f"feedback.late {item.ref}"
        context.post(f"dm:{head}", _late_card(context, item), ref=item.ref, priority="prompt", draws=draws)


def _told(context: Context, item: Item) -> str:
    """Where the message goes: to the person who has the item or their stand-in; else to the department's place."""
    asked = _asked(context, item)
    return f"dm:{asked.person}" if asked else place_of(context.city, item)


def _asked(context: Context, item: Item) -> Asked | None:
    """Who is asked for an item that somebody has; None when nobody has it."""
    return context.duties.of(item.owner, department=department_id(context.city, item)) if item.owner else None


def _mark_card(context: Context, item: Item, step: int) -> Card:
    due, asked = context.city.calendar.spoken(item.due_at or context.now, context.today), _asked(context, item)
    card = Card(
        f"{item.ref}: {SAID[step]}",
        Text(item.what),
        Text(f"Answer by {due}." if step < MARKS[-1] else f"It was to be answered by {due}."),
        Buttons(*buttons_of(item)),
        logged_note(context, item),
    )
    return context.in_place_of(card, asked.instead_of if asked else None)


def _late_card(context: Context, item: Item) -> Card:
    whose = context.name(item.owner) if item.owner else "nobody"
    late = item_card(context, item, headline=f"{item.ref} is late; it is with {whose}")
    give = Button.say("Give it to somebody", f"feedback give {item.ref}")
    return late.with_words(Buttons(give, *buttons_of(item)))


@drawn("feedback.mark")
def mark_again(context: Context, ref: str, step: str, to: str) -> Card:
    """The message that part of an item's time is used, while that is the newest mark and the same person has it."""
    item = still_open(context, ref)
    if item.waits_for:
        raise NotNeeded(f"the clock of {ref} stands still")
    if item.mark != int(step):
        raise NotNeeded(f"another part of the time of {ref} is used now")
    if _told(context, item) != to:
        raise NotNeeded(f"{ref} is with {context.name(item.owner)} now")
    return _mark_card(context, item, item.mark)


@drawn("feedback.late")
def late_again(context: Context, ref: str) -> Card:
    """The message to a head about an item that is late, while it is."""
    item = still_open(context, ref)
    if item.due_at is None or item.due_at > context.now:
        raise NotNeeded(f"{ref} is not late any more")
    return _late_card(context, item)


def _set_again(context: Context, item: Item) -> Item:
    return record(context, item, "clock", SYSTEM, clock=item.clock + 1)


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


def _every(city: City) -> list[Theirs]:
    """What each department answers."""
    return [theirs(city, department) for department in city.departments]


def _task(context: Context, item: Item, owner: str | None) -> Task:
    """An item as a task; an item that waits is due on the day when the wait ends."""
    due = item.waits_until or (context.city.calendar.today(item.due_at) if item.due_at else None)
    line, buttons = f"{item.ref} {short(item.what)}", [_show(item)]
    if item.waits_for:
        line += f" ({state_words(context, item)})"
        buttons.append(Button.say("Resume", f"feedback resume {item.ref}"))
        buttons.append(Button.say("It still waits", f"feedback wait {item.ref}; whom {item.waits_for}"))
    if item.due_at and item.due_at <= context.now:
        with_whom = f", with {context.name(item.owner)}" if item.owner and item.owner != owner else ""
        line += f" (late since {context.city.calendar.spoken(item.due_at, context.today)}{with_whom})"
    return Task(item.ref, line, tuple(buttons), due=due, owner=owner or head_of(context, item))


def _show(item: Item) -> Button:
    return Button.say("Show", f"feedback show {item.ref}")


def _soon(context: Context) -> Soon:
    """What is due today, or waits until today at most."""
    tomorrow = context.city.calendar.instant(context.today + timedelta(days=1), time())
    return Soon(tomorrow, context.today)


def _once(items: Iterable[Item]) -> list[Item]:
    """Each item once, by its number."""
    return [item for _, item in sorted({item.number: item for item in items}.items())]
