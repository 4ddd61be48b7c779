"""Closing feedback: with a reason and a sentence for the resident, reopening it, and checking that it is fixed."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from handlers.feedback.card import item_card, short, show_button, state_words
from handlers.feedback.department import head_of, is_here, place_of, present
from handlers.feedback.endings import CloseElsewhere, CloseHere, CloseItem, Closing, check_ending, chosen, form_of
from handlers.feedback.letter import Offer, mail_button, offer_of
from handlers.feedback.openings import sees
from handlers.feedback.record import category_of, copies_of, found, put_back, record, still_open, taken_open
from handlers.kit.city.feedback import Ending
from handlers.kit.context import Context, Request
from handlers.kit.contributions import drawn, todo, undoes
from handlers.kit.errors import NotNeeded, UserError
from handlers.kit.forms import Form, OpenForm, Reference, ask
from handlers.kit.lists import listed
from handlers.kit.messages import Button, Buttons, Card, Text
from handlers.kit.persons import Persons
from handlers.kit.registry import action, command
from handlers.kit.settled import opened_again, settled
from handlers.kit.trace import traced
from handlers.kit.undo import TAKEN_BACK, undoable
from handlers.kit.waiting import Task, Waiting
from storage.feedback.items import Item

ENDED = ("answer", "reason", "decided_by", "go_to", "duplicate_of", "closed_by", "closed_at", "took", "check_on")


class ReopenItem(Form):
    feedback: Reference = ask("Which one?", max_length=12, hint="Its reference, such as F-1")
    why: str = ask("Why is it open again?", max_length=500, long=True)


class NotFixed(Form):
    why: str = ask("What is still wrong?", max_length=500, long=True)


@command(
    "feedback close",
    sends="Close the item",
    asks=CloseItem,
    needs="feedback.close",
    example="/feedback close F-1; reason done; answer The pothole is filled",
)
def close_feedback(request: Request, form: CloseItem) -> Card | OpenForm:
    """Close feedback."""
    taken = taken_open(request, form.feedback)
    usual = request.city.feedback.answer[0].id
    if not (form.reason or form.answer):
        return OpenForm("feedback.close-as", {"reason": usual}, Closing(taken.ref, usual))
    return _close(request, taken, request.city.endings[form.reason or usual], form.values())


@action(
    "feedback.close-as",
    asks=form_of,
    varies=True,
    prefill=chosen,
    carries=Closing,
    needs="feedback.close",
    sends="Close the item",
)
def close_as(request: Request, value: Closing, form: CloseHere) -> Card | OpenForm:
    """Close feedback."""
    taken, ending = taken_open(request, value.feedback), request.city.endings[form.reason]
    if ending.elsewhere and not isinstance(form, CloseElsewhere):
        kept = {"reason": ending.id, "answer": form.answer or ""}
        return OpenForm("feedback.close-as", kept, Closing(taken.ref, ending.id))
    return _close(request, taken, ending, form.values())


def _close(request: Request, taken: Item, ending: Ending, given: Mapping[str, Any]) -> Card:
    """Close an item with what its ending needs of what was ``given``, and tell who waits for the answer."""
    check_ending(ending, given)
    elsewhere = given if ending.elsewhere else {}
    check_on = _check_day(request, taken) if ending.check else None
    item = record(
        request,
        taken,
        "closed",
        request.person.id,
        state="closed",
        reason=ending.id,
        answer=given["answer"] or ending.text,
        decided_by=elsewhere.get("decided_by"),
        go_to=elsewhere.get("go_to"),
        check_on=check_on,
        closed_by=request.person.id,
        closed_at=request.now,
        waits_for=None,
        waits_until=None,
    )
    request.audit(item.ref, state=item.state, reason=ending.id)
    settled(request, item.ref, f"answered by {request.person.name}")
    copies = copies_of(request, item)
    _tell_loggers(request, item, copies)
    card = item_card(request, item, headline=f"Closed {item.ref}")
    kept = request.store.feedback.contacts.of_each([piece.number for piece in (item, *copies)])
    asked = [piece for piece in (item, *copies) if piece.number in kept]
    offer = offer_of(request, item) if asked else None
    card = card.with_words(
        *_to_answer(item, asked, offer),
        Buttons(
            *((mail_button(item, primary=True),) if offer else ()),
            *(_contact(request, item, piece) for piece in asked),
            Button.say("Reopen", f"feedback reopen {item.ref}"),
        ),
        *undoable(request, "feedback.closed", item.ref, **as_it_waited(taken)),
    )
    return traced(request, card, f"{item.ref} closed")


def as_it_waited(item: Item) -> dict[str, str | None]:
    """What closing an item takes from it besides its state."""
    until = item.waits_until
    return {"waits_for": item.waits_for, "waits_until": until.isoformat() if until else None}


@undoes("feedback.closed", needs="feedback.close")
def open_as_before(request: Request, ref: str, waits_for: str | None, waits_until: str | None) -> Card:
    """An item is open as it was before somebody closed it."""
    until = date.fromisoformat(waits_until) if waits_until else None
    before = {**dict.fromkeys(ENDED), "state": "open", "waits_for": waits_for, "waits_until": until}
    item = put_back(request, ref, {"state": "closed"}, before)
    card = item_card(request, item, headline=f"{TAKEN_BACK}{item.ref} is open as before", buttons=True)
    return traced(request, card, f"{item.ref} opened again")


@command(
    "feedback reopen",
    sends="Open it again",
    asks=ReopenItem,
    needs="feedback.work",
    example="/feedback reopen F-1; why It broke again",
)
def reopen(request: Request, form: ReopenItem) -> Card:
    """Open feedback again."""
    return _opened_again(request, form.feedback, form.why)


@action("feedback.fixed", needs="feedback.work")
def is_fixed(request: Request, value: str) -> Card:
    """Say that it is fixed."""
    item = _asked_about(request, value)
    item = record(request, item, "fixed", request.person.id, check_on=None)
    request.audit(item.ref, fixed=True)
    settled(request, item.ref, f"fixed, says {request.person.name}")
    return traced(request, item_card(request, item, headline=f"{item.ref} is fixed"), f"{item.ref} found fixed")


@action("feedback.not-fixed", asks=NotFixed, needs="feedback.work", sends="Open it again")
def is_not_fixed(request: Request, value: str, form: NotFixed) -> Card:
    """It is not fixed."""
    item = _asked_about(request, value)
    return _opened_again(request, item.ref, form.why)


@todo("feedback to look at again", order=31)
def to_check(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Closed feedback for which people have to say whether it is fixed."""
    tasks = dict[str, list[Task]]()
    for item in context.store.feedback.lists.to_check(context.today):
        asked, line = _asked(context, item), f"{item.ref} Is it fixed? {short(item.what)}"
        if asked and asked in persons:
            task = Task(item.ref, line, _yes_no(item), due=item.check_on, owner=asked)
            tasks.setdefault(asked, []).append(task)
    return {person: Waiting(f"Closed feedback to check: {len(own)}", own) for person, own in tasks.items()}


