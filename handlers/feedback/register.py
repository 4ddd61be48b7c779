"""Feedback: what residents tell the city, and the department that answers."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from handlers.feedback.card import KINDS, item_card, item_line, kinds_said, show_button, state_words
from handlers.feedback.clock import target_of
from handlers.feedback.contact import check_contact, keep_contact
from handlers.feedback.department import answers_for, department_id, department_name, place_of, present, responsible
from handlers.feedback.openings import open_to
from handlers.feedback.proposal import propose_risk
from handlers.feedback.record import area_of, found, log_item, moved, post_item, record, still_open, taken_open
from handlers.feedback.same import same_is_open
from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.contributions import drawn
from handlers.kit.drawing import BRING_UP_TO_DATE, JUST_AFTER
from handlers.kit.errors import FieldErrors, NotNeeded, UserError
from handlers.kit.forms import TEXT_LIMIT, Form, Options, ask
from handlers.kit.hints import personal
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Card, Text
from handlers.kit.registry import action, command, reference
from handlers.kit.settled import settled
from handlers.kit.told import told_in
from handlers.kit.trace import traced
from handlers.kit.undo import WITHIN, check_fresh, mend_words
from storage.feedback.items import Item

USUAL = timedelta(days=14)  # for so long, the way in that somebody chose last is filled in the next time


def _categories(city: City) -> Options:
    return tuple((category.id, category.name) for category in city.categories.values())


def _ways(city: City) -> Options:
    return tuple((way, way) for way in city.reached_us_by)


KIND = ask("What kind is it?", default="complaint", options=KINDS, said=kinds_said, hint="If empty, a complaint.")
CATEGORY = ask("What is it about?", options=_categories, said=lambda city: city.words.categories)
PLACE = ask("Where in town?", default=None, max_length=300)
WAY = ask("How did it reach us?", options=_ways, said=lambda city: city.words.ways)


class NewFeedback(Form):
    what: str = ask("What did the resident tell us?", long=True, hint="Leave out names and phone numbers.")
    kind: str = KIND
    category: str = CATEGORY
    place: str | None = PLACE
    via: str = WAY
    contact: str | None = ask(
        "Contact, if they want an answer",
        default=None,
        max_length=500,
        long=True,
        private=True,
        hint="Kept sealed; only those who answer can open it.",
    )


class ChangedFeedback(Form):
    what: str | None = ask(
        "What did the resident tell us?", default=None, long=True, hint="If empty, it stays as it is."
    )
    kind: str = KIND
    category: str = CATEGORY
    place: str | None = PLACE
    via: str = WAY


def usual_way(request: Request) -> Mapping[str, str]:
    """The form with the way in that this person chose last: who answers the phone today gets the next call too."""
    way = request.store.feedback.records.last_way(request.person.id, request.now - USUAL)
    return {"via": way} if way in request.city.reached_us_by else {}


@command(
    "feedback add",
    asks=NewFeedback,
    prefill=usual_way,
    needs="feedback.add",
    from_message="Log as feedback",
    example="/feedback add Deep pothole; category streets; place 12 Elm Street; via phone",
)
def add_feedback(request: Request, form: NewFeedback) -> Card:
    """Log residents' feedback."""
    check_contact(request, form.contact)
    _look_twice(request, form.what, form.place)
    return same_is_open(request, form) or log_new(request, form)


def log_new(request: Request, form: NewFeedback) -> Card:
    """Log feedback, whatever else is open."""
    item = log_item(request, stored(form, form.what))
    request.audit_new(item.ref, category=item.category, kind=item.kind)
    if form.contact:
        keep_contact(request, item, form.contact)
    post_item(request, item)
    refresh_homes(request, responsible(request, item))
    propose_risk(request, item)
    told = told_in(request, department_name(request.city, item), place_of(request.city, item))
    request.schedule(BRING_UP_TO_DATE, item.ref, item.created_at + WITHIN + JUST_AFTER)
    return traced(request, _mendable(request, item, f"Logged {item.ref}", told), f"{item.ref} logged")


def _as_typed(request: Request, value: str) -> Mapping[str, str]:
    """The form filled in from an item; a text too long for a form is left out, and kept."""
    item = _changeable(request, value)
    what = item.what if len(item.what) <= TEXT_LIMIT else ""
    place = item.place_in_town or ""
    category = item.category if item.category in request.city.categories else ""
    return {"what": what, "kind": item.kind, "category": category, "place": place, "via": item.reached_us_by}


@action("feedback.change", asks=ChangedFeedback, prefill=_as_typed, needs="feedback.add", sends="Change it")
def change_feedback(request: Request, value: str, form: ChangedFeedback) -> Card:
    """Change this feedback."""
    before = _changeable(request, value)
    what = form.what or before.what
    _look_twice(request, what, form.place, before)
    new = stored(form, what)
    values = {name: value for name, value in new.items() if value != getattr(before, name)}
    if not values:
        return _mendable(request, before, f"{before.ref} stays as it was")
    if "place_in_town" in values:
        values["area"] = area_of(request.city, form.place)
    if "category" in values:
        known = request.city.categories[form.category]
        target = int(target_of(request.city, known.id).total_seconds())
        values |= {"department": None, "owner": present(request, known.person), "target": target, "mark": 0}
    item = record(request, before, "changed", request.person.id, **values)
    request.audit(item.ref, category=item.category, kind=item.kind)
    if "category" in values:
        open_to(request, item, request.city.categories[item.category].department, request.person, logger=True)
        moved(request, before, item, request.person.id)
    propose_risk(request, item)
    return traced(request, _mendable(request, item, f"Changed {item.ref}"), f"{item.ref} changed")


