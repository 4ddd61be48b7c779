"""Crisis duty: somebody who can be asked does each role's work in an open crisis, and everybody knows who."""

from datetime import timedelta
from functools import partial

from handlers.crisis.calling.pages import AGAIN, call_deputy, is_awaited, not_reached_line, page_ref
from handlers.crisis.choice import ask_for, leader, on_duty_by_role, which_crisis
from handlers.crisis.command.handover import brief_lines
from handlers.crisis.command.rollcall import ask_instead
from handlers.crisis.command.stand_ins import FREES, passed_on_card, why_words
from handlers.crisis.events import ANSWERED, BEGAN, PHONE, ROLE
from handlers.crisis.record import UNABLE, RoleOf, stamped, tell, tell_room, write
from handlers.kit.city.crisis import COMMANDER, CrisisRole
from handlers.kit.context import Context, Request
from handlers.kit.contributions import health_check
from handlers.kit.duty import GONE, SILENT, UNREACHABLE, Asked
from handlers.kit.events import ACTED, CRISIS_OVER, Act, emit, on
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Items, Note, Text
from handlers.kit.registry import action, timer
from storage.crisis.pages import Page
from storage.crisis.records import Crisis
from storage.crisis.roles import Holding

WATCH, EVERY = "crisis.watch", timedelta(minutes=1)
LATE = timedelta(minutes=2)  # a check later than this counts as missing


@on(BEGAN)
def begin_to_watch(context: Context, crisis: Crisis) -> None:
    """From now on it is seen within a minute when somebody who is needed cannot be asked any more."""
    context.again(WATCH, crisis.ref, context.now + EVERY)


@on(CRISIS_OVER)
def watch_no_more(context: Context, crisis: Crisis) -> None:
    """Nobody is asked for anything any more."""
    context.cancel(WATCH, crisis.ref)
    context.store.crisis.asks.over(crisis.ref)


@timer(WATCH, counts_seconds=True)
def watch(context: Context, subject: str, _step: int) -> None:
    """Look who of a crisis is gone or silent, and have the next one asked."""
    crisis = context.store.crisis.records.take(subject)
    if crisis is None or not crisis.is_open:
        return
    context.again(WATCH, subject, context.now + EVERY)
    context.apart("crisis watch", partial(_look, context, crisis), about=crisis.ref)


def _look(context: Context, crisis: Crisis) -> None:
    """Check each page, question and role separately, so that a failure in one does not stop the others."""
    context.apart("crisis silence", partial(_note_silence, context, crisis), about=crisis.ref)
    for page in context.store.crisis.pages.of(crisis.ref):
        if context.duties.why_not(page.person):
            context.apart("crisis page", partial(_pass_page_on, context, crisis, page), about=page.person)
    for rollcall in context.store.crisis.rollcalls.of(crisis.ref):
        if rollcall.is_silent and context.duties.why_not(rollcall.asked):
            context.apart(
                "crisis roll-call", partial(ask_instead, context, crisis, rollcall), about=rollcall.department
            )
    look_at_roles(context, crisis)


@health_check("crisis watch")
def is_watched(context: Context) -> list[str]:
    """Name the open crises for which no next check is planned, so that nobody would notice who is gone."""
    late, due = context.now - LATE, context.store.time.timers.all_due(WATCH)
    running = [crisis.ref for crisis in context.store.crisis.records.open()]
    return [f"{ref}: nobody looks who is gone" for ref in running if ref not in due or due[ref] < late]


@on(ACTED)
def has_acted(request: Request, _act: Act) -> None:
    """Somebody who does anything is there: they owe no answer, and what they have is theirs again."""
    owed = request.store.crisis.asks.of_person(request.person.id)
    if not owed:
        return
    request.store.crisis.asks.acted(request.person.id)
    for ask in owed:
        crisis = request.store.crisis.records.find(ask.crisis)
        if ask.silent_at and crisis is not None and crisis.is_open:
            look_at_roles(request, crisis)


@on(ANSWERED)
def has_answered(context: Context, crisis: Crisis, page: Page) -> None:
    """Somebody who comes is there, also when somebody else took their answer by phone."""
    if page.answer == "coming":
        context.store.crisis.asks.acted(page.person)
    look_at_roles(context, crisis)


@action("crisis.here", needs="crisis.answer")
def is_here(request: Request, value: str) -> Card:
    """Say that you are there."""
    crisis = which_crisis(request, value, is_open=True)
    request.audit(crisis.ref, here=True)
    return stamped(crisis, Card(f"{crisis.ref}: thank you", Text("You are asked yourself from now on.")))


@on(ROLE)
def somebody_else_has_it(context: Context, crisis: Crisis, _role: str, _person: str | None) -> None:
    """Who has a role changed: who does the work of each is told again where that changed too."""
    look_at_roles(context, crisis)