def _yes_no(item: Item) -> tuple[Button, Button]:
    yes = Button("Yes, it is fixed", "feedback.fixed", item.ref, style="primary")
    return yes, Button("No, open it again", "feedback.not-fixed", item.ref)


def _asked(context: Context, item: Item) -> str | None:
    """Who is asked whether it is fixed: the person who had it, else who closed it, else the head."""
    return present(context, item.owner) or present(context, item.closed_by) or head_of(context, item)


def _asked_about(request: Request, ref: str) -> Item:
    item = found(request.store.feedback.records.take(ref), ref)
    if item.state != "closed" or item.check_on is None:
        raise UserError(
            f"Somebody has answered this already: {item.ref} is {state_words(request, item)}. Nothing was changed."
        )
    return item


def _opened_again(request: Request, ref: str, why: str) -> Card:
    item = found(request.store.feedback.records.take(ref), ref)
    if item.state == "open":
        raise UserError(f"{item.ref} is open. Nothing was changed.")
    if item.state == "withdrawn":
        raise UserError(f"{item.ref} was withdrawn. Log it again: feedback add.")
    owner = item.owner if item.owner and is_here(request, item.owner) else None
    ended = dict.fromkeys(ENDED)
    item = record(request, item, "reopened", request.person.id, why, **ended, state="open", owner=owner, mark=0)
    request.audit(item.ref, state=item.state)
    opened_again(request, item.ref, show_button(item))
    for copy in copies_of(request, item):  # the person who logged it has read the same answer
        request.audit(copy.ref, original_reopened=True)
    told = open_again(request, item.ref)
    to = present(request, owner)
    if to != request.person.id:  # an edit of the old card notifies nobody
        place = f"dm:{to}" if to else place_of(request.city, item)
        request.post(place, told, ref=item.ref, priority="prompt", draws=f"feedback.reopened {item.ref}")
    return traced(request, told, f"{item.ref} reopened")


