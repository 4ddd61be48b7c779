"""Crisis leading: who leads a crisis, who does the work of each role, and how they are asked for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.crisis.record import UNABLE, tell
from handlers.kit.city.crisis import COMMANDER
from handlers.kit.context import Context
from handlers.kit.duty import SILENT, Asked
from handlers.kit.messages import Card
from storage.crisis.asks import Ask
from storage.crisis.pages import Page
from storage.crisis.records import Crisis


def acting(context: Context, crisis: Crisis, role: str) -> str | None:
    """Who does a role's work: its holder or their stand-in; None while nobody has the role."""
    held = context.store.crisis.roles.held(crisis.ref).get(role)
    return on_duty(context, crisis, role, held).person if held else None


def leader(context: Context, crisis: Crisis) -> str:
    """Who leads a crisis: the commander or their stand-in; before there is a commander, the first person asked who
    comes, else the first person asked."""
    held = context.store.crisis.roles.held(crisis.ref).get(COMMANDER)
    return on_duty(context, crisis, COMMANDER, held).person


def on_duty(context: Context, crisis: Crisis, role: str, held: str | None) -> Asked:
    """Who does the work of a role that ``held`` has (None: nobody yet): the holder; while they cannot be asked or are
    silent, their deputy, then the role's next people (those who come first), then who is above."""
    pages = context.store.crisis.pages.of(crisis.ref)
    return _on_duty(context, crisis, role, held, pages, silent_since(context, crisis))


def on_duty_each(context: Context, crises: Sequence[Crisis], role: str) -> dict[str, Asked]:
    """The same for each of several crises, by its reference; where nobody has a role only that of the commander is
    somebody's."""
    refs = [crisis.ref for crisis in crises]
    held, pages = context.store.crisis.roles.held_each(refs), context.store.crisis.pages.of_each(refs)
    asks = context.store.crisis.asks.of_each(refs)
    found = dict[str, Asked]()
    for crisis in crises:
        holder = held.get(crisis.ref, {}).get(role)
        if holder or role == COMMANDER:
            silent = _silent(crisis, asks.get(crisis.ref, ()))
            found[crisis.ref] = _on_duty(context, crisis, role, holder, pages.get(crisis.ref, ()), silent)
    return found


def on_duty_by_role(context: Context, crisis: Crisis, held: Mapping[str, str | None]) -> dict[str, Asked]:
    """The same for several roles, each with who has it."""
    pages, silent = context.store.crisis.pages.of(crisis.ref), silent_since(context, crisis)
    return {role: _on_duty(context, crisis, role, holder, pages, silent) for role, holder in held.items()}


def _on_duty(
    context: Context,
    crisis: Crisis,
    role: str,
    held: str | None,
    pages: Sequence[Page],
    silent: Mapping[str, datetime],
) -> Asked:
    said = {page.person: page.answer for page in pages}
    line = _in_line(context, role, held, said)
    able = [person for person in line if person not in silent and (person == held or said.get(person) not in UNABLE)]
    # when nobody is able, the person who was asked last
    first = able[0] if able else max(line, key=lambda person: silent.get(person, crisis.created_at))
    if held is None or first == held:
        return Asked(first)
    return Asked(first, held, context.duties.why_not(held) or SILENT)


def _in_line(context: Context, role: str, held: str | None, said: Mapping[str, str | None]) -> list[str]:
    """Everybody who could do the work of a role, in order; ``said`` is what people answered to their pages."""
    known = context.city.crisis.roles.get(role)
    named = list(known.people if known else ())
    team = [person.id for person in context.city.with_role("crisis_team")] if role == COMMANDER else []
    coming = [person for person in (*named, *team, *(said if team else ())) if said.get(person) == "coming"]
    # while nobody is commander, who comes leads
    own = sorted(named, key=lambda person: person not in coming) if held else []
    return list(context.duties.line([held] if held else [], then=[*own, *coming, *named, *team]))


def silent_since(context: Context, crisis: Crisis) -> dict[str, datetime]:
    """People who were asked for something in an open crisis and did nothing for too long, with when they were asked."""
    return _silent(crisis, context.store.crisis.asks.of(crisis.ref)) if crisis.is_open else {}


def _silent(crisis: Crisis, asks: Sequence[Ask]) -> dict[str, datetime]:
    return {row.person: row.asked_at for row in asks if row.silent_at} if crisis.is_open else {}


def ask_for(
    context: Context,
    crisis: Crisis,
    person: str,
    card: Card,
    *,
    ref: str | None = None,
    priority: str = "page",
    draws: str | None = None,
) -> None:
    """Ask somebody for something that a role has to do; when they do nothing for a while, the next in line is asked."""
    tell(context, crisis, f"dm:{person}", card, ref=ref, priority=priority, draws=draws)
    if crisis.is_open and not crisis.drill:
        context.store.crisis.asks.add(crisis.ref, person, context.now)