def look_at_roles(context: Context, crisis: Crisis) -> None:
    """Announce who does the work of each held role, where that has changed since the last announcement."""
    holdings = [holding for holding in context.store.crisis.roles.of(crisis.ref) if holding.ended_at is None]
    duty = on_duty_by_role(context, crisis, {holding.role: holding.person for holding in holdings})
    for holding in holdings:
        role, asked = context.city.crisis.roles.get(holding.role), duty[holding.role]
        now = asked.person if asked.why else None
        if role is not None and now != holding.stands_in:
            context.apart("crisis role", partial(_pass_on, context, crisis, holding, role, asked), about=role.id)


def _note_silence(context: Context, crisis: Crisis) -> None:
    late = context.now - timedelta(minutes=context.city.crisis.silent_minutes)
    if crisis.drill:
        return
    for ask in context.store.crisis.asks.of(crisis.ref):
        if ask.silent_at is None and ask.asked_at <= late:
            context.store.crisis.asks.silent(crisis.ref, ask.person, context.now)
            context.audit(crisis.ref, silent=ask.person)


def _pass_page_on(context: Context, crisis: Crisis, page: Page) -> None:
    """Call the next in line for somebody who was paged and cannot be asked any more; a person who is gone is called
    off. Every check tries again, because the next in line may be reachable by then; changes go into the log."""
    why = context.duties.why_not(page.person)
    if page.answer in UNABLE or (why not in GONE and not is_awaited(crisis, page)):
        return
    if why in GONE:
        page = context.store.crisis.pages.change(page, answer="gone", answered_at=context.now)
        context.cancel(AGAIN, page_ref(crisis.ref, page.person))
        context.audit(crisis.ref, gone=page.person)
        write(context, crisis, not_reached_line(context, page.person))
        emit(ANSWERED, context, crisis, page)
    if not crisis.drill:
        call_deputy(context, crisis, page.person)
    if why == UNREACHABLE and page.phoned is None and not crisis.drill:
        emit(PHONE, context, crisis, page)


def _pass_on(context: Context, crisis: Crisis, held: Holding, role: CrisisRole, asked: Asked) -> None:
    """Pass a role's work to somebody else, or back; tell both of them, the room and who is above."""
    before = held.stands_in
    context.store.crisis.roles.pass_on(held, asked.person if asked.why else None, asked.why)
    context.audit(crisis.ref, role=role.id, asked=asked.person, why=asked.why)
    if asked.why is None:
        _is_back(context, crisis, held, role)
        return
    why = why_words(context, crisis, asked)
    write(context, crisis, f"{context.name(held.person)} {why}; {context.name(asked.person)} stands in as {role.name}.")
    card = passed_on_card(context, crisis, role, asked)
    tell_room(context, crisis, card)
    ask_for(context, crisis, asked.person, _orders(context, crisis, role, asked, why))
    if asked.why in (SILENT, UNREACHABLE):
        here = Buttons(Button("I am here", "crisis.here", crisis.ref, style="primary"))
        tell(context, crisis, f"dm:{held.person}", card.with_words(here), priority="page")
    for person in _above(context, crisis, role) - {asked.person, held.person}:
        tell(context, crisis, f"dm:{person}", card, priority="page" if role.id == COMMANDER else "prompt")
    refresh_homes(context, [before, held.person, asked.person])


def _above(context: Context, crisis: Crisis, role: CrisisRole) -> set[str]:
    """Who is told when a role's work is passed on: the leader; for the commander's, the city manager."""
    if role.id == COMMANDER:
        return {context.duties.seat("city_manager").person or leader(context, crisis)}
    return {leader(context, crisis)}


def _is_back(context: Context, crisis: Crisis, held: Holding, role: CrisisRole) -> None:
    name = context.name(held.person)
    write(context, crisis, f"{name} is there again as {role.name}.")
    card = stamped(crisis, Card(f"{crisis.ref}: {name} is {role.name} again", Text(crisis.what)))
    tell_room(context, crisis, card)
    for person in (held.person, held.stands_in):
        if person and not context.duties.is_gone(person):
            tell(context, crisis, f"dm:{person}", card)
    refresh_homes(context, [held.person, held.stands_in])


def _orders(context: Context, crisis: Crisis, role: CrisisRole, asked: Asked, why: str) -> Card:
    """The card for somebody who does a role's work from now on: for whom, why, and what is open."""
    lines = brief_lines(context, crisis)
    take = Button(f"Take {role.name}", "crisis.take", RoleOf(crisis.ref, role.id), style="primary")
    return Card(
        f"{crisis.ref}: you are asked as {role.name}",
        Text(crisis.what),
        Text(f"{context.name(asked.instead_of)} {why}. {_until(role, asked.why)}"),
        *((Text("What is open, due and promised:"), Items(*lines)) if lines else ()),
        Text("Do this first:"),
        Items(*role.instructions),
        Buttons(*((take,) if asked.why in FREES else ()), Button.say("Show the plan", f"crisis plan {crisis.ref}")),
        Note("Only you read this. Everything about it goes into the crisis room."),
    )


def _until(role: CrisisRole, why: str | None) -> str:
    does = "You lead" if role.id == COMMANDER else f"You do the work of {role.name}"
    until = {SILENT: "until they do", UNREACHABLE: "until they act"}.get(why or "", "meanwhile")
    return f"{does} {until}."
