"""Risk undone: closing a risk, or giving it to an owner, is taken back soon after."""

from dataclasses import replace
from typing import Any

from handlers.kit.context import Request
from handlers.kit.contributions import undoes
from handlers.kit.events import RISK_AS_BEFORE, emit
from handlers.kit.messages import Card, Word
from handlers.kit.trace import passed_back, traced
from handlers.kit.undo import TAKEN_BACK, check_left, undoable
from handlers.risk.changes import save
from handlers.risk.choice import check_may_change, found_risk
from handlers.risk.record import risk_card, state_of
from storage.risk.records import Risk

UNDONE = "undone"  # what happened to a risk, as its history calls it


def undo_closing(request: Request, before: Risk, closed: Risk) -> tuple[Word, ...]:
    """Let the closing of a risk be taken back."""
    return undoable(request, "risk.closed", closed.ref, treatment=before.treatment)


def undo_giving(request: Request, before: Risk, given: Risk) -> tuple[Word, ...]:
    """Let it be taken back that a risk was given to an owner."""
    was = {"owner": before.owner, "department": before.department}
    return undoable(request, "risk.assigned", given.ref, left=given.owner, **was)


@undoes("risk.closed", needs="risk.close")
def open_as_before(request: Request, ref: str, treatment: str | None) -> Card:
    """A risk is open as it was before somebody closed it."""
    again: dict[str, Any] = {"state": "open", "reason": None, "closed_by": None, "closed_at": None}
    closed = _left(request, ref, state="closed")
    risk = save(request, closed, UNDONE, by=request.person.id, treatment=treatment, **again)
    emit(RISK_AS_BEFORE, request, risk)
    card = risk_card(request, risk, headline=f"{TAKEN_BACK}{ref} is open as before")
    return traced(request, card, f"{ref} opened again")


@undoes("risk.assigned", needs="risk.add")
def give_back(request: Request, ref: str, owner: str | None, department: str | None, left: str | None) -> Card:
    """A risk is with the owner whom it had before."""
    given = _left(request, ref, state="open", owner=left)
    check_may_change(request, replace(given, owner=owner))
    risk = save(request, given, UNDONE, by=request.person.id, owner=owner, department=department)
    who = f"{request.name(owner)} looks after {ref}" if owner else f"{ref} has no owner yet"
    card = risk_card(request, risk, headline=f"{TAKEN_BACK}{who}")
    return traced(request, card, f"{ref} {passed_back(request, owner)}")


def _left(request: Request, ref: str, **left: str | None) -> Risk:
    """The risk while it is as somebody left it; raises UserError when it has changed since."""
    risk = found_risk(request.store.risk.records.take(ref), ref)
    check_left(risk, left, f"{ref} has changed since: it is {state_of(request, risk)}")
    return risk