@action("feedback.withdraw", needs="feedback.add")
def withdraw_feedback(request: Request, value: str) -> Card:
    """Withdraw feedback that was logged by mistake."""
    item = found(request.store.feedback.records.take(value), value)
    if item.state == "withdrawn":
        return item_card(request, item, headline=f"{item.ref} is withdrawn already")
    item = taken_open(request, value)
    if item.created_by != request.person.id:
        raise UserError(f"Only {request.name(item.created_by)}, who logged {item.ref}, can withdraw it.")
    check_fresh(request, item.ref, item.created_at, "Change it, or close it with what was done.")
    item = record(
        request,
        item,
        "withdrawn",
        request.person.id,
        state="withdrawn",
        closed_by=request.person.id,
        closed_at=request.now,
        waits_for=None,
        waits_until=None,
    )
    request.audit(item.ref, state=item.state)
    keep_contact(request, item, None)
    settled(request, item.ref, "withdrawn")
    return traced(request, item_card(request, item, headline=f"Withdrew {item.ref}"), f"{item.ref} withdrawn")


def _keepers(context: Context, ref: str) -> list[str]:
    item = context.store.feedback.records.find(ref)
    return responsible(context, item) if item else []


@reference("F-", show="feedback show", keepers=_keepers)
def seen_item(context: Context, _person: Person, ref: str) -> str | None:
    """Show feedback by its reference; everybody may see all of it."""
    item = context.store.feedback.records.find(ref)
    return item_line(context, item) if item else None


@drawn("feedback.item")
def item_again(context: Context, ref: str, place: str) -> Card:
    """The card of an item in the department's place, while it is open and theirs."""
    item = still_open(context, ref)
    if place_of(context.city, item) != place:
        raise NotNeeded(f"{ref} is with {department_name(context.city, item)} now")
    return item_card(context, item, buttons=True)


def _mendable(request: Request, item: Item, headline: str, *words: Text) -> Card:
    """The answer to a change, which is brought up to date where it stays as a message."""
    request.answer_draws = f"feedback.logged {item.ref} {request.person.id} {headline}"
    return _mendable_card(request, item, request.person.id, headline, *words)


@drawn("feedback.logged")
def logged_again(context: Context, ref: str, person: str, *headline: str) -> Card:
    """The answer to who logged or changed an item, with what can still be done about it."""
    item = found(context.store.feedback.records.find(ref), ref)
    return _mendable_card(context, item, person, " ".join(headline))


def _mendable_card(context: Context, item: Item, person: str, headline: str, *words: Text) -> Card:
    """An item with the buttons to correct it soon after, while it is open."""
    ask_first = f"Withdraw {item.ref}? It stays on record, marked as withdrawn."
    show = show_button(item)
    fix = mend_words(context, "feedback", item, person, ask_first, show)
    return item_card(context, item, headline=headline).with_words(*words, *fix)


def stored(form: NewFeedback | ChangedFeedback, what: str) -> dict[str, Any]:
    """What a form says, by the columns of an item."""
    return {
        "what": what, "kind": form.kind, "category": form.category, "place_in_town": form.place,
        "reached_us_by": form.via,
    }  # fmt: skip


def _look_twice(request: Request, what: str, place: str | None, before: Item | None = None) -> None:
    """Raise FieldErrors, only once for the same text, when it seems to hold what belongs in the contact."""
    texts = {"what": what, "place": place or ""}
    known = {"what": before.what, "place": before.place_in_town or ""} if before else {}
    seems = {name: personal(text) for name, text in texts.items() if text and text != known.get(name)}
    way = "Everybody can read it here. Take it out, or send it again as it is."
    said = {name: f"This seems to contain {' and '.join(kinds)}. {way}" for name, kinds in seems.items() if kinds}
    hint = sha256("\0".join(texts.values()).encode()).hexdigest()
    if said and not request.hinted(hint):
        raise FieldErrors(said, hint=hint)


def _changeable(request: Request, ref: str) -> Item:
    """Take the item for a change; raises UserError for somebody who neither logged it nor answers it."""
    item = found(request.store.feedback.records.take(ref), ref)
    if item.state != "open":
        raise UserError(f"{item.ref} is {state_words(request, item)}. Nothing was changed.")
    orphaned = department_id(request.city, item) is None  # the city has dropped its category or its department
    if not (item.created_by == request.person.id or orphaned or answers_for(request, request.person, item)):
        who = f"{request.name(item.created_by)}, who logged {item.ref}, and {department_name(request.city, item)}"
        raise UserError(f"Only {who} can change it. Ask one of them.")
    return item
