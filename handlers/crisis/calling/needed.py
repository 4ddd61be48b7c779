"""Crisis pages after an answer or a taken role: who is not needed any more, and who is called again."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.crisis.calling.asked import Pages, lacks, needed
from handlers.crisis.calling.pages import (
    AGAIN,
    ANSWERS,
    answered_card,
    call_deputy,
    page_card,
    page_ref,
    send_pages,
    ways,
)
from handlers.crisis.events import ANSWERED
from handlers.crisis.record import UNABLE
from handlers.kit.context import Context
from handlers.kit.events import on
from handlers.kit.home import refresh_homes
from handlers.kit.settled import settled_each
from storage.crisis.pages import Page
from storage.crisis.records import Crisis


@on(ANSWERED)
def see_who_is_needed(context: Context, crisis: Crisis, answered: Page) -> None:
    """After an answer: who is needed once more is called again, and where nobody comes, a deputy is."""
    pages = look_again(context, crisis)
    if answered.answer in UNABLE and not crisis.drill and lacks(context, answered, pages):
        call_deputy(context, crisis, answered.person)


def look_again(context: Context, crisis: Crisis) -> Pages:
    """Once somebody has a role where one is enough, let the others rest; when it is free again, call them again. Gives
    the pages as they were."""
    pages = {page.person: page for page in context.store.crisis.pages.of(crisis.ref)}
    held = context.store.crisis.roles.held(crisis.ref)
    settled = [page for page in pages.values() if page.answer in (None, "covered")]
    wanted = {page.person for page in settled if needed(context, crisis, page, pages, held)}
    rest = [page for page in settled if page.answer is None and page.person not in wanted]
    called = [page for page in settled if page.answer == "covered" and page.person in wanted]
    covered = [replace(page, answer="covered", answered_at=context.now) for page in rest]
    again = [replace(page, answer=None, answered_at=None, times=page.times + 1) for page in called]
    context.store.crisis.pages.answer_all([*covered, *again])
    no_answers_needed(context, crisis, covered)
    _call_again(context, crisis, again)
    return pages


def no_answers_needed(context: Context, crisis: Crisis, pages: Sequence[Page], *, acted: bool = False) -> None:
    """Ask no more for an answer to these pages, which all have the same, and show it on them."""
    subjects = {page_ref(crisis.ref, page.person): page for page in pages}
    if not subjects:
        return
    context.cancel(AGAIN, *subjects)
    context.refresh_each({
        subject: answered_card(context, crisis, page, acted=acted) for subject, page in subjects.items()
    })  # fmt: skip
    settled_each(context, subjects, ANSWERS[pages[0].answer or "covered"])
    refresh_homes(context, [page.person for page in pages])


def _call_again(context: Context, crisis: Crisis, pages: Sequence[Page]) -> None:
    """Page people once more, each on the platforms of their next page."""
    persons = [page.person for page in pages]
    refresh_homes(context, persons)
    context.roster.read_platforms(persons)
    on = {page.person: ways(context, page) for page in pages}
    for platforms in dict.fromkeys(on.values()):
        drawn = [(page, page_card(context, crisis, page)) for page in pages if on[page.person] == platforms]
        send_pages(context, crisis, drawn, on=platforms)
