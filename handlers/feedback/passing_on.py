"""Passing feedback on: taking it, giving it to somebody and routing it to a department, and taking that back."""

from handlers.feedback.card import item_card
from handlers.feedback.clock import department_of
from handlers.feedback.department import department_id, department_name, is_here, present
from handlers.feedback.openings import departments_that_see, given_by_department, open_to, open_to_words, sees
from handlers.feedback.record import UNDONE, moved, put_back, record, still_open, taken_open
from handlers.feedback.work import OneItem
from handlers.kit.city.model import City
from handlers.kit.context import Context, Request
from handlers.kit.contributions import drawn, undoes
from handlers.kit.errors import FieldErrors, NotNeeded, UserError
from handlers.kit.forms import Options, PersonId, ask
from handlers.kit.messages import Card, Note
from handlers.kit.policy import may
from handlers.kit.registry import command
from handlers.kit.rights import may_act_for, who_may
from handlers.kit.told import told_in
from handlers.kit.trace import passed, passed_back, traced
from handlers.kit.undo import TAKEN_BACK, undoable
from storage.feedback.items import Item


def _departments(city: City) -> Options:
    return tuple((department.id, department.name) for department in city.departments.values())


class GiveItem(OneItem):
    to: PersonId = ask("Who takes it?")


class RouteItem(OneItem):
    department: str = ask("Who should answer it?", options=_departments)
    reason: str = ask("Why is it theirs?", max_length=500, long=True)


@command("feedback take", asks=OneItem, needs="feedback.work", example="/feedback take F-1")
def take(request: Request, form: OneItem) -> Card:
    """Take feedback yourself."""
    item = taken_open(request, form.feedback)
    if item.owner == request.person.id:
        return item_card(request, item, headline=f"{item.ref} is yours already", buttons=True)
    if item.owner and is_here(request, item.owner):
        raise UserError(f"{item.ref} is with {request.name(item.owner)}. To take it over: feedback give {item.ref}.")
    return _given(request, item, request.person.id, f"{item.ref} is yours now")


@command("feedback give", sends="Give it", asks=GiveItem, needs="feedback.work", example="/feedback give F-1; to @sam")
def give(request: Request, form: GiveItem) -> Card:
    """Give it to somebody."""
    item = taken_open(request, form.feedback)
    if not is_here(request, form.to):
        why = f"{request.name(form.to)} {request.duties.reason(form.to)}"
        raise FieldErrors({"to": f"{why}. Name somebody who works here, for example @sam."})
    if item.owner == form.to:
        raise FieldErrors({"to": f"{item.ref} is with {request.name(form.to)} already. Name somebody else."})
    card = _given(request, item, form.to, f"{item.ref} is with {request.name(form.to)} now")
    away = request.away(form.to)
    return (
        card.with_words(Note(f"{request.name(form.to)} is away until {request.spoken_day(away.last)}."))
        if away
        else card
    )


@command(
    "feedback route",
    sends="Route it",
    asks=RouteItem,
    needs="feedback.work",
    example="/feedback route F-1; department water; reason It is a burst pipe",
)
def route(request: Request, form: RouteItem) -> Card:
    """Route feedback elsewhere."""
    item = taken_open(request, form.feedback)
    to = request.city.departments[form.department]
    if department_id(request.city, item) == to.id:
        raise FieldErrors({"department": f"{item.ref} is with {to.name} already. Choose another, or answer it."})
    _check_round(request, item, to.id)
    category = request.city.categories.get(item.category)
    owner = present(request, category.person) if category and category.department == to.id else None
    routed = record(request, item, "routed", request.person.id, form.reason, department=to.id, owner=owner)
    request.audit(item.ref, department=to.id)
    seen_before = departments_that_see(request, routed)
    opened = open_to(request, routed, to.id, request.person)
    moved(request, item, routed, request.person.id)
    kept = request.store.feedback.contacts.find(item.number) is not None
    closed = (Note(open_to_words(request, routed)),) if kept else ()
    card = item_card(request, routed, headline=f"{item.ref} is with {to.name} now").with_words(
        told_in(
            request, to.name, to.place, then=" The time to answer keeps running, because the resident still waits."
        ),
        *(() if opened else closed),
        *undoable(
            request,
            "feedback.routed",
            routed.ref,
            department=item.department,
            owner=item.owner,
            to=to.id,
            left=routed.owner,
            opened=to.id if opened and to.id not in seen_before else None,
        ),
    )
    return traced(request, card, f"{item.ref} routed to {to.name}")


