"""Crisis stand-ins: the words that say who does a role's work in place of its holder."""

from handlers.crisis.leading import on_duty, silent_since
from handlers.crisis.record import stamped, when
from handlers.kit.city.crisis import CrisisRole
from handlers.kit.context import Context
from handlers.kit.duty import LEFT, OFF, SILENT, UNREACHABLE, Asked
from handlers.kit.messages import Card, Text
from storage.crisis.records import Crisis

FREES = (LEFT, OFF, UNREACHABLE, SILENT)  # reasons for which the stand-in may take the role over


def stands_in_for(context: Context, crisis: Crisis, role: str, holder: str) -> Asked | None:
    """Who does a role's work in place of its holder; None while the holder does it."""
    asked = on_duty(context, crisis, role, holder)
    return asked if asked.why else None


def why_words(context: Context, crisis: Crisis, asked: Asked) -> str:
    """Why somebody is not asked themselves, as words after their name: has not answered since 03:10."""
    since = silent_since(context, crisis).get(asked.instead_of or "")
    if asked.why == SILENT and since:
        return f"has not answered since {when(context, since)}"
    return context.duties.reason(asked.instead_of or "")


def may_take_over(context: Context, crisis: Crisis, role: str, holder: str, person: str) -> bool:
    """Whether somebody may take over a role: its holder is gone or silent, and they do its work."""
    asked = on_duty(context, crisis, role, holder)
    return asked.person == person and asked.why in FREES


def passed_on_card(context: Context, crisis: Crisis, role: CrisisRole, asked: Asked) -> Card:
    """The card for everybody else: who does a role's work now, for whom and why."""
    why = f"{context.name(asked.instead_of)} {why_words(context, crisis, asked)}."
    title = f"{crisis.ref}: {context.name(asked.person)} stands in as {role.name}"
    back = " They have the role again as soon as they do anything." if asked.why in (SILENT, UNREACHABLE) else ""
    return stamped(crisis, Card(title, Text(crisis.what), Text(f"{why}{back}")))
