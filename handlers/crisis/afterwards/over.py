"""Crisis over: one message at the end to each who took part, leads or was paged: why, and what is left for them."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from handlers.crisis.afterwards.handed_on import going_on_with
from handlers.crisis.afterwards.lessons import lessons_words
from handlers.crisis.afterwards.rating import rating_words
from handlers.crisis.board import LESSONS, after_buttons
from handlers.crisis.drawn import drawn_in_crisis
from handlers.crisis.events import LEFT
from handlers.crisis.leading import leader
from handlers.crisis.levels import crisis_status
from handlers.crisis.record import UNABLE, stamped, what_and_where
from handlers.crisis.to_many import tell_each
from handlers.kit.context import Context
from handlers.kit.events import CRISIS_OVER, on
from handlers.kit.messages import Buttons, Card, Text, Word
from handlers.kit.speaking import Message
from storage.crisis.pages import Page
from storage.crisis.records import Crisis

OVER = "crisis.over"  # how the messages at the end are drawn


@on(CRISIS_OVER)
def tell_each_once(context: Context, crisis: Crisis) -> None:
    """A changed message rings no bell, so the end is said in a new one; with all of it that concerns the person."""
    pages, left = context.store.crisis.pages.of(crisis.ref), _left(context, crisis)
    road = _on_the_road(crisis, pages)
    spared = road - _is_there(context, crisis)
    told = [
        Message(
            f"dm:{person}",
            _card(context, crisis, person, spared, left),
            _ref(crisis, person),
            "page" if person in road | {crisis.ending_by} else "prompt",
            draws=f"{OVER} {crisis.ref} {person}",
        )
        for person in _told(context, crisis, [page.person for page in pages], left)
    ]
    tell_each(context, crisis, told)


@on(LEFT)
def show_what_is_left(context: Context, crisis: Crisis, persons: Iterable[str]) -> None:
    """Bring up to date what these people read when it was over, in messages of older crises too."""
    spared, left = _not_needed(context, crisis), _left(context, crisis)
    cards = {person: _card(context, crisis, person, spared, left) for person in persons}
    context.refresh_each({
        ref: card
        for person, card in cards.items()
        for ref in (_ref(crisis, person), f"{crisis.ref} rating {person}", f"{crisis.ref} handed-on {person}")
    })  # fmt: skip


def _ref(crisis: Crisis, person: str) -> str:
    return f"{crisis.ref} over {person}"


def _on_the_road(crisis: Crisis, pages: Iterable[Page]) -> set[str | None]:
    """Who may be on the way, without the two who have ended it: they know."""
    coming: set[str | None] = {page.person for page in pages if page.answer not in (*UNABLE, "covered")}
    return coming - {crisis.ending_by, crisis.closed_by}


def _is_there(context: Context, crisis: Crisis) -> set[str | None]:
    """Who had a role in it or answered for a department, and so is not told that they need not come."""
    had = {holding.person for holding in context.store.crisis.roles.of(crisis.ref)}
    said = {rollcall.answered_by for rollcall in context.store.crisis.rollcalls.of(crisis.ref)}
    return {*had, *said}


def _not_needed(context: Context, crisis: Crisis) -> set[str | None]:
    """Who is told that they need not come."""
    return _on_the_road(crisis, context.store.crisis.pages.of(crisis.ref)) - _is_there(context, crisis)


def _told(context: Context, crisis: Crisis, paged: Iterable[str], left: Iterable[str]) -> list[str]:
    """Who is told, each once; who has ended it reads that in the answer, and a message only about what is left."""
    decided = (crisis.created_by, crisis.declared_by, crisis.confirmed_by, crisis.ending_by)
    held = context.store.crisis.roles.held(crisis.ref).values()
    persons = dict.fromkeys([*paged, *(person for person in decided if person), *held, leader(context, crisis)])
    there = context.duties.not_gone([person for person in persons if person != crisis.closed_by])
    asked = [crisis.ending_by] if crisis.ending_by else []  # in the place of one who is gone, who stands in reads it
    return list(dict.fromkeys([*there, *asked, *left]))


def _left(context: Context, crisis: Crisis) -> dict[str, list[Word]]:
    """What people read besides that the crisis is over: steps that go on with them, the lessons, how it was handled."""
    found = dict[str, list[Word]]()
    for words_of in (going_on_with, lessons_words, rating_words):
        for person, words in words_of(context, crisis).items():
            found.setdefault(person, []).extend(words)
    return found


def _card(
    context: Context, crisis: Crisis, person: str, spared: Collection[str | None], left: Mapping[str, Sequence[Word]]
) -> Card:
    """The message of a person: that it is over and why, and what is left for them."""
    both = f"{context.name(crisis.ending_by)} asked for it, and {context.name(crisis.closed_by)} agreed."
    pressed = [button.action for word in left.get(person, ()) if isinstance(word, Buttons) for button in word.buttons]
    asked = LESSONS if "crisis.lessons" in pressed else ""
    foot = (after_buttons(crisis, but=asked),) if person == crisis.ending_by else ()
    words = (what_and_where(crisis), Text(f"Why: {crisis.reason}"), Text(both), *left.get(person, ()), *foot)
    title = f"{crisis.ref} is over{': you do not need to come' if person in spared else ''}"
    return stamped(crisis, Card(title, *words, status=crisis_status(crisis)))


@drawn_in_crisis(OVER, over=True)
def over_again(context: Context, crisis: Crisis, person: str) -> Card:
    """The message of one person as it stands now."""
    return _card(context, crisis, person, _not_needed(context, crisis), _left(context, crisis))


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
