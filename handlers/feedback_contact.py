"""Feedback contact: shown and changed in a form that nobody else sees, and every look leaves a trace."""

from collections.abc import Mapping

from handlers.kit.context import Request
from handlers.kit.feedback import found, item_card, record
from handlers.kit.feedback_contact import check_contact, check_may_see, keep_contact, opened_contact
from handlers.kit.feedback_openings import sees
from handlers.kit.feedback_requests import ask_card
from handlers.kit.forms import Form, OpenForm, Reference, ask
from handlers.kit.messages import Card, Note
from handlers.kit.registry import action, command
from storage.feedback import Item


class Contact(Form):
    contact: str | None = ask(
        "How can we reach the resident?",
        default=None,
        max_length=500,
        long=True,
        private=True,
        hint="Kept sealed. Empty it to forget it.",
    )


class WhoseContact(Form):
    feedback: Reference = ask("Which one?", max_length=12, hint="Its reference, such as F-1")


@command("feedback contact", sends="Next", asks=WhoseContact, needs="feedback.work", example="/feedback contact F-1")
def contact_of(request: Request, form: WhoseContact) -> OpenForm | Card:
    """Contact of the resident."""
    item = found(request.store.feedback.take(form.feedback), form.feedback)
    if not sees(request, request.person, item):
        request.note(item.ref, contact="refused")
        return ask_card(request, item, request.person.id)
    return OpenForm(f"feedback.contact|{item.ref}", {"contact": opened_contact(request, item)})


def _as_kept(request: Request, value: str) -> Mapping[str, str]:
    return {"contact": opened_contact(request, _seen(request, value))}


@action("feedback.contact", asks=Contact, prefill=_as_kept, needs="feedback.work")
def change_contact(request: Request, value: str, form: Contact) -> Card:
    """Contact of the resident."""
    item = _seen(request, value)
    check_contact(request, form.contact)
    keep_contact(request, item, form.contact)
    item = record(request, item, "contact", request.person.id, "kept" if form.contact else "removed")
    headline = f"The contact of {item.ref} is kept, sealed" if form.contact else f"{item.ref} has no contact"
    return item_card(request, item, headline=headline).with_words(
        Note("Who opens it leaves a trace in the audit.") if form.contact else Note("What was there is forgotten.")
    )


def _seen(request: Request, ref: str) -> Item:
    """The item, for somebody who may see its contact; raises UserError for anybody else."""
    item = found(request.store.feedback.take(ref), ref)
    check_may_see(request, item)
    return item
