"""Feedback record: an item is logged, found and changed, and each change is shown wherever it is posted."""

import re
from typing import Any

from handlers.feedback.card import item_card, state_words
from handlers.feedback.clock import clock_after, plan_marks, target_of
from handlers.feedback.department import place_of, present, responsible
from handlers.kit.alike import alike
from handlers.kit.city.feedback import Category
from handlers.kit.city.model import City
from handlers.kit.context import Context, Request
from handlers.kit.errors import NotNeeded, UserError
from handlers.kit.home import refresh_homes
from handlers.kit.time.worktime import after
from storage.feedback.events import Event
from storage.feedback.items import Item


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
    street = re.sub(r"\b\d+\w?\b|[^\w\s]", " ", said.split(",")[0])
    return " ".join(street.split()) or said
