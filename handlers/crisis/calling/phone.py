"""Crisis phone: who answers no page is called by phone, and who leads the crisis has the numbers for it."""

from datetime import timedelta

from handlers.crisis.calling.pages import AGAIN, answered_card, is_awaited, page_lines, page_ref
from handlers.crisis.calling.phone_list import OUTCOMES, PAGE, CallOf, list_card, listed, to_call
from handlers.crisis.choice import in_team, outsider, which_crisis
from handlers.crisis.events import ANSWERED, PHONE
from handlers.crisis.leading import ask_for, leader
from handlers.crisis.record import show, write
from handlers.kit.context import Context, Request
from handlers.kit.contributions import health_check
from handlers.kit.errors import UserError
from handlers.kit.events import CRISIS_OVER, emit, on
from handlers.kit.home import refresh_homes
from handlers.kit.listing import Listing
from handlers.kit.messages import Card
from handlers.kit.registry import action, listing, timer
from handlers.kit.settled import settled
from storage.crisis.pages import Page
from storage.crisis.records import Crisis

REMINDER = "crisis.phone"
SELDOM = timedelta(hours=4)  # the longest time between two reminders
LATE = timedelta(seconds=60)  # a step later than this counts as missing


@on(PHONE)
def hand_to_phone(context: Context, crisis: Crisis, page: Page) -> None:
    """Put somebody who answers no page on the list of those to call, and show it to the commander."""
    if page.phoned is None:
        context.store.crisis.pages.change(page, phoned="asked")
        unknown = "" if context.city.phones.get(page.person) else "; contacts.toml has no number"
        write(context, crisis, f"{context.name(page.person)} is to be called by phone{unknown}.")  # everybody reads it
    _show_list(context, crisis)
    _remind(context, crisis)


@timer(REMINDER, counts_seconds=True)
def remind(context: Context, subject: str, _step: int) -> None:
    """Show the commander again who is still to be called."""
    crisis = context.store.crisis.records.take(subject)
    if crisis is None or not crisis.is_open or not to_call(context, crisis):
        return
    context.audit(crisis.ref, to_call=len(to_call(context, crisis)))
    _show_list(context, crisis, again=True)
    _remind(context, crisis)


@listing(PAGE, needs="crisis.answer")
def whom_to_call(request: Request, about: str) -> Listing | Card:
    """Turn a page of the people to call by phone."""
    crisis = which_crisis(request, about, taken=False)
    if not _may_say(request, crisis):
        raise outsider(crisis)
    waiting = to_call(request, crisis)
    return listed(request, crisis, waiting) if waiting else list_card(request, crisis)


@action("crisis.phoned", needs="crisis.answer", carries=CallOf)
def phoned(request: Request, value: CallOf) -> Card | None:
    """Say what came of a call."""
    crisis = which_crisis(request, value.crisis, is_open=True)
    page = request.store.crisis.pages.take(crisis.ref, value.person)
    if not _may_say(request, crisis):
        raise outsider(crisis)
    if page is None or value.outcome not in OUTCOMES:
        raise UserError("That person was not called for this crisis. Nothing was changed.")
    if not is_awaited(crisis, page):
        [said] = page_lines(request, [page])
        raise UserError(f"{said}. Nothing was changed.")
    _keep(request, crisis, page, value.outcome)
    return None


def _may_say(request: Request, crisis: Crisis) -> bool:
    """Whether somebody works on the crisis, or was given the list, as the person who raised the alarm may have been."""
    given = {post.place for post in request.store.chat.posts.of(_list_ref(crisis))}
    return in_team(request, crisis, request.person) or f"dm:{request.person.id}" in given


@on(ANSWERED)
def off_the_list(context: Context, crisis: Crisis, _page: Page) -> None:
    """Somebody who has answered need not be called any more."""
    _refresh_list(context, crisis)


@on(CRISIS_OVER)
def no_more_calls(context: Context, crisis: Crisis) -> None:
    """Nobody is called any more."""
    context.cancel(REMINDER, crisis.ref)
    _refresh_list(context, crisis)


def _keep(request: Request, crisis: Crisis, page: Page, outcome: str) -> None:
    said = {"phoned": "unreachable" if outcome == "unreachable" else "reached", "phoned_by": request.person.id}
    if outcome != "unreachable":
        said |= {"answer": outcome}
    first = page.first_answered_at or request.now
    answered = {"answered_at": request.now, "first_answered_at": first} if "answer" in said else {}
    page = request.store.crisis.pages.change(page, phoned_at=request.now, **said, **answered)
    request.audit(crisis.ref, phoned=page.person, outcome=outcome)
    subject = page_ref(crisis.ref, page.person)
    request.cancel(AGAIN, subject)
    what = {"coming": "comes", "cannot": "cannot come", "unreachable": "was not reached"}[outcome]
    write(request, crisis, f"by phone: {request.name(page.person)} {what}", by=request.person.id)
    if page.answer:
        request.refresh(subject, answered_card(request, crisis, page, phoned_by=page.phoned_by))
        settled(request, subject, what)
        refresh_homes(request, [page.person])
        emit(ANSWERED, request, crisis, page)
    _refresh_list(request, crisis)
    if not to_call(request, crisis):
        request.cancel(REMINDER, crisis.ref)
    show(request, crisis)


def _list_ref(crisis: Crisis) -> str:
    return f"{crisis.ref} phone"


def _show_list(context: Context, crisis: Crisis, *, again: bool = False) -> None:
    """Who gets the list: the leader; if nobody has answered at all, also who raised the alarm and the city manager."""
    card, about, shown = list_card(context, crisis), _list_ref(crisis), context.store.chat.posts.of(_list_ref(crisis))
    there = {post.place for post in shown}
    for person in _callers(context, crisis):
        if again or f"dm:{person}" not in there:
            ask_for(context, crisis, person, card, ref=about, draws=f"crisis.phone {crisis.ref}")
    context.refresh(about, card)


def _refresh_list(context: Context, crisis: Crisis) -> None:
    context.refresh(_list_ref(crisis), list_card(context, crisis))


def _callers(context: Context, crisis: Crisis) -> list[str]:
    comes = [page for page in context.store.crisis.pages.of(crisis.ref) if page.answer == "coming"]
    above = [] if comes else [crisis.created_by, *(person.id for person in context.city.with_role("city_manager"))]
    return list(dict.fromkeys([leader(context, crisis), *above]))


def _remind(context: Context, crisis: Crisis) -> None:
    """Plan the next reminder, each after a longer time; its step is the minutes since the crisis began, so that each
    reminder is a timer of its own."""
    if context.store.time.timers.next_due(REMINDER, crisis.ref) is None:
        since, least = context.now - crisis.created_at, timedelta(minutes=context.city.crisis.phone_again_minutes)
        due = context.now + min(max(since, least), SELDOM)
        context.schedule(REMINDER, crisis.ref, due, step=int((due - crisis.created_at).total_seconds() // 60))


@health_check("crisis pages")
def open_escalations(context: Context) -> list[str]:
    """Name the people who are silent and have no next step planned; drills do not count."""
    timers, late = context.store.time.timers, context.now - LATE
    due = {REMINDER: timers.all_due(REMINDER), AGAIN: timers.all_due(AGAIN)}
    problems = []
    for page in context.store.crisis.pages.silent():
        kind, subject = (REMINDER, page.crisis) if page.phoned else (AGAIN, page_ref(page.crisis, page.person))
        follows = due[kind].get(subject)
        if page.phoned != "unreachable" and (follows is None or follows < late):
            problems.append(f"{page.crisis}: no next step is planned for the unanswered page to {page.person}")
    return problems
