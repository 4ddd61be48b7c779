"""Crisis choice: which crisis somebody means, who leads it, and who works on it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from handlers.crisis.here import crisis_here
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
from handlers.kit.values import NOT_OURS
from storage.crisis.asks import Ask
from storage.crisis.pages import Page
from storage.crisis.records import Crisis

LATELY = timedelta(days=7)  # since when a crisis has ended that somebody may mean without naming it
MOST = 5  # buttons of crises that have ended lately


class WhichCrisis(Form):
    """The form of a command that only asks which crisis is meant."""

    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint="Such as CR-2026-01")


def several(request: Request, command: str, form: Form, *, is_open: bool = False) -> Card | None:
    """Ask which crisis is meant, when the field ``crisis`` of a command is empty and several are open.

    In the room of a crisis that one is meant; when it is over and the command needs an open one (``is_open``), it asks
    which of those is.
    """
    running, values, here = request.store.crisis.records.open(), form.values(), crisis_here(request)
    is_clear = len(running) < 2 if here is None else here.is_open or not is_open or not running
    if values["crisis"] or is_clear:
        return None
    over = f"{here.ref} is over. " if here else ""
    return which_one(request, f"{over}Which crisis do you mean?", command, "crisis", values, crisis_labels(running))


def several_ended(request: Request, command: str, form: Form) -> Card | None:
    """Ask which crisis is meant, when the field ``crisis`` of a command is empty and several have ended lately; not in
    the room of one."""
    values, since = form.values(), request.now - LATELY
    if values["crisis"] or crisis_here(request):
        return None
    lately = [
        crisis for crisis in request.store.crisis.records.ended(MOST) if crisis.closed_at and crisis.closed_at > since
    ]
    if len(lately) < 2:
        return None
    return which_one(request, "Which crisis do you mean?", command, "crisis", values, crisis_labels(lately))


def last_ended(request: Request, ref: str | None) -> Crisis:
    """The crisis meant: the named one, or (None) the one in whose room this was said, else the one that ended last,
    else the one that began last. Raises UserError when there is none."""
    records = request.store.crisis.records
    last = None if ref else crisis_here(request) or next(iter(records.ended(1)), None) or records.newest()
    if not ref and last is None:
        raise UserError("There was no crisis yet.")
    return which_crisis(request, last.ref if last else ref)


def crisis_labels(crises: Iterable[Crisis]) -> dict[str, str]:
    """Each crisis's reference, and its button in a question which one is meant."""
    return {crisis.ref: f"{crisis.ref} {'DRILL ' * crisis.drill}{crisis.what}" for crisis in crises}


def which_crisis(context: Context, ref: str | None, *, is_open: bool = False, taken: bool = True) -> Crisis:
    """The crisis meant: the named one, or (None) the one in whose room this was said, else the oldest open
    one; ``taken`` for a change. Raises UserError if none, and for a button that names none."""
    if ref == "":
        raise UserError(NOT_OURS)
    if ref is None:
        running = context.store.crisis.records.open()
        meant = crisis_here(context) or next(iter(running), None)
        if meant is None:
            raise UserError('No crisis is open. Raise the alarm with "crisis activate".')
        ref = meant.ref
    crisis = context.store.crisis.records.take(ref) if taken else context.store.crisis.records.find(ref)
    if crisis is None:
        raise UserError(f'There is no crisis "{ref}". Write "crisis status" to see the open ones.')
    if is_open and not crisis.is_open:
        when = context.city.calendar.spoken(crisis.closed_at or crisis.created_at, context.today)
        raise UserError(f"{crisis.ref} is over already: {context.name(crisis.closed_by)} stood it down, {when}.")
    return crisis


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


def in_team(context: Context, crisis: Crisis, person: Person) -> bool:
    """Whether somebody works on a crisis: they may start one, were called for it, have a role in it, or are asked for
    the work of one while its holder is away."""
    if may(person.all_roles, "crisis.activate") or context.store.crisis.pages.find(crisis.ref, person.id) is not None:
        return True
    held = context.store.crisis.roles.held(crisis.ref)
    asked = on_duty_by_role(context, crisis, {COMMANDER: None, **held})
    return person.id in {*held.values(), *(each.person for each in asked.values())}


def working_on(request: Request, ref: str, *, is_open: bool = True) -> Crisis:
    """Take the crisis for a change by somebody who works on it; raises UserError for anybody else."""
    crisis = which_crisis(request, ref, is_open=is_open)
    if not in_team(request, crisis, request.person):
        raise outsider(crisis)
    return crisis


def outsider(crisis: Crisis) -> UserError:
    """The error for somebody who does not work on the crisis, where only those who do may act."""
    return UserError(f"Only those who work on {crisis.ref} can do this. To tell them something: crisis log")
