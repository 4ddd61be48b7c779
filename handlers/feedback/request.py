"""Feedback requests: somebody asks a department for a resident's contact, with a reason, and a person there decides."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from handlers.feedback.card import short
from handlers.feedback.contact import opened_contact
from handlers.feedback.department import is_here
from handlers.feedback.openings import (
    AFTER_CLOSING,
    departments_that_see,
    sees,
    sees_by_department,
    who_sees,
)
from handlers.feedback.record import found
from handlers.feedback.request_cards import (
    DAYS,
    RequestOf,
    ask_card,
    decide_buttons,
    department_asked,
    item_of,
    request_card,
    until_words,
)
from handlers.kit.context import Context, Request
from handlers.kit.contributions import drawn, todo
from handlers.kit.errors import NotNeeded, Refused, UserError
from handlers.kit.forms import Form, OpenForm, ask
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.persons import Persons
from handlers.kit.registry import action
from handlers.kit.settled import settled
from handlers.kit.told import told_in
from handlers.kit.waiting import Task, Waiting
from storage.feedback.contact_requests import ContactRequest
from storage.feedback.items import Item

SOON = timedelta(days=2)  # the time in which somebody who asks gets an answer


class WhyAsked(Form):
    reason: str = ask("Why do you need to reach the resident?", max_length=300, long=True)


class WhyNot(Form):
    why: str | None = ask("What should they do instead?", default=None, max_length=300, long=True)


@action("feedback.contact-ask", asks=WhyAsked, needs="feedback.work", sends="Ask for it")
def ask_for_it(request: Request, value: str, form: WhyAsked) -> Card | OpenForm:
    """Ask for a contact."""
    item = found(request.store.feedback.records.take(value), value)
    if sees(request, request.person, item):
        return OpenForm("feedback.contact", {"contact": opened_contact(request, item)}, item.ref)
    department = department_asked(request, item)
    if department is None:
        return ask_card(request, item, request.person.id)
    if request.store.feedback.contacts.find(item.number) is None:
        raise UserError(f"{item.ref} has no contact. Nobody was asked.")
    if before := request.store.feedback.contact_requests.waiting(item.number, request.person.id):
        when = request.spoken(before.asked_at)
        raise UserError(f"You have asked for the contact of {item.ref} already, {when}. It waits for an answer.")
    one = request.store.feedback.contact_requests.add(item.number, request.person.id, form.reason, request.now)
    request.audit(item.ref, contact="asked", request=one.id, department=department)
    place = request.city.departments[department].place
    draws = f"feedback.contact-request {item.ref} {one.id}"
    request.post(place, request_card(request, one), ref=one.ref, priority="prompt", draws=draws)
    refresh_homes(request, _deciders(request, item))
    name = request.city.departments[department].name
    also = " Everybody in the department is also asked in their digest. You will be told what they say."
    said = told_in(request, name, place, done="asked", then=also)
    return Card(f"{name} is asked for the contact of {item.ref}", said)


@drawn("feedback.contact-request")
def asked_again(context: Context, _ref: str, number: str) -> Card:
    """The question whether somebody may see a contact, until it is decided."""
    one = context.store.feedback.contact_requests.find(int(number))
    if one is None or one.state != "asked":
        raise NotNeeded(f"it is {one.state if one else 'gone'} now")
    return request_card(context, one)


@action("feedback.contact-agree", needs="feedback.work", carries=RequestOf)
def agree(request: Request, value: RequestOf) -> Card:
    """Open a contact to somebody who asked for it."""
    item, one = _to_decide(request, value)
    if not is_here(request, one.person):
        raise UserError(f"{request.name(one.person)} does not work here anymore. Nothing was opened.")
    one = _decided(request, item, one, "agreed", request.now + timedelta(days=DAYS))
    see = Buttons(Button("Contact", "feedback.contact", item.ref, style="primary"))
    told = Card(f"{request.person.name} opened the contact of {item.ref} to you", Text(until_words(request, one)), see)
    request.post(f"dm:{one.person}", told, priority="prompt")
    return request_card(request, one)


@action("feedback.contact-decline", asks=WhyNot, needs="feedback.work", carries=RequestOf, sends="Decline it")
def decline(request: Request, value: RequestOf, form: WhyNot) -> Card:
    """Do not open a contact."""
    item, one = _to_decide(request, value)
    one = _decided(request, item, one, "declined", None)
    why = (Text(form.why),) if form.why else ()
    told = Card(f"{request.person.name} did not open the contact of {item.ref} to you", Text(short(item.what)), *why)
    request.post(f"dm:{one.person}", told, priority="prompt")
    return request_card(request, one).with_words(Note(f"{request.name(one.person)} is told."))


@todo("contact requests", order=28)
def to_decide(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Requests to people's departments, oldest first."""
    tasks = dict[str, list[Task]]()
    for question, departments in context.store.feedback.contact_requests.to_decide(context.now - AFTER_CLOSING):
        decide = {person.id for each in departments for person in persons.in_department(each)}
        for person in decide - {question.person}:
            tasks.setdefault(person, []).append(_task(context, question, person))
    return {person: Waiting("", own) for person, own in tasks.items()}


def _task(context: Context, one: ContactRequest, person: str) -> Task:
    line = f"{context.name(one.person)} asks for the contact of F-{one.item}: {short(one.reason)}"
    due = context.calendar.today(one.asked_at) + SOON
    return Task(one.ref, line, decide_buttons(one), due=due, owner=person, daily=True, decides=True)


def _to_decide(request: Request, value: RequestOf) -> tuple[Item, ContactRequest]:
    """Find a request that waits, for somebody whose department may see the contact; raises UserError for others."""
    one = request.store.feedback.contact_requests.take(value.request)
    if one is None:
        raise UserError("There is no such request. Nothing was changed.")
    item = item_of(request, one)
    if one.person == request.person.id:
        raise UserError("You have asked for it yourself. Somebody in the department has to agree.")
    if not sees_by_department(request, request.person, item):
        names = [request.city.departments[each].name for each in departments_that_see(request, item)]
        who = f"somebody in {' or '.join(names)}" if names else who_sees(request, item)
        facts = {"contact": "not decided", "request": one.id}
        raise Refused(f"Only {who} can decide this.", person=request.person.id, subject=item.ref, **facts)
    if one.state != "asked":
        when = request.spoken(one.decided_at or request.now)
        raise UserError(f"{request.name(one.decided_by)} decided about it already ({one.state}), {when}.")
    return item, one


def _decided(request: Request, item: Item, one: ContactRequest, state: str, until: datetime | None) -> ContactRequest:
    one = request.store.feedback.contact_requests.decide(one, state, request.person.id, request.now, until)
    request.audit(item.ref, contact=state, request=one.id, person=one.person)
    request.refresh(one.ref, request_card(request, one))
    settled(request, one.ref, f"{state} by {request.person.name}")
    refresh_homes(request, _deciders(request, item))
    return one


def _deciders(context: Context, item: Item) -> list[str]:
    """Everybody in a department that may see the contact."""
    return [person.id for each in departments_that_see(context, item) for person in context.city.in_department(each)]