@undoes("feedback.routed", needs="feedback.work")
def unroute(
    request: Request, ref: str, department: str | None, owner: str | None, to: str, left: str | None, opened: str | None
) -> Card:
    """An item is with the department from which it was routed."""
    item = put_back(request, ref, {"department": to, "owner": left}, {"department": department, "owner": owner})
    if opened:
        request.store.feedback.contact_departments.remove(item.number, opened)
        request.audit(item.ref, contact="closed", department=opened)
    name = department_name(request.city, item)
    card = item_card(request, item, headline=f"{TAKEN_BACK}{item.ref} is with {name} again", buttons=True)
    return traced(request, card, f"{item.ref} routed back to {name}")


def _given(request: Request, before: Item, owner: str, headline: str) -> Card:
    given_to = given_by_department(request, before, owner, request.person)
    item = record(request, before, "taken", request.person.id, owner=owner, given_to=given_to)
    request.audit(item.ref, owner=owner, **({"contact": "given"} if given_to else {}))
    moved(request, before, item, request.person.id, told=(owner,))
    if owner != request.person.id:
        told, draws = _given_card(request, item, request.person.id), f"{item.ref} {owner} {request.person.id}"
        request.post(f"dm:{owner}", told, ref=item.ref, priority="prompt", draws=f"feedback.given {draws}")
    card = item_card(request, item, headline=headline, buttons=True).with_words(
        *_sealed(request, item, owner),
        *undoable(request, "feedback.given", item.ref, owner=before.owner, given_to=before.given_to, left=owner),
    )
    return traced(request, card, f"{item.ref} {passed(request, owner)}")


@undoes("feedback.given", needs="feedback.work")
def take_from(request: Request, ref: str, owner: str | None, given_to: str | None, left: str) -> Card:
    """An item is with the person who had it before, or with nobody yet."""
    item = put_back(request, ref, {"owner": left}, {"owner": owner, "given_to": given_to})
    who = request.name(owner) if owner else "nobody yet"
    card = item_card(request, item, headline=f"{TAKEN_BACK}{item.ref} is with {who}", buttons=True)
    return traced(request, card, f"{item.ref} {passed_back(request, owner)}")


def _sealed(request: Request, item: Item, owner: str) -> tuple[Note, ...]:
    """Say that a new owner cannot open the contact, because no department that may see it gave them the item."""
    if request.store.feedback.contacts.find(item.number) is None or sees(request, request.person_named(owner), item):
        return ()
    way = f"To ask the department for it: feedback contact {item.ref}."
    return (Note(f"{request.name(owner)} cannot open the resident's contact. {way}"),)


def _given_card(context: Context, item: Item, by: str) -> Card:
    return item_card(context, item, headline=f"{context.name(by)} gave you {item.ref}", buttons=True)


@drawn("feedback.given")
def given_again(context: Context, ref: str, owner: str, by: str) -> Card:
    """The message to somebody who was given an item, while they have it."""
    item = still_open(context, ref)
    if item.owner != owner:
        raise NotNeeded(f"{ref} is with {context.name(item.owner)} now")
    return _given_card(context, item, by)


def _check_round(request: Request, item: Item, to: str) -> None:
    """Raise FieldErrors when feedback would go back where it was, unless a person who may decide that does it."""
    had = _had(request, item)
    now, departments = department_id(request.city, item), request.city.departments
    heads = dict.fromkeys(departments[key].head for key in (to, now) if key)
    decides = any(may_act_for(request, request.person.id, head) for head in heads)
    if to not in had or decides or may(request.person.all_roles, "feedback.route-back"):
        return
    names = " or ".join(request.name(person) for head in heads for person in who_may(request, head))
    sentence = (
        f"{request.city.departments[to].name} had {item.ref} before and routed it on. So that it is not sent in circles"
    )
    raise FieldErrors({"department": f"{sentence}, a head decides: ask {names}."})


def _had(request: Request, item: Item) -> list[str | None]:
    """The departments that have had an item since it was opened, without those from which a routing was taken back."""
    had = list[str | None]()
    category, department = item.category, None
    for event in request.store.feedback.events.of(item.number):
        category = event.values.get("category", category)
        department = event.values.get("department", department)
        if event.what == UNDONE and "department" in event.values:
            had.pop()
        elif event.what == "reopened":
            had = []
        had.append(department_of(request.city, category, department))
    return had
