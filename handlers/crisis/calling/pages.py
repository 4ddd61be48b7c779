"""Crisis pages: calling somebody for a crisis, and who is still needed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from handlers.crisis.board import details, folded
from handlers.crisis.calling.asked import Pages, is_called_too, roles_asked
from handlers.crisis.events import ANSWERED
from handlers.crisis.levels import crisis_status
from handlers.crisis.record import (
    DRILL_LINE,
    UNABLE,
    asked_names,
    at_when,
    room_link,
    stamped,
    tell,
    what_and_where,
    when,
    write,
)
from handlers.crisis.to_many import tell_each
from handlers.kit.context import Context
from handlers.kit.duty import GONE, UNREACHABLE
from handlers.kit.events import emit
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Facts, Text, Word
from handlers.kit.parts import Broken, Part
from handlers.kit.speaking import Message
from storage.crisis.pages import Page
from storage.crisis.records import Crisis
from storage.keeping import MONTH
from storage.time.timers import NewTimer

ANSWERS = {
    "coming": "on my way", "cannot": "cannot come", "covered": "not needed: somebody else has the role",
    "gone": "could not be reached",
}  # fmt: skip
AGAIN = "crisis.page-again"


def page_ref(ref: str, person: str) -> str:
    """The reference of a page."""
    return f"{ref} {person}"


def call(context: Context, crisis: Crisis, person: str) -> None:
    """Page somebody, once for each crisis; while they cannot be asked, page the next in line."""
    why = context.duties.why_not(person)
    if why and (_stood_in_for(context, crisis, person) or call_next(context, crisis, person)):
        return
    if why in GONE:
        write(context, crisis, not_reached_line(context, person))
        return
    _call(context, crisis, [person])


def call_together(context: Context, crisis: Crisis, persons: Sequence[str]) -> Sequence[Broken | None]:
    """Page people who can be asked, all at once; when that breaks, each alone, and only who it breaks over is not
    called."""
    if not isinstance(context.apart("page", partial(_call, context, crisis, persons)), Broken):
        return []
    return context.each_apart([Part("page", partial(_call, context, crisis, [person]), person) for person in persons])


def _call(context: Context, crisis: Crisis, persons: Sequence[str]) -> None:
    """Page people who can be asked, each once for each crisis."""
    pages = {page.person: page for page in context.store.crisis.pages.of(crisis.ref)}
    new = [Page(crisis.ref, person, None, None, context.now, 1) for person in persons if person not in pages]
    context.store.crisis.pages.add_all(new)
    send_pages(context, crisis, [(page, page_card(context, crisis, page, pages)) for page in new])


def call_next(context: Context, crisis: Crisis, person: str) -> str | None:
    """Page the next in line for somebody who cannot be asked, does not answer or cannot come: a deputy; else, if nobody
    else in the same roles may come, who is above. Returns who was paged, or asked to do more."""
    if _stood_in_for(context, crisis, person):
        return None
    duties, pages = context.duties, {page.person: page for page in context.store.crisis.pages.of(crisis.ref)}
    deputies = [deputy for deputy in duties.deputies(person) if duties.why_not(deputy) is None]
    above = [] if _others_may_come(context, person, pages) else duties.line([person])
    for other in dict.fromkeys((*deputies, *above)):
        if other != person and _call_for(context, crisis, other, person):
            return other
    return None


def _stood_in_for(context: Context, crisis: Crisis, person: str) -> bool:
    """Whether somebody was called in this person's place, and has not said that they cannot come."""
    pages = context.store.crisis.pages.of(crisis.ref)
    return any(page.instead_of == person and page.answer not in UNABLE for page in pages)


def _others_may_come(context: Context, person: str, pages: Pages) -> bool:
    """Whether somebody else may come for each role that this person is asked for; without a role, for the team."""
    mine = pages.get(person) or Page("", person, None, None, context.now, 1)
    roles = roles_asked(context, mine, pages)
    groups = [role.people for role in roles] or [tuple(context.city.crisis_team)]

    def may_come(other: str) -> bool:
        page = pages.get(other)
        return other != person and context.duties.why_not(other) is None and (page is None or page.answer not in UNABLE)

    return all(any(may_come(other) for other in group) for group in groups)


