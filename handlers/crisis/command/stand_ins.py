"""Crisis duty: how it is said that somebody does the work of a role in the place of who has it."""

from handlers.crisis.choice import on_duty, silent_since
from handlers.crisis.record import stamped
from handlers.kit.city.crisis import CrisisRole
from handlers.kit.context import Context
from handlers.kit.duty import LEFT, OFF, SILENT, UNREACHABLE, Asked
from handlers.kit.messages import Card, Text
from storage.crisis.records import Crisis

FREES = (LEFT, OFF, UNREACHABLE, SILENT)  # why somebody has a role only until who stands in takes it


def stands_in_for(context: Context, crisis: Crisis, role: str, holder: str) -> Asked | None:
    """Who does the work of a role instead of who has it; None while that one does it."""
    asked = on_duty(context, crisis, role, holder)
    return asked if asked.why else None


def why_words(context: Context, crisis: Crisis, asked: Asked) -> str:
    """Why somebody is not asked themselves, to be said after their name: has not answered since 03:10."""
    since = silent_since(context, crisis).get(asked.instead_of or "")
    if asked.why == SILENT and since:
        return f"has not answered since {context.city.calendar.clock(since)}"
    return context.duties.reason(asked.instead_of or "")


def may_take_over(context: Context, crisis: Crisis, role: str, holder: str, person: str) -> bool:
    """Whether somebody may take a role that another has: that one is gone or silent, and they do its work."""
    asked = on_duty(context, crisis, role, holder)
    return asked.person == person and asked.why in FREES


def passed_on_card(context: Context, crisis: Crisis, role: CrisisRole, asked: Asked) -> Card:
    """For everybody beside the two: who does the work of a role now, for whom and why."""
    why = f"{context.name(asked.instead_of)} {why_words(context, crisis, asked)}."
    title = f"{crisis.ref}: {context.name(asked.person)} stands in as {role.name}"
    back = " They have the role again as soon as they do anything." if asked.why in (SILENT, UNREACHABLE) else ""
    return stamped(crisis, Card(title, Text(crisis.what), Text(f"{why}{back}")))
