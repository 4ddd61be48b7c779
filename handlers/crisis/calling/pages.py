"""Crisis pages: calling somebody for a crisis, and who is needed still."""

from collections.abc import Mapping
from datetime import timedelta

from handlers.crisis.events import ANSWERED
from handlers.crisis.record import UNABLE, crisis_facts, stamped, team, tell, write
from handlers.crisis.rights import may_command
from handlers.kit.city.crisis import COMMANDER, CrisisRole
from handlers.kit.context import Context
from handlers.kit.duty import GONE, UNREACHABLE
from handlers.kit.events import emit
from handlers.kit.messages import Button, Buttons, Card, Text
from storage.crisis.pages import Page
from storage.crisis.records import Crisis

ANSWERS = {
    "coming": "on my way", "cannot": "cannot come", "covered": "not needed: somebody else comes",
    "gone": "could not be reached",
}  # fmt: skip
AGAIN = "crisis.page-again"


def page_ref(ref: str, person: str) -> str:
    """What a page is about."""
    return f"{ref} {person}"


def call(context: Context, crisis: Crisis, person: str) -> None:
    """Page somebody in person, once for each crisis; while they cannot be asked, whoever comes next."""
    why = context.duties.why_not(person)
    if why and (_stood_in_for(context, crisis, person) or call_next(context, crisis, person)):
        return
    if why in GONE:
        write(context, crisis, not_reached_line(context, person))
        return
    if context.store.crisis.pages.find(crisis.ref, person) is None:
        send_page(context, crisis, context.store.crisis.pages.add(crisis.ref, person, context.now))


def call_next(context: Context, crisis: Crisis, person: str) -> str | None:
    """Page who comes next for somebody who cannot be asked, does not answer or cannot come: a deputy; nobody while
    others of the same roles may come; else who is above. Gives who was paged, or asked for more."""
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
    """Whether somebody was called instead, and has not said that they cannot come."""
    pages = context.store.crisis.pages.of(crisis.ref)
    return any(page.instead_of == person and page.answer not in UNABLE for page in pages)


def _others_may_come(context: Context, person: str, pages: Mapping[str, Page]) -> bool:
    """Whether each role for which somebody is asked has another who may come; without a role, the team."""
    mine = pages.get(person) or Page("", person, None, None, context.now, 1)
    groups = [role.people for role in roles_asked(context, mine)] or [tuple(person.id for person in team(context.city))]

    def may_come(one: str) -> bool:
        page = pages.get(one)
        return one != person and context.duties.why_not(one) is None and (page is None or page.answer not in UNABLE)

    return all(any(may_come(one) for one in group) for group in groups)


def call_deputy(context: Context, crisis: Crisis, person: str) -> None:
    """Page whoever comes next for somebody who does not answer, or cannot come; nobody, where nobody is needed."""
    if stands_in := call_next(context, crisis, person):
        write(context, crisis, f"{context.name(stands_in)} is called instead of {context.name(person)}.")


def _call_for(context: Context, crisis: Crisis, stands_in: str, instead_of: str) -> bool:
    """Page whoever stands in for somebody; False when they cannot come, or stand in for somebody already."""
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
    """Somebody was called for themselves already: their card says whom they stand in for too, or a new one does when
    they come, whose answer counts for both."""
    if page.answer is None:
        context.refresh(page_ref(crisis.ref, page.person), stamped(crisis, page_card(context, crisis, page)))
        return
    if page.answer == "coming":
        card = Card(f"{crisis.ref}: you are asked for more", *_asked_words(context, page))
        tell(context, crisis, f"dm:{page.person}", card, priority="page")
    emit(ANSWERED, context, crisis, page)


def send_page(
    context: Context, crisis: Crisis, page: Page, *, on: tuple[str, ...] = (), only_chat: bool = False
) -> None:
    """Call somebody, for the first time or again, on their usual platform or ``on`` others, and beside chat where there
    is a way; a timer looks whether they have answered."""
    subject, card = page_ref(crisis.ref, page.person), page_card(context, crisis, page)
    draws = f"crisis.page {subject}"
    for platform in on or (None,):
        tell(context, crisis, f"dm:{page.person}", card, ref=subject, priority="page", on=platform, draws=draws)
    if not crisis.drill and not only_chat:
        context.page(page.person, card, ref=subject, draws=draws)
    due = context.now + timedelta(minutes=context.city.crisis.page_again_minutes)
    context.schedule(AGAIN, subject, due, step=page.times)


def page_card(context: Context, crisis: Crisis, page: Page) -> Card:
    """What somebody reads who is needed."""
    again = "" if page.times == 1 else f" (page {page.times})"
    return Card(
        f"Crisis {crisis.ref}: you are needed{again}",
        Text(crisis.what),
        *_asked_words(context, page),
        crisis_facts(context, crisis),
        Buttons(*answers(crisis)),
    )