def call_deputy(context: Context, crisis: Crisis, person: str) -> None:
    """Page the next in line, if there is one, for somebody who does not answer or cannot come, and log it."""
    if stands_in := call_next(context, crisis, person):
        write(context, crisis, f"{context.name(stands_in)} is called instead of {context.name(person)}.")


def _call_for(context: Context, crisis: Crisis, stands_in: str, instead_of: str) -> bool:
    """Page the stand-in for somebody; False when they cannot come, or stand in for somebody already."""
    page = context.store.crisis.pages.find(crisis.ref, stands_in)
    if page is None:
        page = context.store.crisis.pages.add(crisis.ref, stands_in, context.now, instead_of=instead_of)
        send_page(context, crisis, page)
    elif page.instead_of or page.answer in UNABLE:
        return False
    else:
        _take_on(context, crisis, context.store.crisis.pages.change(page, instead_of=instead_of))
    return True


def _take_on(context: Context, crisis: Crisis, page: Page) -> None:
    """Add a stand-in duty to somebody who was already called for themselves: their card says so, or a new card if they
    have said that they come. Their answer counts for both."""
    if page.answer is None:
        context.refresh(page_ref(crisis.ref, page.person), stamped(crisis, page_card(context, crisis, page)))
        return
    if page.answer == "coming":
        card = Card(f"{crisis.ref}: you are asked for another role too", *_asked_words(context, page))
        tell(context, crisis, f"dm:{page.person}", card, priority="page")
    emit(ANSWERED, context, crisis, page)


def send_page(
    context: Context, crisis: Crisis, page: Page, *, on: tuple[str, ...] = (), only_chat: bool = False
) -> None:
    """Send a page, the first or a repeated one, on the usual platform or the platforms ``on``, and by pager where there
    is one; a timer checks whether they have answered."""
    send_pages(context, crisis, [(page, page_card(context, crisis, page))], on=on, only_chat=only_chat)


def send_pages(
    context: Context,
    crisis: Crisis,
    drawn: Sequence[tuple[Page, Card]],
    *,
    on: tuple[str, ...] = (),
    only_chat: bool = False,
) -> None:
    """The same for several pages, each with its card."""
    said = [
        Message(f"dm:{page.person}", card, ref, "page", draws=f"crisis.page {ref}")
        for page, card in drawn
        for ref in (page_ref(crisis.ref, page.person),)
    ]
    tell_each(context, crisis, [replace(message, on=platform) for message in said for platform in on or (None,)])
    if not crisis.drill and not only_chat:
        context.page_each(said)
    due = context.now + timedelta(minutes=context.city.crisis.page_again_minutes)
    context.schedule_each([
        NewTimer(AGAIN, page_ref(crisis.ref, page.person), due, page.times) for page, _ in drawn
    ])  # fmt: skip


def page_card(context: Context, crisis: Crisis, page: Page, pages: Pages | None = None) -> Card:
    """The card for somebody who is needed."""
    again = "" if page.times == 1 else f" (page {page.times})"
    return Card(
        f"Crisis {crisis.ref}: you are needed{again}",
        *([DRILL_LINE] if crisis.drill else []),
        what_and_where(crisis),
        *_asked_words(context, page, pages),
        Buttons(*answers(crisis)),
        Facts(("Room", room_link(context, crisis))),
        details(context, crisis),
        status=crisis_status(crisis),
    )


def being_called(context: Context, crisis: Crisis, persons: Sequence[str]) -> tuple[Word, ...]:
    """How many people are being called, and who they are folded."""
    names = folded(crisis, "team", f"Names: {len(persons)}", Text(f"{asked_names(context, persons)}."))
    return Text(f"{counted(len(persons), 'person is', 'people are')} being called."), names


def _asked_words(context: Context, page: Page, pages: Pages | None = None) -> list[Text]:
    """Which roles somebody is asked for, and for whom they stand in."""
    asked = ", ".join(role.name for role in roles_asked(context, page, pages))
    too = " as well" if is_called_too(context, page) else ""
    stands_in = [Text(f"You stand in for {context.name(page.instead_of)}{too}.")] if page.instead_of else []
    return [*([Text(f"You are asked to act as: {asked}.")] if asked else []), *stands_in]


