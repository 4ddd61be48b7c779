"""Feedback contact: shown and changed in a form that nobody else sees, with an audit row for every access."""

from collections.abc import Mapping

from handlers.feedback.card import item_card
from handlers.feedback.openings import open_to_words, sees
from handlers.feedback.record import found, record
from handlers.feedback.request_cards import ask_card
from handlers.kit.context import Request
from handlers.kit.errors import FieldErrors, Refused, UserError
from handlers.kit.forms import Form, OpenForm, Reference, ask
from handlers.kit.messages import Card, Note
from handlers.kit.registry import action, command
from handlers.kit.vault import CannotOpen
from storage.feedback.items import Item


def check_contact(request: Request, contact: str | None) -> None:
    """Raise FieldErrors when contact data is given and cannot be sealed."""
    if contact and request.vault.newest is None:
        ask = " or ".join(person.name for person in request.city.with_role("admin")[:2])
        raise FieldErrors(
            {"contact": f"Contact data cannot be kept: there is no CONTACT_KEY. Leave it empty; {ask} can set the key."}
        )


def keep_contact(request: Request, item: Item, contact: str | None) -> None:
    """Seal the contact of an item, or delete it when it is empty."""
    if not contact:
        if request.store.feedback.contacts.remove(item.number):
            request.audit(item.ref, contact="removed")
        return
    check_contact(request, contact)
    sealed = request.vault.seal(contact, item.ref)
    request.store.feedback.contacts.put(item.number, sealed.key, sealed.data, request.person.id, request.now)
    request.audit(item.ref, contact="kept")


def opened_contact(request: Request, item: Item) -> str:
    """Open the contact of an item, for a form that nobody else sees; writes an audit row. Raises UserError."""
    kept = request.store.feedback.contacts.find(item.number)
    if kept is None:
        return ""
    if not request.vault.knows(kept.key):
        raise UserError(f"The contact of {item.ref} is sealed with a key that is not there. Ask IT for CONTACT_KEY.")
    try:
        contact = request.vault.open(kept.key, kept.sealed, item.ref)
    except CannotOpen:
        raise UserError(f"The contact of {item.ref} does not open: it was changed in the database. Tell IT.") from None
    request.audit(item.ref, contact="seen")
    return contact


def check_may_see(request: Request, item: Item) -> None:
    """Raise Refused for somebody who may not see the contact, whether there is one or not."""
    if not sees(request, request.person, item):
        way = f'To ask for it, or to have somebody write to the resident: "feedback contact {item.ref}".'
        raise Refused(
            f"{open_to_words(request, item)} {way}", person=request.person.id, subject=item.ref, contact="refused"
        )


class Contact(Form):
    contact: str | None = ask(
        "How can we reach the resident?",
        default=None,
        max_length=500,
        long=True,
        private=True,
        hint="Kept sealed. Leave it empty to remove it.",
    )


class WhoseContact(Form):
    feedback: Reference = ask("Which one?", max_length=12, hint="Its reference, such as F-1")


@command("feedback contact", sends="Next", asks=WhoseContact, needs="feedback.work", example="/feedback contact F-1")
def contact_of(request: Request, form: WhoseContact) -> OpenForm | Card:
    """Show the contact."""
    item = found(request.store.feedback.records.take(form.feedback), form.feedback)
    if not sees(request, request.person, item):
        request.audit(item.ref, contact="refused")
        return ask_card(request, item, request.person.id)
    return OpenForm("feedback.contact", {"contact": opened_contact(request, item)}, item.ref)


def _as_kept(request: Request, value: str) -> Mapping[str, str]:
    return {"contact": opened_contact(request, _seen(request, value))}


@action("feedback.contact", asks=Contact, prefill=_as_kept, needs="feedback.work", sends="Save the contact")
def change_contact(request: Request, value: str, form: Contact) -> Card:
    """Change the contact."""
    item = _seen(request, value)
    check_contact(request, form.contact)
    keep_contact(request, item, form.contact)
    item = record(request, item, "contact", request.person.id, "kept" if form.contact else "removed")
    headline = f"The contact of {item.ref} is kept, sealed" if form.contact else f"{item.ref} has no contact"
    return item_card(request, item, headline=headline).with_words(
        Note("The audit records who opens it.") if form.contact else Note("What was there is removed.")
    )


def _seen(request: Request, ref: str) -> Item:
    """Find the item, for somebody who may see its contact; raises UserError for anybody else."""
    item = found(request.store.feedback.records.take(ref), ref)
    check_may_see(request, item)
    return item
