"""Trace: what everybody in a channel may know of an answer that only one person gets there."""

from handlers.kit.context import Request
from handlers.kit.messages import Card


def traced(request: Request, card: Card, done: str) -> Card:
    """The answer, with the line that says to the others what was done and by whom: ``R-4 logged`` becomes "R-4 logged
    by Sam Rivers". Nothing stands in it that not everybody may know: a reference, never what somebody typed."""
    return card.with_trace(f"{done} by {request.person.name}")


def passed(request: Request, owner: str) -> str:
    """What was done with a thing that somebody has now: taken, or given to Sam Rivers."""
    return "taken" if owner == request.person.id else f"given to {request.name(owner)}"


def passed_back(request: Request, owner: str | None) -> str:
    """The same where that is taken back; without an owner nobody had it before."""
    return f"given back to {request.name(owner)}" if owner else "left without an owner"
