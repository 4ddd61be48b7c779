"""Contacts: the quick reference and the city's own numbers, and whether they are still right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from hashlib import sha256

from handlers.kit.city.contacts import Contact
from handlers.kit.context import Context, Request
from handlers.kit.contributions import todo
from handlers.kit.errors import UserError
from handlers.kit.home import refresh_homes
from handlers.kit.inline import Phone
from handlers.kit.listing import Listing, in_sections
from handlers.kit.messages import Button, Buttons, Card, Heading, Note, Row, Text
from handlers.kit.persons import Persons
from handlers.kit.policy import may, roles_with
from handlers.kit.registry import action, command, listing
from handlers.kit.waiting import Task, Waiting, for_each
from storage.crisis.contact_checks import ContactCheck

SHOWN = 20  # contacts on a page: short lines, and in most cities all of them
QUARTER = timedelta(days=92)  # how long a number counts as right without being confirmed


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
    """A checksum of what somebody confirms about a contact: when it changes, the contact must be confirmed again."""
    return sha256(f"{contact.person} {contact.name} {contact.phone} {contact.email}".encode()).hexdigest()


def known_right(context: Context) -> Mapping[str, Known]:
    """For each contact by id, when it was last known to be right."""
    checks = context.store.crisis.contact_checks.all()
    return {contact.id: _known(context, contact, checks.get(contact.id)) for contact in context.city.contacts.contact}


def _known(context: Context, contact: Contact, check: ContactCheck | None) -> Known:
    """A confirmation counts only for the data that was confirmed; the day in the file does not cover a later change."""
    on, by = contact.confirmed, None
    if check:
        said = context.calendar.today(check.checked_at)
        if check.of == checksum(contact) and (on is None or said >= on):
            on, by = said, check.checked_by
        elif check.of != checksum(contact) and on and on < said:
            on = None
    return Known(on, by, on is None or context.today - on > QUARTER)


def known_line(context: Context, known: Known) -> str:
    """Say when a contact was last known to be right."""
    if known.on is None:
        return "never confirmed"
    by = f" by {context.name(known.by)}" if known.by else ""
    stale = ", more than a quarter ago" if known.is_stale else ""
    return f"confirmed {context.calendar.spoken_date(known.on)}{by}{stale}"


@command("city contacts", needs="help", reads_only=True)
def list_contacts(request: Request) -> Card:
    """Show whom to call."""
    if not request.city.contacts.contact:
        return Card("No contacts yet", Text("The city names them in contacts.toml."))
    return contacts_of(request, "")


@listing("contacts.page", needs="help")
def contacts_of(request: Request, _about: str) -> Listing:
    """Turn a page of the contacts."""
    everything, known = may(request.person.all_roles, "contacts.read"), known_right(request)
    every = sorted(request.city.contacts.contact, key=lambda contact: not contact.quick)  # the rest in their order
    seen = [contact for contact in every if everything or contact.quick or contact.person == request.person.id]

    def rows(offset: int, limit: int) -> Sequence[Row | Heading]:
        return in_sections(seen[offset : offset + limit], _section, partial(_row, request, known))

    note = Note("To change a number, edit contacts.toml. One that nobody has confirmed for a quarter is marked.")
    ways = (Button.say("One page to print", "crisis card"),) if everything else ()
    return Listing(Card("Whom to call", note), len(seen), rows, range(0, max(len(seen), 1), SHOWN), ways)


@action("contacts.right", needs="help")
def still_right(request: Request, value: str) -> Card:
    """Say that a number is still right."""
    contact = next((contact for contact in request.city.contacts.contact if contact.id == value), None)
    if contact is None:
        raise UserError("This contact is not in contacts.toml anymore. See the others with: city contacts")
    if not _may_confirm(request, contact):
        roles = ", ".join(roles_with("contacts.confirm"))
        raise UserError(
            f"Only the person whose number it is, or somebody with the role {roles}, can confirm it. "
            "Please ask one of them."
        )
    before = known_right(request)[contact.id]
    if not before.is_stale:
        raise UserError(f"Nothing was changed: {contact.role} was {known_line(request, before)}.")
    check = ContactCheck(contact.id, checksum(contact), request.person.id, request.now)
    request.store.crisis.contact_checks.keep(check)
    request.audit(f"contact {contact.id}", confirmed=True)
    refresh_homes(request, [person.id for person in request.city.with_role("admin")])
    return Card(
        f"{contact.role}: confirmed",
        Text(f"Thank you. {_line(request, contact, known_right(request)[contact.id])}."),
        Buttons(Button.say("All contacts", "city contacts")),
    )


@todo("stale contacts", order=80)
def to_confirm(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Numbers that nobody has confirmed for a quarter, for IT."""
    if not (admins := persons.with_role("admin")):
        return {}
    known = known_right(context)
    stale = [contact for contact in context.city.contacts.contact if known[contact.id].is_stale]
    tasks = [
        Task(f"contact {contact.id}", _line(context, contact, known[contact.id]), (_right(contact),))
        for contact in stale
    ]
    waiting = Waiting("Numbers to call that nobody has confirmed for a quarter", tasks, "city contacts")
    return for_each(admins, waiting)


def _section(contact: Contact) -> str:
    return "Quick reference" if contact.quick else "The city's own, in the order in which they are called"


def _row(request: Request, known: Mapping[str, Known], contact: Contact) -> Row:
    """A contact with the number to call; one to be confirmed has a button for people who may."""
    asked = known[contact.id].is_stale and _may_confirm(request, contact)
    before, after = _around(request, contact, known[contact.id])
    return Row(Text(before, Phone(contact.phone), after), _right(contact) if asked else None)


def _line(context: Context, contact: Contact, known: Known) -> str:
    before, after = _around(context, contact, known)
    return f"{before}{contact.phone}{after}"


def _around(context: Context, contact: Contact, known: Known) -> tuple[str, str]:
    """What stands before and after the number of a contact in one line."""
    email = f", {contact.email}" if contact.email else ""
    stale = f" ({known_line(context, known)})" if known.is_stale else ""
    return f"{contact.role}: {contact_name(context, contact)}, ", f"{email}{stale}"


def _right(contact: Contact) -> Button:
    return Button("Still right", "contacts.right", contact.id)


def _may_confirm(request: Request, contact: Contact) -> bool:
    return contact.person == request.person.id or may(request.person.all_roles, "contacts.confirm")
