"""Feedback letter: what an e-mail to a resident says, and to whom somebody may send the answer to an item."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from handlers.feedback.openings import sees
from handlers.feedback.record import copies_of
from handlers.kit.addresses import addresses_in
from handlers.kit.context import Context, Request
from handlers.kit.messages import Button, Card, Text
from handlers.kit.vault import CannotOpen
from storage.feedback.contacts import Contact
from storage.feedback.items import Item
from storage.feedback.letters import Letter

STAMP = 16  # characters by which a button knows what somebody has read
MAIL = "mail"  # the way out without which no letter goes


@dataclass(frozen=True)
class To:
    """A resident to whom the answer can be sent: for which item, by which contact, what came of it before."""

    item: Item
    contact: Contact
    addresses: int
    before: Letter | None

    @property
    def twice(self) -> bool:
        """Whether the same answer may have arrived before."""
        return self.before is not None and self.before.may_be_twice


@dataclass(frozen=True)
class Offer:
    """What somebody may send now: the answer to ``item``, to each of these residents."""

    item: Item
    closed_at: datetime
    to: tuple[To, ...]
    says: str

    @property
    def stamp(self) -> str:
        """What changes with anything that somebody reads before they send it."""
        each = [f"{to.item.ref} {to.contact.mark} {to.twice}" for to in self.to]
        return sha256("\n".join([self.closed_at.isoformat(), self.says, *each]).encode()).hexdigest()[:STAMP]


def offer_of(request: Request, item: Item) -> Offer | None:
    """What this person may send of the answer to an item; None when there is no mail server, no answer, or nobody to
    whom it can go.

    That a contact holds an address is told only to those who may open the contact.
    """
    if MAIL not in request.gateways or item.state != "closed" or item.closed_at is None:
        return None
    if item.original or not item.answer:  # a duplicate is answered with its original
        return None
    pieces = [item, *copies_of(request, item)]
    contacts = request.store.feedback.contacts.of_each([piece.number for piece in pieces])
    before = {letter.item: letter for letter in request.store.feedback.letters.of(item.number, item.closed_at)}
    to = [_to(request, piece, contacts, before.get(piece.number)) for piece in pieces if piece.number in contacts]
    some = tuple(filter(None, to))
    return Offer(item, item.closed_at, some, letter_text(request, item, some[0].item.ref)) if some else None


def _to(request: Request, item: Item, contacts: Mapping[int, Contact], before: Letter | None) -> To | None:
    """A resident, when this person may write to them and the answer neither is on its way nor has arrived."""
    contact = contacts[item.number]
    if (before and not before.may_go_again) or not sees(request, request.person, item):
        return None
    addresses = _addresses(request, item, contact)
    return To(item, contact, addresses, before) if addresses else None


def _addresses(request: Request, item: Item, contact: Contact) -> int:
    """How many e-mail addresses a contact holds; none where it cannot be opened. Nobody reads them."""
    try:
        return len(addresses_in(request.vault.open(contact.key, contact.sealed, item.ref)))
    except CannotOpen:
        return 0


def mail_button(item: Item, *, primary: bool = False) -> Button:
    """The button that shows the e-mail, which is not sent before somebody has read it."""
    return Button.say("Send the answer by e-mail", f"feedback mail {item.ref}", style="primary" if primary else "plain")


def letter_title(context: Context, ref: str) -> str:
    """The subject of a letter."""
    return f"{context.city.name}: the answer to your feedback {ref}"


def letter_text(context: Context, item: Item, ref: str, *, twice: bool = False) -> str:
    """What a letter says to the resident of ``ref``: the answer to ``item``, and nothing about anybody."""
    again = "We may have sent you this before. If you have read it already, there is nothing to do."
    parts = (
        *((again,) if twice else ()),
        f"You told {context.city.name} about something and asked for an answer. Your reference is {ref}.",
        f"Our answer: {item.answer}",
        *((f"Where you can go: {item.go_to}",) if item.go_to else ()),
        f"Nobody reads replies to this e-mail. To tell us more, contact us as before and give the reference {ref}.",
    )
    return "\n\n".join(parts)


def letter_card(context: Context, item: Item, letter: Letter) -> Card:
    """A letter as it goes out."""
    text = letter_text(context, item, letter.ref, twice=letter.twice)
    return Card(letter_title(context, letter.ref), Text(text))
