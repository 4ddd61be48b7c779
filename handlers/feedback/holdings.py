"""Feedback holdings: the feedback that people have, and how to give it to somebody else."""

from collections.abc import Collection

from handlers.feedback.card import item_line
from handlers.feedback.department import department_id
from handlers.feedback.record import record
from handlers.kit.context import Context, Request
from handlers.kit.contributions import held
from handlers.kit.held import Held


def _owners(context: Context) -> Collection[str]:
    return context.store.feedback.lists.owners()


def _give(request: Request, one: Held, to: str) -> None:
    item = request.store.feedback.records.take(one.ref)
    if item is not None and item.state == "open":
        record(request, item, "taken", request.person.id, owner=to)
        request.audit(one.ref, owner=to)


@held("feedback", holders=_owners, move=_give, order=15)
def feedback_of(context: Context, persons: Collection[str]) -> list[Held]:
    """The open feedback that people have."""
    return [
        Held(item.ref, item_line(context, item), str(item.owner), department_id(context.city, item), item)
        for item in context.store.feedback.lists.owned_by_any(persons)
    ]
