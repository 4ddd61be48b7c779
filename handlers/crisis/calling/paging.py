"""Crisis pages: who is needed is called in person, answers with one tap, and is called again until they do."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from handlers.crisis.calling.asked import lacks
from handlers.crisis.calling.needed import look_again, no_answers_needed
from handlers.crisis.calling.pages import (
    AGAIN,
    ANSWERS,
    answers,
    call,
    call_deputy,
    call_together,
    is_awaited,
    not_reached_line,
    page_ref,
    send_page,
    ways,
)
from handlers.crisis.choice import which_crisis
from handlers.crisis.events import ANSWERED, BEGAN, CHANGED, PHONE, ROLE
from handlers.crisis.levels import crisis_status
from handlers.crisis.record import as_drill, called_for, crisis_of, show, stamped, write
from handlers.kit.context import Context, Request
from handlers.kit.contributions import before_send, on_undelivered, todo
from handlers.kit.duty import UNREACHABLE
from handlers.kit.errors import UserError
from handlers.kit.events import ACTED, CRISIS_OVER, Act, emit, on
from handlers.kit.messages import Card, Text
from handlers.kit.parts import Broken, Part
from handlers.kit.persons import Persons
from handlers.kit.registry import action, timer
from handlers.kit.settled import settled_each
from handlers.kit.speaking import spoken_platform
from handlers.kit.waiting import Task, Waiting
from storage.chat.outbox import OutboxRow
from storage.crisis.pages import Page
from storage.crisis.records import Crisis

DEPUTY_AT = 2  # at the second check, the deputy of somebody silent is called as well
LOOK = 0  # the step at which it is only looked again; the others are the numbers of pages
SOFTLY = 1  # times that somebody silent is called again in a drill
OPEN = (None, "gone")  # no answer of the person's own
# Acts that do not show that somebody comes: the person who has the team called may stay where they are, one who gives
# a role back may come all the same, a department's status can be given from anywhere: a leader must still be found
SAYS_NOTHING = (
    "crisis activate", "crisis.another", "crisis.call-held", "crisis reopen", "crisis.reopen-all-the-same",
    "crisis.give-back", "crisis.department-ok", "crisis.department-affected", "crisis.department-help",
    "crisis.department-line",
)  # fmt: skip


@on(BEGAN)
def call_the_team(context: Context, crisis: Crisis) -> None:
    """Page everybody who is needed, at once."""
    call_all(context, crisis, [person.id for person in called_for(context.city, crisis.level)])
    pages = context.store.crisis.pages.of(crisis.ref)
    context.audit(crisis.ref, paged=len(pages))
    show(context, crisis)


@on(CHANGED)
def call_whom_the_level_asks(context: Context, crisis: Crisis) -> None:
    """Page whom a higher level asks for beside those who were called."""
    if not crisis.is_open:
        return
    known = {page.person for page in context.store.crisis.pages.of(crisis.ref)}
    wanted = [person.id for person in called_for(context.city, crisis.level) if person.id not in known]
    call_all(context, crisis, wanted)


def call_all(context: Context, crisis: Crisis, persons: Sequence[str]) -> None:
    """Page people, first those who cannot be asked, so that the page of a stand-in says all that it is for."""
    able = [person for person in persons if context.duties.why_not(person) is None]
    others = [person for person in persons if person not in able]
    passed_on = context.each_apart([Part("page", partial(call, context, crisis, person), person) for person in others])
    paged = [*passed_on, *call_together(context, crisis, able)]
    context.undone += [f"Page {context.name(result.about)}" for result in paged if isinstance(result, Broken)]


@action("crisis.coming", needs="crisis.answer")
def coming(request: Request, value: str) -> Card | None:
    """Answer a page: on my way."""
    return _answer(request, value, "coming")


@action("crisis.cannot", needs="crisis.answer")
def cannot(request: Request, value: str) -> Card | None:
    """Answer a page: I cannot come."""
    return _answer(request, value, "cannot")


@on(ACTED)
def acting_is_answering(request: Request, act: Act) -> None:
    """Somebody who acts in a crisis has answered its page: they are taken to be on their way."""
    refs = {crisis_of(subject) for subject in act.subjects if subject.startswith("CR-")}
    if not refs or act.name in SAYS_NOTHING:
        return
    for page in request.store.crisis.pages.own(request.person.id):
        crisis = request.store.crisis.records.take(page.crisis) if page.crisis in refs and page.answer in OPEN else None
        if crisis is not None:
            _comes_by_acting(request, crisis, instead_of=OPEN)


@on(ROLE)
def taking_a_role_is_coming(context: Context, crisis: Crisis, _role: str, person: str | None) -> None:
    """Somebody who takes a role comes, whatever they said before; who is given one has not said so. Then others rest,
    or are called again."""
    if isinstance(context, Request) and person == context.person.id:
        _comes_by_acting(context, crisis, instead_of=(*OPEN, "cannot", "covered"))
    look_again(context, crisis)


@timer(AGAIN, counts_seconds=True)
def page_again(context: Context, subject: str, step: int) -> None:
    """Take the next step with somebody who has not answered: the other platform, the deputy, the phone. While others
    come for all that they are asked for, they are left in peace, and it is looked again later."""
    ref, person = subject.split()
    crisis, page = context.store.crisis.records.take(ref), context.store.crisis.pages.take(ref, person)
    if crisis is None or page is None or not is_awaited(crisis, page) or context.duties.is_gone(person):
        return
    wait = timedelta(minutes=context.city.crisis.page_again_minutes)
    if not _lacks(context, page):
        context.again(AGAIN, subject, context.now + wait)
        return
    most = SOFTLY if crisis.drill else context.city.crisis.page_again_times
    passed = page.times if step != LOOK else max(page.times, (context.now - page.paged_at) // wait)
    follows = page.times <= most
    if follows:
        page = context.store.crisis.pages.change(page, times=page.times + 1)
        send_page(context, crisis, page, on=ways(context, page))
    context.audit(ref, paged=person, times=page.times)
    if not crisis.drill:
        _go_further(context, crisis, page, passed, None if follows else context.now + wait)
    show(context, crisis)


def _go_further(context: Context, crisis: Crisis, page: Page, passed: int, later: datetime | None) -> None:
    """After so many pages, call the deputy of somebody silent, and have them called by phone; ``later`` is when it is
    looked again if the deputy comes, unless another page follows anyway."""
    most = context.city.crisis.page_again_times
    if passed >= min(DEPUTY_AT, most):
        call_deputy(context, crisis, page.person)
        page = context.store.crisis.pages.find(crisis.ref, page.person) or page  # their answer may count for two by now
    if not is_awaited(crisis, page):
        return
    if _lacks(context, page):
        if passed >= most:
            emit(PHONE, context, crisis, page)
    elif later:  # should the deputy not come after all, it goes on from here
        context.again(AGAIN, page_ref(crisis.ref, page.person), later)


def _lacks(context: Context, page: Page) -> bool:
    return lacks(context, page, {other.person: other for other in context.store.crisis.pages.of(page.crisis)})


@before_send("CR-")
def is_still_wanted(context: Context, row: OutboxRow) -> bool:
    """Refuse to send a page whose answer has come or whose crisis is over."""
    crisis, page = _paged(context, row)
    return crisis is None or page is None or is_awaited(crisis, page)


@on_undelivered("CR-")
def page_is_lost(context: Context, row: OutboxRow, why: str) -> None:
    """Log a page that may not have arrived, and send it by another way that has not failed yet."""
    crisis, page = _paged(context, row)
    if crisis is None or page is None or not is_awaited(crisis, page):
        return
    left = _ways_left(context, crisis, page, row.platform)
    if row.platform not in left:
        return
    others = left[1:]
    goes_on = f"; it is sent {_by(context, others[0])}" if others and row.platform in context.platforms else ""
    write(context, crisis, f"{_lost(context, page, row.platform)} ({why}){goes_on}.")
    if goes_on:
        send_page(context, crisis, page, on=(others[0],), only_chat=True)
    elif context.duties.why_not(page.person) == UNREACHABLE and not crisis.drill:
        _cannot_be_reached(context, crisis, page)


def _ways_left(context: Context, crisis: Crisis, page: Page, tried: str) -> list[str]:
    """The platforms on which no page to somebody was lost yet, by the log; the one just ``tried`` comes first."""
    written = [entry.text for entry in context.store.crisis.log.of(crisis.ref)]
    usual = context.platform_of(page.person)
    ways = dict.fromkeys((tried, usual, *context.other_ways(page.person, usual)))
    return [way for way in ways if not any(text.startswith(_lost(context, page, way)) for text in written)]


def _cannot_be_reached(context: Context, crisis: Crisis, page: Page) -> None:
    """Every way has failed for good: call the next in line at once, and have the person called by phone."""
    write(context, crisis, not_reached_line(context, page.person))
    call_deputy(context, crisis, page.person)
    page = context.store.crisis.pages.find(crisis.ref, page.person) or page
    if is_awaited(crisis, page) and page.phoned is None:
        emit(PHONE, context, crisis, page)


def _lost(context: Context, page: Page, platform: str) -> str:
    """The beginning of the log line that says that a page was lost on a platform."""
    return f"The page to {context.name(page.person)} has not arrived {_by(context, platform)}"


def _by(context: Context, platform: str) -> str:
    """In Slack, or by the name of a gateway."""
    return f"in {spoken_platform(platform)}" if platform in context.platforms else f"by {platform}"


def _paged(context: Context, row: OutboxRow) -> tuple[Crisis | None, Page | None]:
    """The crisis and the page that a message is about, if it is a page."""
    ref, _, person = (row.about or "").partition(" ")
    return context.store.crisis.records.find(ref), context.store.crisis.pages.find(ref, person)


@on(CRISIS_OVER)
def call_off(context: Context, crisis: Crisis) -> None:
    """Nobody is needed any more: pages end."""
    over = stamped(crisis, Card(f"{crisis.ref} is over", Text(crisis.what)))
    _answer_of_who_ended_it(context, crisis)
    pages = context.store.crisis.pages.of(crisis.ref)
    subjects = [page_ref(crisis.ref, page.person) for page in pages]
    context.cancel(AGAIN, *subjects)
    settled_each(context, subjects, "the crisis is over")
    context.refresh_each(dict.fromkeys(subjects, over))


@todo("crisis pages", order=10)
def unanswered_pages(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Pages that people have not answered; urgent, so they have no due day."""
    return {
        person: Waiting("", [_task(crisis, person) for crisis in crises])
        for person, crises in context.store.crisis.pages.unanswered(persons.ids).items()
    }


