"""Crisis roles: who has which, as people read it."""

from handlers.kit.context import Context
from handlers.kit.crisis import names
from handlers.kit.crisis_duty import stands_in_for, why_words
from handlers.kit.crisis_facts import CrisisRole
from storage.crises import Crisis


def role_line(context: Context, crisis: Crisis, role: CrisisRole, holder: str | None) -> str:
    """Who has a role, or who is asked for it, in one line; who does its work while that one cannot or is silent."""
    if holder is None:
        return f"{role.name}: nobody yet, asked: {names(context, role.people)}"
    asked = stands_in_for(context, crisis, role.id, holder) if crisis.is_open else None
    if asked is None:
        return f"{role.name}: {context.name(holder)}"
    why = why_words(context, crisis, asked).removeprefix("is ")
    return f"{role.name}: {context.name(holder)} ({why}; {context.name(asked.person)} stands in)"


def away_since(context: Context, person: str) -> str:
    """That somebody with a role is away, and who does its work meanwhile; nothing when they are there."""
    asked = context.duties.of(person)
    if asked.why is None:
        return ""
    return f" ({context.duties.reason(person).removeprefix('is ')}; {context.name(asked.person)} stands in)"


def role_since(context: Context, crisis: Crisis, role: CrisisRole) -> str:
    """Who has a role, and since when, as a sentence."""
    for one in context.store.crisis_roles.of(crisis.ref):
        if one.role == role.id and one.ended_at is None:
            since = context.city.calendar.spoken(one.taken_at)
            return f"{context.name(one.person)} is {role.name} of {crisis.ref} since {since}."
    return f"Nobody is {role.name} of {crisis.ref} now."
