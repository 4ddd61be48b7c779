"""Crisis over: one message at the end to each who took part, leads or was paged: why, and what is left for them."""

from collections.abc import Collection, Iterable

from handlers.crisis.afterwards.handed_on import going_on_with
from handlers.crisis.afterwards.lessons import lessons_words
from handlers.crisis.afterwards.rating import rating_words
from handlers.crisis.board import after_buttons
from handlers.crisis.drawn import drawn_in_crisis
from handlers.crisis.leading import leader
from handlers.crisis.levels import crisis_status
from handlers.crisis.record import OVER, UNABLE, over_ref, stamped, what_and_where
from handlers.crisis.to_many import tell_each
from handlers.kit.context import Context
from handlers.kit.events import CRISIS_OVER, on
from handlers.kit.messages import Card, Text, Word
from handlers.kit.speaking import Message
from storage.crisis.pages import Page
from storage.crisis.records import Crisis


@on(CRISIS_OVER)
def tell_each_once(context: Context, crisis: Crisis) -> None:
    """A changed message rings no bell, so the end is said in a new one; with all of it that concerns the person."""
    pages = {page.person: page for page in context.store.crisis.pages.of(crisis.ref)}
    cards = over_cards(context, crisis, _told(context, crisis, pages))
    on_the_road = {person for person, page in pages.items() if _may_be_on_the_road(page)}
    told = [
        Message(
            f"dm:{person}",
            card,
            over_ref(crisis, person),
            "page" if person in on_the_road or person == crisis.ending_by else "prompt",
            draws=f"{OVER} {crisis.ref} {person}",
        )
        for person, card in cards.items()
    ]
    tell_each(context, crisis, told)


def _may_be_on_the_road(page: Page) -> bool:
    return page.answer not in (*UNABLE, "covered")


def _told(context: Context, crisis: Crisis, paged: Collection[str]) -> list[str]:
    """Who is told, each once; who has ended it reads that in the answer, and a message only about what is left."""
    decided = (crisis.created_by, crisis.declared_by, crisis.confirmed_by, crisis.ending_by)
    held = context.store.crisis.roles.held(crisis.ref).values()
    persons = dict.fromkeys([*paged, *(person for person in decided if person), *held, leader(context, crisis)])
    there = context.duties.not_gone([person for person in persons if person != crisis.closed_by])
    asked = [crisis.ending_by] if crisis.ending_by else []  # in the place of one who is gone, who stands in reads it
    return list(dict.fromkeys([*there, *asked, *_with_something_left(context, crisis)]))


def _with_something_left(context: Context, crisis: Crisis) -> list[str]:
    """Who reads more in their message than that the crisis is over."""
    return [*going_on_with(context, crisis), *lessons_words(context, crisis), *rating_words(context, crisis)]


def over_cards(context: Context, crisis: Crisis, persons: Iterable[str]) -> dict[str, Card]:
    """The message of each person: that it is over and why, and what is left for them."""
    pages = {page.person: page for page in context.store.crisis.pages.of(crisis.ref)}
    steps, lessons = going_on_with(context, crisis), lessons_words(context, crisis)
    rated = rating_words(context, crisis)
    both = f"{context.name(crisis.ending_by)} asked for it, and {context.name(crisis.closed_by)} agreed."

    def card(person: str) -> Card:
        page = pages.get(person)
        needless = page is not None and _may_be_on_the_road(page) and person not in (crisis.ending_by, crisis.closed_by)
        left: list[Word] = [*steps.get(person, ()), *lessons.get(person, ()), *rated.get(person, ())]
        foot = (after_buttons(crisis),) if person == crisis.ending_by else ()
        words = (what_and_where(crisis), Text(f"Why: {crisis.reason}"), Text(both), *left, *foot)
        title = f"{crisis.ref} is over{': you need not come' if needless else ''}"
        return stamped(crisis, Card(title, *words, status=crisis_status(crisis)))

    return {person: card(person) for person in persons}


@drawn_in_crisis(OVER, over=True)
def over_again(context: Context, crisis: Crisis, person: str) -> Card:
    """The message of one person as it stands now."""
    return over_cards(context, crisis, [person])[person]


@drawn_in_crisis("crisis.rating", over=True)
def asked_before(context: Context, crisis: Crisis, person: str) -> Card:
    """The same in the place of the question how it was handled, which was a message of its own before."""
    return over_again(context, crisis, person)


@drawn_in_crisis("crisis.handed-on", over=True)
def handed_on_before(context: Context, crisis: Crisis, person: str) -> Card:
    """The same in the place of the message about steps that go on, which was one of its own before."""
    return over_again(context, crisis, person)


@drawn_in_crisis("crisis.lessons", over=True)
def lessons_before(context: Context, crisis: Crisis) -> Card:
    """The same in the place of the question for the lessons, which was a message of its own before."""
    return over_again(context, crisis, leader(context, crisis))