def _task(crisis: Crisis, person: str) -> Task:
    line = as_drill(crisis, f"Crisis {crisis.ref}: you are needed. {crisis.what}")
    about, bad = page_ref(crisis.ref, person), crisis_status(crisis)
    return Task(about, line, answers(crisis), status=bad, urgent=True)


def _answer(request: Request, ref: str, answer: str) -> Card | None:
    crisis = which_crisis(request, ref)
    page = request.store.crisis.pages.take(crisis.ref, request.person.id)
    if page is None:
        raise UserError(f"You were not paged for {crisis.ref}. To help, write to the crisis room.")
    if not crisis.is_open:
        return Card(f"{crisis.ref} is over", Text("Thank you. You do not have to come anymore."))
    page = _given(request, page, answer)
    request.audit(crisis.ref, answer=answer)
    no_answers_needed(request, crisis, [page])
    write(request, crisis, ANSWERS[answer], by=request.person.id)
    emit(ANSWERED, request, crisis, page)
    show(request, crisis)
    return None


def _given(context: Context, page: Page, answer: str) -> Page:
    first = page.first_answered_at or context.now
    return context.store.crisis.pages.change(page, answer=answer, answered_at=context.now, first_answered_at=first)


def _comes_by_acting(request: Request, crisis: Crisis, *, instead_of: tuple[str | None, ...]) -> None:
    """Answer somebody's page with "on my way" because they acted, if its answer so far is one of ``instead_of``."""
    page = request.store.crisis.pages.take(crisis.ref, request.person.id)
    if page is None or page.answer not in instead_of:
        return
    page = _acted(request, crisis, page)
    no_answers_needed(request, crisis, [page], acted=True)
    emit(ANSWERED, request, crisis, page)
    show(request, crisis)


def _answer_of_who_ended_it(context: Context, crisis: Crisis) -> None:
    """Count the person who agreed to end the crisis as having answered; nothing else follows from it."""
    page = context.store.crisis.pages.find(crisis.ref, crisis.closed_by) if crisis.closed_by else None
    if page is not None and page.answer in OPEN:
        _acted(context, crisis, page)


def _acted(context: Context, crisis: Crisis, page: Page) -> Page:
    context.audit(crisis.ref, answer="coming", acted=True)
    write(context, crisis, f"{context.name(page.person)} took part, which counts as “{ANSWERS['coming']}”.")
    return _given(context, page, "coming")
