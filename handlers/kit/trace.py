"""Trace: what everybody in a channel may know of an answer that only one person gets there."""

from handlers.kit.context import Request
from handlers.kit.messages import Card


def traced(request: Request, card: Card, done: str) -> Card:
    """The answer, with the line that says to the others what was done and by whom: ``R-4 logged`` becomes "R-4 logged
    by Sam Rivers". Nothing stands in it that not everybody may know: a reference, never what somebody typed."""
    return card.with_trace(f"{done} by {request.person.name}")
