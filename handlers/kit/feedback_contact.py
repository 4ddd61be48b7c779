"""Feedback contact: how a resident can be reached, sealed as it comes in and opened for those who answer."""

from handlers.kit.context import Request
from handlers.kit.errors import FieldErrors, Refused, UserError
from handlers.kit.feedback_openings import sees, who_sees
from handlers.kit.vault import CannotOpen
from storage.feedback import Item


def check_contact(request: Request, contact: str | None) -> None:
    """Raise FieldErrors when contact data is given and cannot be sealed."""
    if contact and request.vault.newest is None:
        ask = " or ".join(one.name for one in request.city.with_role("admin")[:2])
        raise FieldErrors(
            {"contact": f"Contact data cannot be kept: there is no CONTACT_KEY. Leave it empty; {ask} can set the key."}
        )


def keep_contact(request: Request, item: Item, contact: str | None) -> None:
    """Seal the contact of an item, or forget it when it is empty."""
    if not contact:
        if request.store.contacts.remove(item.number):
            request.note(item.ref, contact="removed")
        return
    check_contact(request, contact)
    sealed = request.vault.seal(contact, item.ref)
    request.store.contacts.put(item.number, sealed.key, sealed.data, request.person.id, request.now)
    request.note(item.ref, contact="kept")


def opened_contact(request: Request, item: Item) -> str:
    """The contact of an item, for a form that nobody else sees; leaves its trace in the audit. Raises UserError."""
    kept = request.store.contacts.find(item.number)
    if kept is None:
        return ""
    if not request.vault.knows(kept.key):
        raise UserError(f"The contact of {item.ref} is sealed with a key that is not there. Ask IT for CONTACT_KEY.")
    try:
        contact = request.vault.open(kept.key, kept.sealed, item.ref)
    except CannotOpen:
        raise UserError(f"The contact of {item.ref} does not open: it was changed in the database. Tell IT.") from None
    request.note(item.ref, contact="seen")
    return contact


def check_may_see(request: Request, item: Item) -> None:
    """Raise Refused for somebody who may not see the contact, whether there is one or not."""
    if not sees(request, request.person, item):
        way = f'To ask for it, or for somebody who writes to the resident: "feedback contact {item.ref}".'
        sentence = f"The contact of {item.ref} is open to {who_sees(request, item)}. {way}"
        raise Refused(sentence, person=request.person.id, subject=item.ref, contact="refused")