def _asked_words(context: Context, page: Page) -> list[Text]:
    """As what somebody is asked, and for whom they stand in."""
    asked = ", ".join(role.name for role in roles_asked(context, page))
    too = " as well" if _is_called_too(context, page) else ""
    stands_in = [Text(f"You stand in for {context.name(page.instead_of)}{too}.")] if page.instead_of else []
    return [*([Text(f"You are asked as: {asked}.")] if asked else []), *stands_in]


def _is_called_too(context: Context, page: Page) -> bool:
    """Whether somebody is called for themselves, whomever they stand in for."""
    return page.person in {person.id for person in team(context.city)}


def ways(context: Context, page: Page) -> tuple[str, ...]:
    """Where the next page goes: the second one to the other platform, those after it to every one."""
    usual = context.platform_of(page.person)
    others = context.other_ways(page.person, usual)
    return tuple(others[:1] or [usual]) if page.times == 2 else (usual, *others)


def answers(crisis: Crisis) -> tuple[Button, Button]:
    coming = Button("On my way", "crisis.coming", crisis.ref, style="primary")
    return coming, Button("I cannot come", "crisis.cannot", crisis.ref)


def answered_card(
    context: Context, crisis: Crisis, page: Page, *, phoned_by: str | None = None, acted: bool = False
) -> Card:
    """A page that needs no answer any more, with the way back; ``phoned_by`` is who heard the answer by phone, and
    ``acted`` says that they gave none but acted."""
    coming = Button("I can come after all", "crisis.coming", crisis.ref)
    when = context.city.calendar.clock(page.answered_at or context.now)
    who = "you said" if phoned_by in (None, page.person) else f"{context.name(phoned_by)} called you, and wrote down"
    answer = f"“{ANSWERS[page.answer or 'coming']}”"
    said = f"Crisis {crisis.ref}: " + (f"you acted at {when}: “on my way”" if acted else f"{who} {answer} at {when}")
    match page.answer:
        case "covered":
            said, button = f"Crisis {crisis.ref}: somebody else comes, you are not needed", coming
        case "cannot":
            button = coming
        case _:
            button = Button("I cannot come after all", "crisis.cannot", crisis.ref)
    return stamped(crisis, Card(said, Text(crisis.what), crisis_facts(context, crisis), Buttons(button)))


def is_awaited(crisis: Crisis | None, page: Page | None) -> bool:
    """Whether somebody is still to answer."""
    return crisis is not None and crisis.is_open and page is not None and page.answer is None


def roles_asked(context: Context, page: Page) -> list[CrisisRole]:
    """The roles for which somebody is called: their own, those of whom they stand in for, and of whom that one did;
    commander only where they may become it."""
    persons, above = [page.person], page.instead_of
    while above and above not in persons:
        persons.append(above)
        known = context.store.crisis.pages.find(page.crisis, above)
        above = known.instead_of if known else None
    asked = [role for role in context.city.crisis.role if not set(persons).isdisjoint(role.people)]
    return asked if may_command(context.city, page.person) else [role for role in asked if role.id != COMMANDER]


def needed(context: Context, page: Page, pages: Mapping[str, Page]) -> bool:
    """Whether somebody's answer is still needed: of a role where the first one is enough, another may come."""
    roles = roles_asked(context, page)
    return not roles or any(role.answer == "all" or not _filled(context, role, pages) for role in roles)


def _filled(context: Context, role: CrisisRole, pages: Mapping[str, Page]) -> bool:
    coming = (page for page in pages.values() if page.answer == "coming" and not context.duties.is_gone(page.person))
    return any(role in roles_asked(context, page) for page in coming)


def page_line(context: Context, page: Page, *, still_on: bool = True) -> str:
    """Who was called, and what they said, in one line."""
    name = context.name(page.person)
    if page.instead_of:
        name += f" ({'also ' * _is_called_too(context, page)}for {context.name(page.instead_of)})"
    if page.answer and page.answered_at:
        return f"{name}: {ANSWERS[page.answer]} ({context.city.calendar.clock(page.answered_at)})"
    if context.duties.why_not(page.person) in (*GONE, UNREACHABLE):
        return f"{name}: could not be reached, {_times(page)}{_phone(page)}"
    yet = " yet" if still_on else ""
    return f"{name}: no answer{yet}, {_times(page)}{_phone(page)}"


def not_reached_line(context: Context, person: str) -> str:
    """For the log: that somebody who is needed cannot be called, and why."""
    why = "" if context.duties.why_not(person) == UNREACHABLE else f": {context.duties.reason(person)}"
    return f"{context.name(person)} could not be reached{why}."


def _times(page: Page) -> str:
    return f"paged {page.times} {'time' if page.times == 1 else 'times'}"


def _phone(page: Page) -> str:
    return {"asked": ", to be called by phone", "unreachable": ", not reached by phone"}.get(page.phoned or "", "")


def silent_line(context: Context, page: Page) -> str:
    """Somebody who has not answered a page, in one line."""
    return f"{page.crisis}: {page_line(context, page)}"
