"""Contacts: whom to call when chat is not enough, and how long ago a number was known to be right."""

from datetime import date, timedelta
from hashlib import sha256

from handlers.kit.calendar import spoken_date
from handlers.kit.context import Context
from handlers.kit.crisis_facts import Contact

QUARTER = timedelta(days=92)  # the longest a number counts as right without a look


def contact_name(context: Context, contact: Contact) -> str:
    return context.name(contact.person) if contact.person else contact.name or ""


def checksum(contact: Contact) -> str:
    """What is right when a contact is: a number that changes is to be looked at anew."""
    return sha256(f"{contact.person} {contact.name} {contact.phone} {contact.email}".encode()).hexdigest()


def confirmed_on(context: Context, contact: Contact) -> date | None:
    """When a contact was last known to be right: by the city's file, or by somebody's word; None for never."""
    check = context.store.contact_checks.all().get(contact.id)
    said = context.city.calendar.today(check.checked_at) if check and check.of == checksum(contact) else None
    return max((day for day in (said, contact.confirmed) if day), default=None)


def is_stale(context: Context, contact: Contact) -> bool:
    """Whether nobody has looked at a contact for a quarter."""
    known = confirmed_on(context, contact)
    return known is None or context.today - known > QUARTER


def stale_contacts(context: Context) -> list[Contact]:
    """The contacts that nobody has looked at for a quarter, in the order of the file."""
    return [one for one in context.city.contacts.contact if is_stale(context, one)]


def since_line(context: Context, contact: Contact) -> str:
    """When a contact was last known to be right, in words."""
    known = confirmed_on(context, contact)
    if known is None:
        return "never confirmed"
    stale = ", more than a quarter ago" if is_stale(context, contact) else ""
    return f"confirmed {spoken_date(known)}{stale}"
