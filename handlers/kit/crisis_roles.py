"""Crisis roles: who has which, as people read it, and giving one to somebody."""

from functools import partial

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from handlers.kit.crisis import ROLE, names, stamped, tell, write
from handlers.kit.crisis_choice import ask_for
from handlers.kit.crisis_duty import stands_in_for, why_words
from handlers.kit.crisis_facts import COMMANDER, CrisisRole
from handlers.kit.crisis_plan import step_line
from handlers.kit.messages import Button, Buttons, Card, Items, Note, Text
from handlers.kit.parts import Broken, Part, missing_line
from storage.crises import Crisis

SHOWN = 5  # of their own steps; the plan has all


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


def give_role(context: Context, crisis: Crisis, role: CrisisRole, person: str, *, by: str | None = None) -> None:
    """Somebody has the role from now on: they read what to do first, and what is open when it was another's."""
    context.store.crisis_roles.take(crisis.ref, role.id, person, context.now)
    context.note(crisis.ref, role=role.id, to=person)
    catalogue.happened(ROLE, context, crisis, role.id, person)
    taken = stamped(crisis, Card(f"{crisis.ref}: {context.name(person)} is {role.name}", Text(crisis.what)))
    context.refresh(role_ref(crisis, role), taken)  # where somebody had it before
    card = _orders(context, crisis, role, person, by)
    if by:
        ask_for(context, crisis, person, card, about=role_ref(crisis, role))
    else:
        tell(context, crisis, f"dm:{person}", card, about=role_ref(crisis, role), priority="page")
    text = f"gives the role {role.name} to {context.name(person)}" if by else f"takes the role {role.name}"
    write(context, crisis, text, by=by or person)


def brief_lines(context: Context, crisis: Crisis) -> list[str]:
    """What each feature has open, due and promised; of one that cannot say it, that it could not be read."""
    lines, briefs = list[str](), sorted(catalogue.briefs.items())
    parts = [Part(f"brief {name}", partial(brief, context, crisis), crisis.ref) for name, brief in briefs]
    for (name, _), found in zip(briefs, context.each_apart(parts), strict=True):
        lines += [missing_line(name)] if isinstance(found, Broken) else found
    return lines


def _orders(context: Context, crisis: Crisis, role: CrisisRole, person: str, by: str | None) -> Card:
    """What somebody with a new role reads, in private."""
    told = by is not None or role.id == COMMANDER
    lines = brief_lines(context, crisis)
    tasks = context.store.crisis_tasks.of(crisis.ref)
    own = [step_line(context, one) for one in tasks if one.owner == person and not one.done_at]
    return Card(
        f"{crisis.ref}: you are {role.name}",
        Text(f"{context.name(by)} has handed this to you. {crisis.what}" if by else crisis.what),
        Text("Do this first:"),
        Items(*role.instructions),
        *((Text("What is open, due and promised:"), Items(*lines)) if told and lines else ()),
        *((Text("Your steps:"), Items(*own[:SHOWN])) if own else ()),
        Buttons(
            *((Button("I cannot", "crisis.give-back", f"{crisis.ref} {role.id}"),) if by else ()),
            Button.say("Show the plan", f"crisis plan {crisis.ref}"),
        ),
        Note("Only you read this. Everything about it goes into the crisis room."),
    )


def role_ref(crisis: Crisis, role: CrisisRole) -> str:
    return f"{crisis.ref} role {role.id}"
