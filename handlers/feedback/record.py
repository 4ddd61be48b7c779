"""Feedback: an item as everybody sees it, who answers it, and how its events are recorded."""

import re
from collections.abc import Iterable
from typing import Any

from handlers.feedback.clock import clock_after, department_of, plan_marks, target_of
from handlers.feedback.openings import who_sees
from handlers.kit.city.feedback import Category
from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.errors import NotNeeded, UserError
from handlers.kit.forms import Options
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Text, Word
from handlers.kit.time.calendar import spoken_day
from handlers.kit.time.worktime import after
from storage.feedback.events import Event
from storage.feedback.lists import Theirs
from storage.feedback.records import Item

KINDS: Options = (
    ("complaint", "complaint"), ("question", "question"), ("request", "request"), ("idea", "idea"),
    ("praise", "praise"),
)  # fmt: skip
WAITS_FOR: Options = (("resident", "the resident"), ("third-party", "a third party"), ("weather", "the weather"))
LINE = 80  # characters of a resident's words in a line


def found(item: Item | None, ref: str) -> Item:
    """Find the item; raises UserError with what to do when there is none."""
    if item is None:
        raise UserError(f'There is no feedback "{ref}". Write "feedback list" to see what is open.')
    return item


def taken_open(request: Request, ref: str) -> Item:
    """Take the item for a change; raises UserError when it is not open any more."""
    item = found(request.store.feedback.records.take(ref), ref)
    if item.state == "closed":
        hint = f'If it has to be taken up again: "feedback reopen {item.ref}".'
        raise UserError(f"{item.ref} is {state_words(request, item)}. Nothing was changed. {hint}")
    if item.state != "open":
        raise UserError(
            f"{item.ref} is {state_words(request, item)}. Nothing was changed. Log it again if it is needed."
        )
    return item


def log_item(request: Request, values: dict[str, Any]) -> Item:
    """Store a new item; its clock runs, and its category's person is the owner."""
    city, category = request.city, request.city.categories[values["category"]]
    target = target_of(city, category.id)
    item = request.store.feedback.records.add(
        **values,
        owner=present(request, category.person),
        first_department=category.department,
        area=area_of(city, values["place_in_town"]),
        target=int(target.total_seconds()),
        due_at=after(city.calendar, city.hours_of(category.department), request.now, target),
        by=request.person.id,
        at=request.now,
        source=request.source,
    )
    plan_marks(request, item)
    return item


def record(context: Context, item: Item, event: str, by: str, note: str | None = None, **values: Any) -> Item:
    """Record an event of an item, set its clock and bring every card and home up to date."""
    clock = clock_after(context, item, Event(event, by, context.now, note, values))
    after = context.store.feedback.records.change(item, event, by, context.now, note, **{**values, **clock})
    plan_marks(context, after, before=item.clock)
    card = item_card(context, after, buttons=True)
    if place_of(context.city, after) != place_of(context.city, item):
        post_item(context, after)
    context.refresh(after.ref, card)
    refresh_homes(context, {*responsible(context, item), *responsible(context, after)})
    return after


def post_item(context: Context, item: Item) -> None:
    """Post an item in the place of the department that answers it."""
    place = place_of(context.city, item)
    context.post(place, item_card(context, item, buttons=True), ref=item.ref, draws=f"feedback.item {item.ref} {place}")


def still_open(context: Context, ref: str) -> Item:
    """Find an open item, for a message about it that is drawn again. Raises NotNeeded when it is not open any more."""
    item = context.store.feedback.records.find(ref)
    if item is None or item.state != "open":
        raise NotNeeded(f"{ref} is {item.state if item else 'gone'} since")
    return item


def item_card(context: Context, item: Item, headline: str = "", *, buttons: bool = False) -> Card:
    """The card of an item as everybody sees it, with its buttons."""
    about = (("About", category_name(context.city, item)),) if headline else ()
    return Card(
        headline or f"{item.ref} {category_name(context.city, item)}",
        Text(item.what),
        Facts(*about, *_facts(context, item)),
        *((Text(f"What was done: {item.answer}"),) if item.answer else ()),
        *((Text("Made from: ", context.made_of(item.source)),) if item.source else ()),
        *((Buttons(*buttons_of(item)),) if buttons and item.state != "withdrawn" else ()),
        logged_note(context, item),
    )


def logged_note(context: Context, item: Item) -> Word:
    at = context.city.calendar.spoken(item.created_at)
    return Note(f"{item.ref}, logged by {context.name(item.created_by)} on {at}")


