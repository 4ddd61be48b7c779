"""Feedback record: an item is logged, found and changed, and each change is shown wherever it is posted."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from handlers.feedback.card import item_card, short, show_button, state_words
from handlers.feedback.clock import clock_after, plan_marks, target_of
from handlers.feedback.department import answers_for, department_id, department_name, place_of, present, responsible
from handlers.kit.alike import alike
from handlers.kit.city.feedback import Category
from handlers.kit.city.model import City
from handlers.kit.context import Context, Request
from handlers.kit.contributions import drawn
from handlers.kit.errors import NotNeeded, UserError
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Card, Note
from handlers.kit.policy import may
from handlers.kit.settled import passed_on
from handlers.kit.time.worktime import after
from handlers.kit.undo import check_left
from storage.feedback.events import Event
from storage.feedback.items import Item

_IN_FULL = {  # how people shorten what a street is; a first word is part of its name, such as "St. Mary"
    "st": "street", "str": "street", "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "dr": "drive",
    "blvd": "boulevard", "ct": "court", "pl": "place", "sq": "square", "hwy": "highway", "pkwy": "parkway",
}  # fmt: skip
UNDONE = "undone"  # what happened to an item when somebody took back what they had done to it


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
    if place_of(context.city, after) != place_of(context.city, item) and event != UNDONE:
        post_item(context, after)
    _refresh(context, after)
    refresh_homes(context, {*responsible(context, item), *responsible(context, after)})
    return after


def _refresh(context: Context, item: Item) -> None:
    """Bring the posted cards up to date; where an item was routed away, or given away, the buttons go."""
    context.refresh(
        item.ref, item_card(context, item, buttons=True), where=lambda place: _works_on(context, item, place)
    )
    elsewhere = item_card(context, item).with_words(
        Note(f"{item.ref} is with {department_name(context.city, item)} now.")
    )
    context.refresh(item.ref, elsewhere, where=lambda place: not _works_on(context, item, place))


def _works_on(context: Context, item: Item, place: str) -> bool:
    """Whether those who read a place work on an item: its department, its owner, who logged it, who decides on it."""
    if not place.startswith("dm:"):
        return place == place_of(context.city, item)
    try:
        person = context.person_named(place.removeprefix("dm:"))
    except KeyError:  # the city has forgotten them
        return False
    decides = may(person.all_roles, "feedback.route-back")
    return person.id == item.created_by or decides or answers_for(context, person, item)


def moved(context: Context, before: Item, item: Item, by: str, *, told: Collection[str] = ()) -> None:
    """Tell whom it concerns that an item is with another department, or with somebody else there: the department in
    its place, and in their digests who had it and who has it now; the morning check says it too. Those who
    were ``told`` by other means read no line of it."""
    is_same = department_id(context.city, before) == department_id(context.city, item)
    if not is_same and place_of(context.city, item) == place_of(context.city, before):
        post_item(context, item)  # an edit there notifies nobody
    if before.owner == item.owner:
        return
    if item.owner:
        passed_on(context, item.ref, context.name(item.owner))
    name, shown = department_name(context.city, item), show_button(item)
    holder = context.name(item.owner) if is_same and item.owner else name
    for person, line in (
        (before.owner, f"{item.ref} is with {holder} now, and not with you anymore: {short(item.what)}"),
        (item.owner, f"{item.ref} is with you now, in {name}: {short(item.what)}"),
    ):
        if person and person not in (by, *told) and not context.duties.is_gone(person):
            draws = f"feedback.with {item.ref} {item.owner or ''}".strip()
            context.tell(person, line, item.ref, shown, draws=draws)


@drawn("feedback.with")
def with_whom(context: Context, ref: str, owner: str = "") -> Card:
    """The line that an item moved, while it is with the same person and open."""
    item = still_open(context, ref)
    if (item.owner or "") != owner:
        raise NotNeeded(f"{ref} has moved again")
    return item_card(context, item)


def put_back(request: Request, ref: str, left: Mapping[str, Any], before: Mapping[str, Any]) -> Item:
    """Take back what was done to an item: the columns ``left`` as they were left are ``before`` again."""
    item = found(request.store.feedback.records.take(ref), ref)
    check_left(item, left, f"{item.ref} has changed since: it is {state_words(request, item)}")
    item = record(request, item, UNDONE, request.person.id, **before)
    request.audit(item.ref, state=item.state, owner=item.owner)
    return item


def post_item(context: Context, item: Item) -> None:
    """Post an item in the place of the department that answers it."""
    place = place_of(context.city, item)
    context.post(place, item_card(context, item, buttons=True), ref=item.ref, draws=f"feedback.item {item.ref} {place}")


def still_open(context: Context, ref: str) -> Item:
    """Find an open item, for a message about it that is drawn again. Raises NotNeeded when it is not open any more."""
    item = context.store.feedback.records.find(ref)
    if item is None or item.state != "open":
        raise NotNeeded(f"{ref} is {item.state if item else 'gone'} now")
    return item


def copies_of(context: Context, item: Item) -> list[Item]:
    """The duplicates of an item and their duplicates, each once."""
    found = {item.number: item}
    left = [item]
    while left:
        left = [copy for copy in context.store.feedback.records.duplicates(*left) if copy.number not in found]
        found |= {copy.number: copy for copy in left}
    return [copy for number, copy in found.items() if number != item.number]


def original_of(context: Context, item: Item) -> Item:
    """What an item is a duplicate of, at the end of the row; the item itself when it is none."""
    seen = {item.number}
    while item.original and item.duplicate_of not in seen:
        item = found(context.store.feedback.records.find(item.original), item.original)
        seen.add(item.number)
    return item


def category_of(context: Context, item: Item) -> Category | None:
    return context.city.categories.get(item.category)


def area_of(city: City, place: str | None) -> str | None:
    """The area of a place: one that the city names, else the street without the number."""
    if not place:
        return None
    said = alike(place)
    for area in city.feedback.area:
        if any(re.search(rf"\b{re.escape(alike(word))}\b", said) for word in area.words):
            return area.name
    return street_of(place)


def street_of(place: str) -> str:
    """The street of a place, without the number."""
    said = alike(place)
    street = re.sub(r"\b\d+\w?\b|[^\w\s]", " ", said.split(",")[0]).split()
    return " ".join([*street[:1], *(_IN_FULL.get(word, word) for word in street[1:])]) or said
