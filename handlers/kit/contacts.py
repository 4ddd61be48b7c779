"""Contacts: whom to call when chat is not enough, and how long ago a number was known to be right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from handlers.kit.calendar import spoken_date
from handlers.kit.context import Context
from handlers.kit.crisis_facts import Contact
from storage.contact_checks import ContactCheck

QUARTER = timedelta(days=92)  # the longest a number counts as right without a look


@dataclass(frozen=True)
class Known:
    """When a contact was last known to be right (None: never), who said so (None: the city's file), and whether that
    is more than a quarter ago."""

    on: date | None
    by: str | None
    is_stale: bool


def contact_name(context: Context, contact: Contact) -> str:
    return context.name(contact.person) if contact.person else contact.name or ""


def checksum(contact: Contact) -> str:
    """What is right when a contact is: one that changes is to be looked at anew."""
    return sha256(f"{contact.person} {contact.name} {contact.phone} {contact.email}".encode()).hexdigest()


def known_right(context: Context) -> Mapping[str, Known]:
    """For each contact by id, when it was last known to be right."""
    checks = context.store.contact_checks.all()
    return {one.id: _known(context, one, checks.get(one.id)) for one in context.city.contacts.contact}


def _known(context: Context, contact: Contact, check: ContactCheck | None) -> Known:
    """Somebody's word counts for what they have seen; the day in the file does not reach over a later change."""
    on, by = contact.confirmed, None
    if check:
        said = context.city.calendar.today(check.checked_at)
        if check.of == checksum(contact) and (on is None or said >= on):
            on, by = said, check.checked_by
        elif check.of != checksum(contact) and on and on < said:
            on = None
    return Known(on, by, on is None or context.today - on > QUARTER)


def known_line(context: Context, known: Known) -> str:
    """When a contact was last known to be right, in words."""
    if known.on is None:
        return "never confirmed"
    by = f" by {context.name(known.by)}" if known.by else ""
    return f"confirmed {spoken_date(known.on)}{by}{', more than a quarter ago' if known.is_stale else ''}"