def _facts(context: Context, item: Item) -> Iterable[tuple[str, Any]]:
    yield "Kind", item.kind
    yield "Department", department_name(context.city, item)
    if item.owner and not is_here(context, item.owner):
        yield "Owner", f"{context.name(item.owner)}, who {context.duties.reason(item.owner)}"
    else:
        yield "Owner", context.mention(item.owner) if item.owner else "nobody yet"
    yield "Where", item.place_in_town or "not said"
    yield "Reached us by", item.reached_us_by
    if context.store.feedback.contacts.find(item.number):
        yield "Wants an answer", f"yes; the contact is open to {who_sees(context, item)}"
    yield from _how_far(context, item)
    yield from _how_it_ended(context, item)


def _how_far(context: Context, item: Item) -> Iterable[tuple[str, str]]:
    yield "State", state_words(context, item)
    if item.waits_for:
        yield "Why", waits_because(context, item)
    if item.due_at and item.state == "open":
        late = item.due_at <= context.now
        yield "Late since" if late else "Answer by", context.city.calendar.spoken(item.due_at)


def _how_it_ended(context: Context, item: Item) -> Iterable[tuple[str, str]]:
    if item.state == "closed" and item.reason and not item.duplicate_of:
        ending = context.city.endings.get(item.reason)
        yield "Reason", ending.name if ending else item.reason
    if item.decided_by:
        yield "Decided by", item.decided_by
    if item.go_to:
        yield "Where to go", item.go_to


def waits_because(context: Context, item: Item) -> str:
    """The reason that was given for the pause."""
    reasons = [event.note for event in context.store.feedback.events.of(item.number) if event.what == "waits"]
    return (reasons and reasons[-1]) or "not said"


def buttons_of(item: Item, *, more: bool = True) -> list[Button]:
    """The buttons on the card of an item; ``more`` adds one for everything that happened to it."""
    ref = item.ref
    show = [Button.say("More", f"feedback show {ref}")] if more else []
    if item.state == "closed":
        return [Button.say("Reopen", f"feedback reopen {ref}"), *show]
    take = [] if item.owner else [Button.say("Take it", f"feedback take {ref}")]
    wait = Button.say("Waiting for", f"feedback wait {ref}")
    return [
        *take,
        Button.say("Answer and close", f"feedback close {ref}", style="primary"),
        Button.say("Resume", f"feedback resume {ref}") if item.waits_for else wait,
        Button.say("Route elsewhere", f"feedback route {ref}"),
        Button.say("Duplicate of", f"feedback duplicate {ref}"),
        *show,
    ]


def item_line(context: Context, item: Item) -> str:
    """An item in one line of a list; any state other than open is named."""
    if item.state != "open":
        state = f" ({item.state})"
    elif item.waits_for:
        state = f" (waiting for {dict(WAITS_FOR).get(item.waits_for, item.waits_for)})"
    else:
        state = " (late)" if item.due_at and item.due_at <= context.now else ""
    return f"{item.ref} {category_name(context.city, item)}: {short(item.what)}{state}"


def short(text: str) -> str:
    """The beginning of a text, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= LINE else f"{line[: LINE - 1]}…"


def state_words(context: Context, item: Item) -> str:
    """The state in words."""
    calendar = context.city.calendar
    if item.waits_for:
        until = f" until {spoken_day(item.waits_until)}" if item.waits_until else ""
        return f"waiting for {dict(WAITS_FOR).get(item.waits_for, item.waits_for)}{until}"
    if item.state == "open" or item.closed_at is None:
        return item.state
    copy = f" as a duplicate of {item.original}" if item.original else ""
    return f"{item.state}{copy} by {context.name(item.closed_by)} on {calendar.spoken(item.closed_at)}"


def category_name(city: City, item: Item) -> str:
    known = city.categories.get(item.category)
    return known.name if known else item.category


def department_id(city: City, item: Item) -> str | None:
    """The department that answers; None when the city no longer has it."""
    return department_of(city, item.category, item.department)


def department_name(city: City, item: Item) -> str:
    department = department_id(city, item)
    return city.departments[department].name if department else "nobody"


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


def category_of(context: Context, item: Item) -> Category | None:
    return context.city.categories.get(item.category)


def area_of(city: City, place: str | None) -> str | None:
    """The area of a place: one that the city names, else the street without the number."""
    if not place:
        return None
    said = " ".join(place.casefold().split())
    for area in city.feedback.area:
        if any(re.search(rf"\b{re.escape(word.casefold())}\b", said) for word in area.words):
            return area.name
    street = re.sub(r"\b\d+\w?\b|[^\w\s]", " ", said.split(",")[0])
    return " ".join(street.split()) or said
