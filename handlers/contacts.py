"""Contacts: the quick reference and the city's own numbers, and whether they are still right."""

from collections.abc import Mapping

from handlers.kit.contacts import Known, checksum, contact_name, known_line, known_right
from handlers.kit.context import Context, Request
from handlers.kit.contributions import waits
from handlers.kit.crisis_facts import Contact
from handlers.kit.errors import UserError
from handlers.kit.facts import Person
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Note, Row, Text, Word
from handlers.kit.policy import may, roles_with
from handlers.kit.registry import action, command
from handlers.kit.waiting import Task, Waiting
from storage.contact_checks import ContactCheck


@command("city contacts", needs="help", reads_only=True)
def list_contacts(request: Request) -> Card:
    """Show whom to call."""
    everything, known = may(request.person.all_roles, "contacts.read"), known_right(request)
    if not request.city.contacts.contact:
        return Card("No contacts yet", Text("The city names them in contacts.toml."))
    quick = [one for one in request.city.contacts.contact if one.quick]
    seen = [one for one in request.city.contacts.contact if everything or one.person == request.person.id]
    own = [one for one in seen if not one.quick]
    return Card(
        "Whom to call",
        *_rows(request, "Quick reference:", quick, known),
        *_rows(request, "The city's own, in the order in which they are called:", own, known),
        Note("Numbers change in contacts.toml. One that nobody has confirmed for a quarter is marked."),
        *((Buttons(Button.say("One page to print", "crisis card")),) if everything else ()),
    )


@action("contacts.right", needs="help")
def still_right(request: Request, value: str) -> Card:
    """Say that a number is still right."""
    contact = next((one for one in request.city.contacts.contact if one.id == value), None)
    if contact is None:
        raise UserError("This contact is not in contacts.toml any more. See the others with: city contacts")
    if not _may_confirm(request, contact):
        roles = ", ".join(roles_with("contacts.confirm"))
        raise UserError(f"Whether a number is right say those whose it is, and {roles}. Please ask one of them.")
    before = known_right(request)[contact.id]
    if not before.is_stale:
        raise UserError(f"Nothing was changed: {contact.role} was {known_line(request, before)}.")
    check = ContactCheck(contact.id, checksum(contact), request.person.id, request.now)
    request.store.contact_checks.keep(check)
    request.note(f"contact {contact.id}", confirmed=True)
    refresh_homes(request, [one.id for one in request.city.with_role("admin")])
    return Card(
        f"{contact.role}: confirmed",
        Text(f"Thank you. {_line(request, contact, known_right(request)[contact.id])}."),
        Buttons(Button.say("All contacts", "city contacts")),
    )


@waits("stale contacts", order=80)
def to_confirm(context: Context, person: Person) -> Waiting:
    """The numbers that nobody has confirmed for a quarter, for IT."""
    if "admin" not in person.all_roles:
        return Waiting("", [])
    known = known_right(context)
    stale = [one for one in context.city.contacts.contact if known[one.id].is_stale]
    tasks = [Task(f"contact {one.id}", _line(context, one, known[one.id]), (_right(one),)) for one in stale]
    return Waiting("Numbers to call that nobody has confirmed for a quarter", tasks, "city contacts")


def _rows(request: Request, title: str, contacts: list[Contact], known: Mapping[str, Known]) -> list[Word]:
    """Contacts under a heading; at each that is to be confirmed, who may say so has a button."""
    rows: list[Word] = [Text(title)] if contacts else []
    for one in contacts:
        asked = known[one.id].is_stale and _may_confirm(request, one)
        rows.append(Row(_line(request, one, known[one.id]), _right(one) if asked else None))
    return rows


def _line(context: Context, contact: Contact, known: Known) -> str:
    email = f", {contact.email}" if contact.email else ""
    return f"{contact.role}: {contact_name(context, contact)}, {contact.phone}{email} ({known_line(context, known)})"


def _right(contact: Contact) -> Button:
    return Button("Still right", "contacts.right", contact.id)


def _may_confirm(request: Request, contact: Contact) -> bool:
    return contact.person == request.person.id or may(request.person.all_roles, "contacts.confirm")
