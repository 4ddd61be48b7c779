"""Feedback requests: the card to ask for a contact, and the card on which a department decides."""

from dataclasses import dataclass

from handlers.feedback.card import short
from handlers.feedback.openings import departments_that_see, open_to_words
from handlers.feedback.record import found
from handlers.kit.context import Context
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Text, Word
from handlers.kit.values import Carried
from storage.feedback.contact_requests import ContactRequest
from storage.feedback.items import Item

DAYS = 7  # how long a contact stays open after an agreement: enough to write to somebody and hear back


@dataclass(frozen=True)
class RequestOf(Carried):
    """A request for a contact, by its number."""

    request: int


def ask_card(context: Context, item: Item, person: str) -> Card:
    """The card for somebody who may not see a contact: who may, and how to ask them."""
    says = Text(open_to_words(context, item))
    asked = department_asked(context, item)
    if asked is None:
        return Card("This contact is not open to you", says, Text("Ask one of them to write to the resident."))
    name = context.city.departments[asked].name
    if waiting := context.store.feedback.contact_requests.waiting(item.number, person):
        when = context.spoken(waiting.asked_at)
        again = Text(f"You have asked {name} for it, {when}. You will be told what they say.")
        return Card("This contact is not open to you", says, again)
    ask = Button("Ask the department", "feedback.contact-ask", item.ref, style="primary")
    way = Text(f"Somebody in {name} can open it to you, if you say why you need it.")
    return Card("This contact is not open to you", says, way, Buttons(ask))


def department_asked(context: Context, item: Item) -> str | None:
    """The department that is asked for a contact: of those that may see it, the last to which it was routed."""
    departments = departments_that_see(context, item)
    return departments[-1] if departments else None


def request_card(context: Context, one: ContactRequest) -> Card:
    """The card of a request for the department, with the answer once there is one."""
    item, who, by = item_of(context, one), context.name(one.person), context.name(one.decided_by)
    words: list[Word]
    if one.state == "asked":
        title = f"{who} asks for the contact of {item.ref}"
        words = [
            Buttons(*decide_buttons(one)),
            Note(f"It opens for {DAYS} days. The audit records each time it is opened."),
        ]
    elif one.state == "agreed":
        title, words = f"{by} opened the contact of {item.ref} to {who}", [Note(until_words(context, one))]
    else:
        title, words = f"{by} did not open the contact of {item.ref} to {who}", []
    return Card(title, Text(short(item.what)), Facts(("Why", one.reason)), *words)


def decide_buttons(one: ContactRequest) -> tuple[Button, Button]:
    agree = Button("Agree", "feedback.contact-agree", RequestOf(one.id), style="primary")
    return agree, Button("Decline", "feedback.contact-decline", RequestOf(one.id))


def until_words(context: Context, one: ContactRequest) -> str:
    """Say until when an agreement holds."""
    return f"It is open until {context.spoken(one.until or context.now)}."


def item_of(context: Context, one: ContactRequest) -> Item:
    ref = f"F-{one.item}"
    return found(context.store.feedback.records.find(ref), ref)
