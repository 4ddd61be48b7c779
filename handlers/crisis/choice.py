"""Crisis choice: which crisis somebody means, who leads it, and who works on it."""

from collections.abc import Mapping
from datetime import datetime

from handlers.crisis.record import UNABLE, tell
from handlers.kit.choose import which_one
from handlers.kit.city.crisis import COMMANDER
from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.duty import SILENT, Asked
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, Reference, ask
from handlers.kit.messages import Card
from handlers.kit.policy import may
from storage.crisis.records import Crisis


class WhichCrisis(Form):
    """The form of a command that needs no more than which crisis is meant."""

    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint="Such as CR-2026-01")


def several(request: Request, command: str, form: Form) -> Card | None:
    """The question which crisis is meant, when a command names none in its field ``crisis`` and several are open."""
    running, values = request.store.crisis.records.open(), form.values()
    if values["crisis"] or len(running) < 2:
        return None
    labels = {crisis.ref: f"{crisis.ref} {'DRILL ' * crisis.drill}{crisis.what}" for crisis in running}
    return which_one(request, "Which crisis do you mean?", command, "crisis", values, labels)


def which_crisis(context: Context, ref: str | None, *, is_open: bool = False, taken: bool = True) -> Crisis:
    """The crisis meant: the named one, else the oldest open one; ``taken`` for a change. Raises UserError for none."""
    if not ref:
        running = context.store.crisis.records.open()
        if not running:
            raise UserError('No crisis is open. Raise the alarm with "crisis activate".')
        ref = running[0].ref
    crisis = context.store.crisis.records.take(ref) if taken else context.store.crisis.records.find(ref)
    if crisis is None:
        raise UserError(f'There is no crisis "{ref}". Write "crisis status" to see the open ones.')
    if is_open and not crisis.is_open:
        when = context.city.calendar.spoken(crisis.closed_at or crisis.created_at)
        raise UserError(f"{crisis.ref} is over already: {context.name(crisis.closed_by)} stood it down, {when}.")
    return crisis


def acting(context: Context, crisis: Crisis, role: str) -> str | None:
    """Who does what a role has to do: whoever has it, or does its work instead; None while nobody has it."""
    held = context.store.crisis.roles.held(crisis.ref).get(role)
    return on_duty(context, crisis, role, held).person if held else None


def leader(context: Context, crisis: Crisis) -> str:
    """Who leads a crisis: the commander, or who does its work; until somebody is, whoever of those asked comes, else
    who is asked first."""
    held = context.store.crisis.roles.held(crisis.ref).get(COMMANDER)
    return on_duty(context, crisis, COMMANDER, held).person


def on_duty(context: Context, crisis: Crisis, role: str, held: str | None) -> Asked:
    """Who does the work of a role that somebody has, or nobody yet: they themselves; while they cannot be asked or are
    silent, their deputy, the next of the role's people, those who come first, and who is above."""
    said = {page.person: page.answer for page in context.store.crisis.pages.of(crisis.ref)}
    silent, line = silent_since(context, crisis), _in_line(context, role, held, said)
    able = [one for one in line if one not in silent and (one == held or said.get(one) not in UNABLE)]
    first = able[0] if able else max(line, key=lambda one: silent.get(one, crisis.created_at))  # who was asked last
    if held is None or first == held:
        return Asked(first)
    return Asked(first, held, context.duties.why_not(held) or SILENT)


def _in_line(context: Context, role: str, held: str | None, said: Mapping[str, str | None]) -> list[str]:
    """Who comes into question for the work of a role, by what was ``said`` to its calls; the first one first."""
    known = context.city.crisis.roles.get(role)
    named = list(known.people if known else ())
    team = [person.id for person in context.city.with_role("crisis_team")] if role == COMMANDER else []
    coming = [one for one in (*named, *team, *(said if team else ())) if said.get(one) == "coming"]
    own = sorted(named, key=lambda one: one not in coming) if held else []  # without a commander whoever comes leads
    return list(context.duties.line([held] if held else [], then=[*own, *coming, *named, *team]))


def silent_since(context: Context, crisis: Crisis) -> dict[str, datetime]:
    """Who was asked for something in an open crisis and did nothing for too long, with the moment they were asked."""
    if not crisis.is_open:
        return {}
    return {one.person: one.asked_at for one in context.store.crisis.asks.of(crisis.ref) if one.silent_at}


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
    """Ask somebody for something that a role has to do; when they do nothing for a while, the next one is asked."""
    tell(context, crisis, f"dm:{person}", card, ref=ref, priority=priority, draws=draws)
    if crisis.is_open and not crisis.drill:
        context.store.crisis.asks.add(crisis.ref, person, context.now)


def in_team(context: Context, crisis: Crisis, person: Person) -> bool:
    """Whether somebody works on a crisis: they may start one, were called for it, have a role in it, or are asked for
    the work of one while whoever has it is away."""
    if may(person.all_roles, "crisis.activate") or context.store.crisis.pages.find(crisis.ref, person.id) is not None:
        return True
    held = context.store.crisis.roles.held(crisis.ref)
    asked = {leader(context, crisis), *held.values(), *(acting(context, crisis, role) for role in held)}
    return person.id in asked


def working_on(request: Request, ref: str, *, is_open: bool = True) -> Crisis:
    """The crisis, taken for somebody who works on it; raises UserError for anybody else."""
    crisis = which_crisis(request, ref, is_open=is_open)
    if not in_team(request, crisis, request.person):
        raise outsider(crisis)
    return crisis


def outsider(crisis: Crisis) -> UserError:
    """What somebody reads who does not work on a crisis, where only those who do can do something."""
    return UserError(f"Only those who work on {crisis.ref} can do this. To tell them something: crisis log")