@drawn("feedback.reopened")
def open_again(context: Context, ref: str) -> Card:
    """The message that an item was opened again, while it is open."""
    return item_card(context, still_open(context, ref), headline=f"{ref} is open again", buttons=True)


def _check_day(request: Request, item: Item) -> date:
    category = category_of(request, item)
    days = (category and category.fixed_after_days) or request.city.feedback.fixed_after_days
    day = request.today + timedelta(days=days)
    return request.calendar.open_day(day)


def _to_answer(item: Item, asked: list[Item], offer: Offer | None) -> list[Text]:
    """Say which residents want an answer, for this item and its duplicates, and how they can get it."""
    if not asked:
        return []
    copies = [f"{piece.ref}, a duplicate" for piece in asked if piece is not item]
    who = f"Wants an answer: {'; '.join([item.ref] * (item in asked) + copies)}" if copies else ""
    by_mail = [to.item for to in offer.to] if offer else []
    others = [piece.ref for piece in asked if piece not in by_mail]
    way = "Please write to them or call them with this sentence."
    if by_mail:
        way = "You can send it by e-mail; you see the e-mail first."
        way += f" For {listed(others)}, please write or call." if others else ""
    return [Text(f"{who or 'The resident wants an answer'}. {way}")]


def _contact(request: Request, item: Item, one: Item) -> Button:
    """The button to a contact: it opens the contact, or says who may see it and how to ask them for it."""
    label = "Contact" if one is item else f"Contact of {one.ref}"
    if sees(request, request.person, one):
        return Button(label, "feedback.contact", one.ref)
    return Button.say(label, f"feedback contact {one.ref}")


def _tell_loggers(request: Request, item: Item, copies: list[Item]) -> None:
    """Tell the answer to everybody who logged the item or a duplicate of it."""
    told = {request.person.id}
    for piece in (item, *copies):
        if piece.created_by not in told and is_here(request, piece.created_by):
            told.add(piece.created_by)
            copy = "" if piece is item else f", a duplicate of {item.ref},"
            show = show_button(piece)
            line = f"{piece.ref} “{short(piece.what)}”{copy} is answered: {item.answer}"
            draws = f"feedback.answered {piece.ref} {item.ref} {(item.closed_at or request.now).isoformat()}"
            request.tell(piece.created_by, line, piece.ref, show, draws=draws)


@drawn("feedback.answered")
def answered_again(context: Context, ref: str, original: str, closed_at: str) -> Card:
    """The news that an item, or the one it is a duplicate of, is answered, while that answer holds."""
    item = found(context.store.feedback.records.find(original), original)
    if item.state != "closed" or item.closed_at is None or item.closed_at.isoformat() != closed_at:
        raise NotNeeded(f"{original} was opened again")
    return item_card(context, found(context.store.feedback.records.find(ref), ref))
