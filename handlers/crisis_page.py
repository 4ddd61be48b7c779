"""Crisis pages: who is needed is called in person, answers with one tap, and is called again until they do."""

from handlers.kit.context import Context, Request
from handlers.kit.crisis import BEGAN, OVER, show, stamped, team, tell, which_crisis, write
from handlers.kit.crisis_pages import ANSWERS, answered_card, answers, page_line, page_ref, send_page
from handlers.kit.errors import UserError
from handlers.kit.facts import Person
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Card, Items, Text, Word
from handlers.kit.morning import dealt_with
from handlers.kit.registry import action, board, follows, timer, waits
from handlers.kit.waiting import Task, Waiting
from storage.crises import Crisis


@follows(BEGAN)
def call_the_team(context: Context, crisis: Crisis) -> None:
    """Page everybody who is needed, at once."""
    called = [one.id for one in team(context.city)]
    for person in called:
        context.store.crisis_pages.add(crisis.ref, person, context.now)
        send_page(context, crisis, person, times=1)
    context.note(crisis.ref, paged=len(called))
    refresh_homes(context, called)
    show(context, crisis)


@action("crisis.coming", needs="crisis.answer")
def coming(request: Request, value: str) -> Card | None:
    """Answer a page: on my way."""
    return _answer(request, value, "coming")


@action("crisis.cannot", needs="crisis.answer")
def cannot(request: Request, value: str) -> Card | None:
    """Answer a page: I cannot come."""
    return _answer(request, value, "cannot")


@timer("crisis.page-again")
def page_again(context: Context, subject: str, step: int) -> None:
    """Page somebody again who has not answered."""
    ref, person = subject.split()
    crisis, page = context.store.crises.take(ref), context.store.crisis_pages.take(ref, person)
    if crisis is None or not crisis.is_open or page is None or page.answer is not None:
        return
    context.store.crisis_pages.change(page, times=step + 1)
    context.note(ref, paged=person, times=step + 1)
    send_page(context, crisis, person, times=step + 1)
    show(context, crisis)


@follows(OVER)
def call_off(context: Context, crisis: Crisis) -> None:
    """Nobody is needed any more: pages end, and who may be on the road is told."""
    over = stamped(crisis, Card(f"{crisis.ref} is over", Text(crisis.what)))
    for page in context.store.crisis_pages.of(crisis.ref):
        subject = page_ref(crisis.ref, page.person)
        context.no_longer("crisis.page-again", subject)
        dealt_with(context, subject, "the crisis is over")
        context.refresh(subject, over)
        if page.answer != "cannot":  # an edit rings no bell, and somebody may be on the road
            news = Card(f"{crisis.ref} is over: you need not come", Text(crisis.what), Text(f"Why: {crisis.reason}"))
            tell(context, crisis, f"dm:{page.person}", news, priority="page")
    refresh_homes(context, [page.person for page in context.store.crisis_pages.of(crisis.ref)])


@board("team", order=10)
def who_comes(context: Context, crisis: Crisis) -> list[Word]:
    """Who was called, and what they said."""
    pages = context.store.crisis_pages.of(crisis.ref)
    lines = [page_line(context, page, still_on=crisis.is_open) for page in pages]
    return [Text("Crisis team:"), Items(*lines)] if lines else []


@waits("crisis pages", order=10)
def unanswered_pages(context: Context, person: Person) -> Waiting:
    """The pages that somebody has not answered; they cannot wait for a day, so they have none."""
    crises = context.store.crisis_pages.unanswered(person.id)
    return Waiting("", [Task(one.ref, f"Crisis {one.ref}: you are needed. {one.what}", answers(one)) for one in crises])


def _answer(request: Request, ref: str, answer: str) -> Card | None:
    crisis = which_crisis(request, ref)
    page = request.store.crisis_pages.take(crisis.ref, request.person.id)
    if page is None:
        raise UserError(f"You were not paged for {crisis.ref}. To help, write to the crisis room.")
    if not crisis.is_open:
        return Card(f"{crisis.ref} is over", Text("Thank you. You do not have to come any more."))
    page = request.store.crisis_pages.change(page, answer=answer, answered_at=request.now)
    request.note(crisis.ref, answer=answer)
    subject = page_ref(crisis.ref, request.person.id)
    request.no_longer("crisis.page-again", subject)
    request.refresh(subject, answered_card(request, crisis, page))
    dealt_with(request, subject, ANSWERS[answer])
    write(request, crisis, ANSWERS[answer], by=request.person.id)
    refresh_homes(request, [request.person.id])
    return None
