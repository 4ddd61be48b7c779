"""Crisis end: a crisis is stood down in so many words, and what it leaves is followed up."""

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Request
from handlers.kit.crisis import OVER, WHICH, stamped, write
from handlers.kit.crisis_choice import several, which_crisis
from handlers.kit.crisis_confirmation import announcement, confirm_ref, question
from handlers.kit.forms import Form, Reference, ask
from handlers.kit.messages import Card, Note, Text
from handlers.kit.morning import dealt_with
from handlers.kit.registry import command
from handlers.kit.risk_changes import due_for_review


class StandDown(Form):
    reason: str = ask("Why is it over?", max_length=500, long=True)
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint=WHICH)


@command("crisis standdown", asks=StandDown, needs="crisis.standdown", example="/crisis standdown Water is back on")
def stand_down(request: Request, form: StandDown) -> Card:
    """End a crisis."""
    if asked := several(request, "crisis standdown", form):
        return asked
    crisis = which_crisis(request, form.crisis, is_open=True)
    crisis = request.store.crises.change(
        crisis, state="over", reason=form.reason, closed_by=request.person.id, closed_at=request.now
    )
    request.note(crisis.ref, state=crisis.state)
    request.no_longer("crisis.unconfirmed", crisis.ref)
    dealt_with(request, crisis.ref, f"stood down by {request.person.name}")
    catalogue.happened(OVER, request, crisis)
    for one in request.store.links.of(crisis.ref):
        due_for_review(request, one.ref, f"{crisis.ref} is over")
    request.refresh(confirm_ref(crisis.ref), question(request, crisis))
    request.refresh(f"{crisis.ref} announcement", announcement(request, crisis))
    write(request, crisis, f"stood down: {form.reason}", by=request.person.id, kind="decided")
    note = Note("Everybody who was paged is being told, except those who cannot come.")
    return stamped(crisis, Card(f"{crisis.ref} is over", Text(form.reason), note))
