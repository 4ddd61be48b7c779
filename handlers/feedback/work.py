"""Working on feedback: pausing its clock, and marking duplicates."""

from datetime import timedelta

from handlers.feedback.card import WAITS_FOR, item_card
from handlers.feedback.close import as_it_waited
from handlers.feedback.letter import mail_button, offer_of
from handlers.feedback.record import record, taken_open
from handlers.kit.context import Request
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.forms import Date, Form, Reference, ask
from handlers.kit.messages import Button, Buttons, Card, Note
from handlers.kit.registry import command
from handlers.kit.settled import settled
from handlers.kit.trace import traced
from handlers.kit.undo import undoable
from storage.feedback.items import Item


class OneItem(Form):
    feedback: Reference = ask("Which one?", max_length=12, hint="Its reference, such as F-1")


class WaitItem(OneItem):
    whom: str = ask("What does it wait for?", options=WAITS_FOR)
    reason: str = ask("Why? The time to answer stops until you resume", max_length=500, long=True)
    until: Date | None = ask(
        "Until when, at the latest?", default=None, hint="friday or 2026-12-01; you will be asked again then"
    )


class DuplicateItem(OneItem):
    of: Reference = ask("Which one says the same?", max_length=12, hint="The reference that stays open, such as F-1")


@command(
    "feedback wait",
    sends="Pause it",
    asks=WaitItem,
    needs="feedback.work",
    example="/feedback wait F-1; whom weather; reason Asphalt needs 50 degrees; until friday",
)
def wait(request: Request, form: WaitItem) -> Card:
    """Pause feedback."""
    item = taken_open(request, form.feedback)
    if form.until and form.until <= request.today:
        raise FieldErrors(
            {"until": f"{request.spoken_day(form.until)} is not in the future. Choose a day from tomorrow on."}
        )
    until = form.until or request.today + timedelta(days=request.city.feedback.still_waiting_days)
    item = record(request, item, "waits", request.person.id, form.reason, waits_for=form.whom, waits_until=until)
    request.audit(item.ref, waits_for=form.whom)
    card = item_card(request, item, headline=f"{item.ref} is paused", buttons=True)
    card = card.with_words(Note(f"You will be asked again on {request.spoken_day(until)}."))
    return traced(request, card, f"{item.ref} paused")


@command("feedback resume", asks=OneItem, needs="feedback.work", example="/feedback resume F-1")
def resume(request: Request, form: OneItem) -> Card:
    """Resume feedback."""
    item = taken_open(request, form.feedback)
    if item.waits_for is None:
        raise UserError(f"{item.ref} is not paused. Nothing was changed.")
    item = record(request, item, "resumed", request.person.id, waits_for=None, waits_until=None)
    request.audit(item.ref, waits_for=None)
    card = item_card(request, item, headline=f"{item.ref} is not paused anymore", buttons=True)
    return traced(request, card, f"{item.ref} resumed")


@command(
    "feedback duplicate",
    sends="Close as a duplicate",
    asks=DuplicateItem,
    needs="feedback.close",
    example="/feedback duplicate F-2; of F-1",
)
def duplicate(request: Request, form: DuplicateItem) -> Card:
    """Close as a duplicate."""
    taken = taken_open(request, form.feedback)
    original = _original(request, taken, form.of)
    item = close_as_duplicate(request, taken, original)
    card = item_card(request, item, headline=f"{item.ref} is closed as a duplicate of {original.ref}").with_words(
        *undoable(request, "feedback.closed", item.ref, **as_it_waited(taken)),
        Buttons(
            *((mail_button(original),) if offer_of(request, original) else ()),
            Button.say(f"Show {original.ref}", f"feedback show {original.ref}"),
        ),
        Note(
            f"{original.ref} is answered already; the same answer counts here."
            if original.state == "closed"
            else f"When {original.ref} is answered, the person who logged {item.ref} is told too."
        ),
    )
    return traced(request, card, f"{item.ref} closed as a duplicate of {original.ref}")


def close_as_duplicate(request: Request, taken: Item, original: Item) -> Item:
    """Close an item whose answer will be that of another one."""
    item = record(
        request,
        taken,
        "closed",
        request.person.id,
        state="closed",
        reason="duplicate",
        duplicate_of=original.number,
        answer=original.answer,
        closed_by=request.person.id,
        closed_at=request.now,
        waits_for=None,
        waits_until=None,
    )
    request.audit(item.ref, state=item.state, duplicate_of=original.ref)
    settled(request, item.ref, f"a duplicate of {original.ref}")
    return item


def _original(request: Request, item: Item, ref: str) -> Item:
    """Find the original of a duplicate; raises FieldErrors when the item cannot be its duplicate."""
    original = request.store.feedback.records.take(ref)
    if original is None:
        raise FieldErrors({"of": f'There is no feedback "{ref}". Write "feedback list" to see what is open.'})
    if original.number == item.number:
        raise FieldErrors({"of": f"{item.ref} cannot be a duplicate of itself. Name the other one."})
    if original.original:
        raise FieldErrors(
            {"of": f"{original.ref} is a duplicate of {original.original} itself. Name {original.original}."}
        )
    if original.state == "withdrawn":
        raise FieldErrors({"of": f"{original.ref} was withdrawn. Name one that is kept."})
    return original
