"""Crisis promise: when residents were told that there would be more, and who is asked for it in good time."""

from datetime import datetime

from handlers.kit.context import Context
from handlers.kit.crisis import stamped
from handlers.kit.crisis_reports import snooze, when
from handlers.kit.crisis_statements import STATEMENT
from handlers.kit.messages import Card, Text
from storage.crises import Crisis
from storage.crisis_reports import Report

PROMISE = "crisis.promise"


def promise_ref(crisis: Crisis) -> str:
    """What the question for the promised update is about."""
    return f"{crisis.ref} promise"


def keep_promise(context: Context, crisis: Crisis, approved: Report) -> None:
    """Have whoever speaks asked for the update that a statement promises, as long before as they may put it off."""
    fulfilled = Card(f"{crisis.ref}: the promised update is out", Text(f"Approved at {when(context, context.now)}."))
    context.refresh(promise_ref(crisis), stamped(crisis, fulfilled))
    context.no_longer(PROMISE, crisis.ref)
    if found := promised(context, crisis):
        early = found[1] - snooze(context)
        context.instead(PROMISE, crisis.ref, early if early > context.now else found[1])


def still_promised(context: Context, crisis: Crisis) -> None:
    """A draft was sent back: when the promised update is late already, whoever speaks is asked again after a while."""
    found = promised(context, crisis)
    if found and found[1] <= context.now:
        context.instead(PROMISE, crisis.ref, context.now + snooze(context))


def promised(context: Context, crisis: Crisis) -> tuple[Report, datetime] | None:
    """The newest approved statement, and the moment it promises; None when it promises none, or a drill is over."""
    approved = [one for one in context.store.crisis_reports.of(crisis.ref, STATEMENT) if one.state == "approved"]
    if not approved or (crisis.drill and not crisis.is_open):
        return None
    return (approved[-1], approved[-1].next_update_at) if approved[-1].next_update_at else None
