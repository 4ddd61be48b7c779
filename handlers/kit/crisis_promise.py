"""Crisis promise: when residents were told that there would be more, and who is asked for it in good time."""

from datetime import datetime

from handlers.kit.context import Context
from handlers.kit.crisis import stamped
from handlers.kit.crisis_reports import snooze, when
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
    if crisis.is_open and approved.next_update_at:
        early = approved.next_update_at - snooze(context)
        context.instead(PROMISE, crisis.ref, early if early > context.now else approved.next_update_at)


def promised(context: Context, crisis: Crisis) -> tuple[Report, datetime] | None:
    """The newest approved statement, and the moment it promises."""
    approved = [one for one in context.store.crisis_reports.of(crisis.ref, "statement") if one.state == "approved"]
    return (approved[-1], approved[-1].next_update_at) if approved and approved[-1].next_update_at else None
