"""Feedback mailing: the answer to an item goes to its residents by e-mail, once somebody who may has read it."""

from dataclasses import dataclass

from handlers.feedback.card import state_words
from handlers.feedback.contact import check_may_see
from handlers.feedback.letter import MAIL, Offer, letter_text, letter_title, offer_of
from handlers.feedback.mailed import audit_letter, letter_words, mailed_card
from handlers.feedback.openings import sees
from handlers.feedback.record import copies_of, found, original_of
from handlers.kit.acting import LetterAbout
from handlers.kit.context import Request
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, Reference, ask
from handlers.kit.lists import listed
from handlers.kit.messages import Button, Buttons, Card, Facts, Heading, Note, Text
from handlers.kit.registry import action, command
from handlers.kit.values import Carried
from storage.feedback.items import Item
from storage.feedback.letters import Letter


class WhichAnswer(Form):
    feedback: Reference = ask("Which one?", max_length=12, hint="Its reference, such as F-1")


@dataclass(frozen=True)
class AnswerRead(Carried):
    """The answer to an item, as somebody has read it before they send it."""

    feedback: str
    stamp: str


@command(
    "feedback mail",
    sends="Show the e-mail",
    asks=WhichAnswer,
    needs="feedback.close",
    reads_only=True,
    example="/feedback mail F-1",
)
def show_letter(request: Request, form: WhichAnswer) -> Card:
    """Answer by e-mail."""
    item = found(request.store.feedback.records.find(form.feedback), form.feedback)
    return _before_sending(request, _answered(request, item))


@action("feedback.mail", needs="feedback.close", carries=AnswerRead)
def send_letters(request: Request, value: AnswerRead) -> Card:
    """Send the answer by e-mail."""
    item = _answered(request, found(request.store.feedback.records.take(value.feedback), value.feedback))
    offer = offer_of(request, item)
    if offer is None or offer.stamp != value.stamp:
        return _before_sending(request, item, "It has changed since you read it. Nothing was sent.")
    letters = _kept(request, offer)
    request.send_letters(list(map(_about, letters)))
    for letter in letters:
        audit_letter(request, letter, "asked")
    request.answer_draws = f"feedback.mailed {item.ref} {offer.closed_at.isoformat()}"
    return mailed_card(request, item.ref, offer.closed_at.isoformat())


def _answered(request: Request, item: Item) -> Item:
    """The item whose answer it is: this one, or what it is a duplicate of. Raises UserError where there is no answer to
    send, and Refused for somebody who may open no contact of it."""
    item = original_of(request, item)
    if MAIL not in request.gateways:
        raise UserError(f"The bot has no mail server here. Write to the resident yourself: feedback contact {item.ref}")
    if item.state != "closed" or not item.answer:
        hint = f" Answer it first: feedback close {item.ref}" if item.state == "open" else ""
        raise UserError(f"{item.ref} is {state_words(request, item)}. Nothing was sent.{hint}")
    if not any(sees(request, request.person, piece) for piece in (item, *copies_of(request, item))):
        check_may_see(request, item)
    return item


def _before_sending(request: Request, item: Item, changed: str = "") -> Card:
    """The e-mail before it is sent; where there is nothing to send any more, what became of it, or why."""
    if offer := offer_of(request, item):
        return _preview(request, offer, changed)
    if item.closed_at and request.store.feedback.letters.of(item.number, item.closed_at):
        return mailed_card(request, item.ref, item.closed_at.isoformat())
    raise UserError(
        f"I can read no e-mail address in the contact of {item.ref}. Nothing was sent. "
        f"To see what there is: feedback contact {item.ref}"
    )


def _preview(request: Request, offer: Offer, changed: str) -> Card:
    """What the e-mail says, to whom it goes, and the button that sends it."""
    first, send = offer.to[0], "Send it" if len(offer.to) == 1 else f"Send {len(offer.to)} e-mails"
    notes = _notes(offer)
    return Card(
        f"{offer.item.ref}: send this answer by e-mail?",
        *((Text(changed),) if changed else ()),
        *letter_words(request, [to.before for to in offer.to if to.before]),
        Facts(("To", _residents(offer)), ("Subject", letter_title(request, first.item.ref))),
        Heading("The e-mail"),
        Text(letter_text(request, offer.item, first.item.ref, twice=first.twice)),
        Buttons(Button(send, "feedback.mail", AnswerRead(offer.item.ref, offer.stamp), style="primary"), one_of=True),
        *((Note(" ".join(notes)),) if notes else ()),
    )


def _residents(offer: Offer) -> str:
    """To whom it goes, without their addresses."""
    if [to.item for to in offer.to] == [offer.item]:
        return "the resident's e-mail"
    one = "the e-mail of the resident" if len(offer.to) == 1 else "the e-mails of the residents"
    return f"{one} of {listed([to.item.ref for to in offer.to])}"


def _notes(offer: Offer) -> list[str]:
    """What else somebody must know before they send it."""
    notes = (
        [f"This is the e-mail for {offer.to[0].item.ref}; each one has its own reference."] if len(offer.to) > 1 else []
    )
    if twice := [to.item.ref for to in offer.to if to.twice]:
        notes.append(f"It may have arrived before ({listed(twice)}): the e-mail says so.")
    several = [to for to in offer.to if to.addresses > 1]
    return notes + [
        f"The contact of {to.item.ref} has {to.addresses} e-mail addresses: it goes to the first." for to in several
    ]


def _kept(request: Request, offer: Offer) -> list[Letter]:
    """Keep that this person sends it, in the order in which they read to whom."""
    kept, by, at = request.store.feedback.letters, request.person.id, request.now
    new = {to.item.number: to.contact.mark for to in offer.to if to.before is None}
    again = [(to.before, to.contact.mark) for to in offer.to if to.before is not None]
    return [*kept.again(again, by, at), *kept.add(offer.item.number, offer.closed_at, new, by, at)]


def _about(letter: Letter) -> LetterAbout:
    carries: dict[str, str | int] = {
        "item": letter.item,
        "letter": letter.id,
        "contact": letter.contact,
        "key": letter.key,
    }
    return LetterAbout(letter.ref, f"feedback.letter {letter.ref} {letter.id}", carries)
