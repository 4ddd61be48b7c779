"""Contacts: once a month, IT reads in the digest which numbers to call nobody has confirmed for a quarter."""

from handlers.crisis.contacts import known_right
from handlers.kit.context import Context, Sending
from handlers.kit.contributions import drawn
from handlers.kit.errors import NotNeeded
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Card, Items
from handlers.kit.registry import routine
from handlers.kit.seats import NOBODY
from handlers.kit.speaking import News


@routine("contacts", at="08:00", on="first working day of the month", to=NOBODY)
def name_stale(context: Sending) -> None:
    """Tell IT, in its digest, which phone numbers have not been confirmed for three months."""
    stale = _stale(context)
    if stale:
        line = f"These phone numbers have not been confirmed for three months: {', '.join(stale)}."
        look = Button.say("Look at them", "city contacts")
        admins = context.city.with_role("admin")
        context.tell_each([News(person.id, line, "contacts", (look,), draws="contacts.stale") for person in admins])


def _stale(context: Context) -> list[str]:
    """The roles whose numbers nobody has confirmed for a quarter."""
    known = known_right(context)
    return [contact.role for contact in context.city.contacts.contact if known[contact.id].is_stale]


@drawn("contacts.stale")
def stale_still(context: Context) -> Card:
    """The numbers to call that nobody has confirmed for a quarter, while there are any."""
    stale = _stale(context)
    if not stale:
        raise NotNeeded("every number has been confirmed")
    headline = "Phone numbers not confirmed for three months"
    return Card(headline, Items(*stale), status=Status("warning", "stale"))
