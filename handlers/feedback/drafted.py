"""Feedback that was asked about before it was logged: as it was understood, as new, or added to what is open."""

from handlers.feedback.card import item_card, show_button, state_words
from handlers.feedback.contact import keep_contact
from handlers.feedback.record import found, log_item
from handlers.feedback.register import NewFeedback, add_feedback, log_new, stored, usual_way
from handlers.feedback.same import said_already
from handlers.feedback.work import close_as_duplicate
from handlers.kit.choose import seen_draft, use_draft, use_form
from handlers.kit.context import Request
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.forms import OpenForm, read_form
from handlers.kit.hints import personal
from handlers.kit.messages import Buttons, Card, Note
from handlers.kit.registry import action
from handlers.kit.same import AddTo
from handlers.kit.trace import traced
from handlers.kit.values import name_and_about

GONE = "This was logged already, or it is more than a week old. Please write it again."


@action("feedback.log", needs="feedback.add")
def log_as_understood(request: Request, value: str) -> Card | OpenForm:
    """Log feedback as it was understood; its form opens where something is missing, or is better looked at again."""
    target, values = seen_draft(request, value, GONE)
    name, source = name_and_about(target)
    request.source = source or None
    try:
        form = read_form(NewFeedback, values, request.reading)
    except FieldErrors:
        form = None
    if form is None or any(personal(text) for text in (form.what, form.place or "")):
        return OpenForm(name, {**usual_way(request), **values}, source)
    use_draft(request, value, GONE)
    return said_already(request, form) or add_feedback(request, form)


@action("feedback.add-anyway", needs="feedback.add")
def log_as_new(request: Request, value: str) -> Card:
    """Log feedback though the same is open."""
    return log_new(request, use_form(request, NewFeedback, value, GONE))


@action("feedback.add-to", needs="feedback.add", carries=AddTo)
def add_to_open(request: Request, value: AddTo) -> Card:
    """Add feedback to what is open."""
    form = use_form(request, NewFeedback, value.draft, GONE)
    original = found(request.store.feedback.records.take(value.ref), value.ref)
    if original.state != "open":
        raise UserError(f"{original.ref} is {state_words(request, original)}. Log yours as new: press No.")
    taken = log_item(request, stored(form, form.what))
    request.audit_new(taken.ref, category=taken.category, kind=taken.kind)
    if form.contact:
        keep_contact(request, taken, form.contact)
    item = close_as_duplicate(request, taken, original)
    card = item_card(request, item, headline=f"Added to {original.ref}, as {item.ref}").with_words(
        Buttons(show_button(original)),
        Note(
            f"When {original.ref} is answered, you will be told. "
            "If your resident wants an answer, the person who closes it will see that."
        ),
    )
    return traced(request, card, f"{item.ref} added to {original.ref}")