def ways(context: Context, page: Page) -> tuple[str, ...]:
    """The platforms of the next page: the second page goes to the other platform, later ones to all."""
    usual = context.platform_of(page.person)
    others = context.other_ways(page.person, usual)
    return tuple(others[:1] or [usual]) if page.times == 2 else (usual, *others)


def answers(crisis: Crisis) -> tuple[Button, Button]:
    coming = Button("On my way", "crisis.coming", crisis.ref, style="primary")
    return coming, Button("I cannot come", "crisis.cannot", crisis.ref)


def answered_card(
    context: Context,
    crisis: Crisis,
    page: Page,
    *,
    phoned_by: str | None = None,
    acted: bool = False,
    how_known: bool = True,
) -> Card:
    """A page that needs no answer any more, with a button to change the answer; ``phoned_by`` is who heard it by phone,
    and ``acted`` means that they did not answer but acted in the crisis. Without
    ``how_known`` it is left open how their answer came."""
    coming = Button("I can come after all", "crisis.coming", crisis.ref)
    at = at_when(context, page.answered_at or context.now)
    who = "you said" if phoned_by in (None, page.person) else f"{context.name(phoned_by)} called you, and wrote down"
    answer = f"“{ANSWERS[page.answer or 'coming']}”"
    known = f"you took part {at}, which counts as “{ANSWERS['coming']}”" if acted else f"{who} {answer} {at}"
    said = f"Crisis {crisis.ref}: {known if how_known else f'your answer {at}: {answer}'}"
    match page.answer:
        case "covered":
            said, button = f"Crisis {crisis.ref}: somebody else has your role, you are not needed", coming
        case "cannot":
            button = coming
        case _:
            button = Button("I cannot come after all", "crisis.cannot", crisis.ref)
    words = (what_and_where(crisis), Facts(("Room", room_link(context, crisis))), Buttons(button))
    return stamped(crisis, Card(said, *words, details(context, crisis), status=crisis_status(crisis)))


def is_awaited(crisis: Crisis | None, page: Page | None) -> bool:
    """Whether the page still waits for an answer."""
    return crisis is not None and crisis.is_open and page is not None and page.answer is None


def page_lines(context: Context, pages: Sequence[Page], *, still_on: bool = True) -> list[str]:
    """Write in one line each who was called and what they answered."""
    arriving = context.store.chat.overdue_pages.arriving([page_ref(page.crisis, page.person) for page in pages])

    def paged(page: Page) -> str:
        is_old = context.now - page.paged_at > MONTH  # what was sent in a drill is kept no longer than other messages
        kept = arriving.get(page_ref(page.crisis, page.person), page.times if is_old else 0)
        times = min(page.times, kept)
        return f"paged {counted(times, 'time')}" if times else "no page has arrived"

    return [_page_line(context, page, paged(page), still_on) for page in pages]


def _page_line(context: Context, page: Page, paged: str, still_on: bool) -> str:
    name = context.name(page.person)
    if page.instead_of:
        name += f" ({'also ' * is_called_too(context, page)}for {context.name(page.instead_of)})"
    if page.answer and page.answered_at:
        return f"{name}: {ANSWERS[page.answer]} ({when(context, page.answered_at)})"
    if context.duties.why_not(page.person) in (*GONE, UNREACHABLE):
        return f"{name}: could not be reached, {paged}{_phone(page)}"
    yet = " yet" if still_on else ""
    return f"{name}: no answer{yet}, {paged}{_phone(page)}"


def not_reached_line(context: Context, person: str) -> str:
    """The log line that somebody who is needed could not be reached, and why."""
    why = "" if context.duties.why_not(person) == UNREACHABLE else f": {context.duties.reason(person)}"
    return f"{context.name(person)} could not be reached{why}."


def _phone(page: Page) -> str:
    return {"asked": ", to be called by phone", "unreachable": ", not reached by phone"}.get(page.phoned or "", "")
