"""Contacts: the quick reference and the city's own numbers, and whether they are still right."""

from handlers.kit.contacts import checksum, contact_name, is_stale, since_line, stale_contacts
from handlers.kit.context import Context, Request
from handlers.kit.crisis_facts import Contact
from handlers.kit.errors import UserError
from handlers.kit.facts import Person
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Card, Note, Row, Text
from handlers.kit.policy import may
from handlers.kit.registry import action, command, waits
from handlers.kit.waiting import Task, Waiting
from storage.contact_checks import ContactCheck


@command("city contacts", needs="help", reads_only=True)
def list_contacts(request: Request) -> Card:
    """Show whom to call."""
    known = request.city.contacts.contact
    quick = [one for one in known if one.quick]
    own = [one for one in known if not one.quick] if may(request.person.all_roles, "contacts.read") else []
    if not known:
        return Card("No contacts yet", Text("The city names them in contacts.toml."))
    return Card(
        "Whom to call",
        Text("Quick reference:"),
        *(_row(request, one) for one in quick),
        *((Text("The city's own, in the order of the phone tree:"),) if own else ()),
        *(_row(request, one) for one in own),
        Note("Numbers change in contacts.toml. One that nobody has confirmed for a quarter is marked."),
    )


@action("contacts.right", needs="help")
def still_right(request: Request, value: str) -> Card:
    """Say that a number is still right."""
    contact = next((one for one in request.city.contacts.contact if one.id == value), None)
    if contact is None:
        raise UserError("This contact is not in contacts.toml any more. See the others with: city contacts")
    if not _may_confirm(request, contact):
        raise UserError("Only the person themselves, or who works with the numbers, can say so. Please ask IT.")
    check = ContactCheck(contact.id, checksum(contact), request.person.id, request.now)
    request.store.contact_checks.keep(check)
    request.note(f"contact {contact.id}", confirmed=True)
    refresh_homes(request, [one.id for one in request.city.with_role("admin")])
    return Card(f"{contact.role}: {contact.phone} is right", Text(f"Thank you. {since_line(request, contact)}."))


@waits("stale contacts", order=80)
def to_confirm(context: Context, person: Person) -> Waiting:
    """The numbers that nobody has confirmed for a quarter, for IT."""
    if "admin" not in person.all_roles:
        return Waiting("", [])
    tasks = [Task(f"contact {one.id}", _line(context, one), (_right(one),)) for one in stale_contacts(context)]
    return Waiting("Numbers that nobody has confirmed for a quarter", tasks, "city contacts")


def _row(request: Request, contact: Contact) -> Row:
    stale = is_stale(request, contact) and _may_confirm(request, contact)
    return Row(_line(request, contact), _right(contact) if stale else None)


def _line(context: Context, contact: Contact) -> str:
    email = f", {contact.email}" if contact.email else ""
    name, since = contact_name(context, contact), since_line(context, contact)
    return f"{contact.role}: {name}, {contact.phone}{email} ({since})"


def _right(contact: Contact) -> Button:
    return Button("Still right", "contacts.right", contact.id)


def _may_confirm(request: Request, contact: Contact) -> bool:
    return contact.person == request.person.id or may(request.person.all_roles, "contacts.confirm")
