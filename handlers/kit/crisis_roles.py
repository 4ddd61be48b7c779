"""Crisis roles: who has which, as people read it."""

from handlers.kit.context import Context
from handlers.kit.crisis import names
from handlers.kit.crisis_facts import CrisisRole
from storage.crises import Crisis


def role_line(context: Context, role: CrisisRole, holder: str | None) -> str:
    """Who has a role, or who is asked for it, in one line."""
    return f"{role.name}: {context.name(holder) if holder else f'nobody yet, asked: {names(context, role.people)}'}"


def role_since(context: Context, crisis: Crisis, role: CrisisRole) -> str:
    """Who has a role, and since when, as a sentence."""
    for one in context.store.crisis_roles.of(crisis.ref):
        if one.role == role.id and one.ended_at is None:
            since = context.city.calendar.spoken(one.taken_at)
            return f"{context.name(one.person)} is {role.name} of {crisis.ref} since {since}."
    return f"Nobody is {role.name} of {crisis.ref} now."
