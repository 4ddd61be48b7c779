"""Crisis duty: who is gone or silent in an open crisis is noticed, and somebody who can be asked does their work."""

from datetime import timedelta
from functools import partial

from handlers.crisis.calling.pages import AGAIN, call_deputy, is_awaited, not_reached_line, page_ref
from handlers.crisis.choice import which_crisis
from handlers.crisis.command.passing_on import look_at_roles
from handlers.crisis.command.rollcall import ask_instead
from handlers.crisis.events import ANSWERED, BEGAN, PHONE, ROLE
from handlers.crisis.record import UNABLE, stamped, write
from handlers.kit.context import Context, Request
from handlers.kit.contributions import health_check
from handlers.kit.duty import GONE, UNREACHABLE
from handlers.kit.events import ACTED, CRISIS_OVER, Act, emit, on
from handlers.kit.messages import Card, Text
from handlers.kit.registry import action, timer
from storage.crisis.pages import Page
from storage.crisis.records import Crisis

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
                "crisis roll call", partial(ask_instead, context, crisis, rollcall), about=rollcall.department
            )
    look_at_roles(context, crisis)


@health_check("crisis watch")
def is_watched(context: Context) -> list[str]:
    """Name the open crises for which no next check is planned, so that nobody would notice who is gone."""
    late, due = context.now - LATE, context.store.time.timers.all_due(WATCH)
    running = [crisis.ref for crisis in context.store.crisis.records.open()]
    stopped = [ref for ref in running if ref not in due or due[ref] < late]
    return [f"{ref}: the check for people who cannot be reached has stopped" for ref in stopped]


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
    again = Text("From now on you are asked again, not your stand-in.")
    return stamped(crisis, Card(f"{crisis.ref}: thank you", again))


@on(ROLE)
def somebody_else_has_it(context: Context, crisis: Crisis, _role: str, _person: str | None) -> None:
    """Who has a role changed: who does the work of each is told again where that changed too."""
    look_at_roles(context, crisis)


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
