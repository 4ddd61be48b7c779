"""Crisis phone list: who is still to be called, with their number and a button for what came of the call."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.crisis.calling.pages import is_awaited
from handlers.crisis.drawn import drawn_in_crisis
from handlers.crisis.record import stamped
from handlers.kit.context import Context
from handlers.kit.errors import NotNeeded
from handlers.kit.inline import Phone
from handlers.kit.listing import Listing, PageOf
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Note, Text, Word
from handlers.kit.values import Carried
from storage.crisis.pages import Page
from storage.crisis.records import Crisis

PAGE = "crisis.phone-page"  # the action that turns the pages
OUTCOMES = {"coming": "comes", "cannot": "cannot", "unreachable": "not reached"}


@dataclass(frozen=True)
class CallOf(Carried):
    """Somebody who was called by phone for a crisis, and what came of it."""

    crisis: str
    person: str
    outcome: str


def to_call(context: Context, crisis: Crisis) -> list[Page]:
    """The people who are still to be called."""
    pages = context.store.crisis.pages.of(crisis.ref)
    return [page for page in pages if page.phoned == "asked" and is_awaited(crisis, page)]


def list_card(context: Context, crisis: Crisis) -> Card:
    """The list as it stands now; when nobody is on it any more, it says so."""
    waiting = to_call(context, crisis)
    if not waiting:
        return stamped(crisis, Card(f"{crisis.ref}: nobody is to be called anymore", Text(crisis.what)))
    return listed(context, crisis, waiting).page(PageOf(about=crisis.ref), PAGE)


def listed(context: Context, crisis: Crisis, waiting: Sequence[Page]) -> Listing:
    """The people to call, in pages."""
    first_names = Counter(_first_name(context, page) for page in waiting)

    def rows(offset: int, limit: int) -> Sequence[Word]:
        shown = [(page, first_names[_first_name(context, page)] > 1) for page in waiting[offset : offset + limit]]
        return [word for page, alike in shown for word in _line(context, crisis, page, alike=alike)]

    note = Note("Say what came of each call; I will ask again until you have.")
    card = Card(f"{crisis.ref}: please phone {counted(len(waiting), 'person', 'people')}", note)
    return Listing(stamped(crisis, card), len(waiting), rows)


@drawn_in_crisis("crisis.phone")
def list_again(context: Context, crisis: Crisis) -> Card:
    """The list of who is to be called by phone, while anybody is on it."""
    if not to_call(context, crisis):
        raise NotNeeded("nobody is to be called anymore")
    return list_card(context, crisis)


def _first_name(context: Context, page: Page) -> str:
    return context.name(page.person).split()[0]


def _line(context: Context, crisis: Crisis, page: Page, *, alike: bool) -> tuple[Word, ...]:
    """Somebody to call, with a button for each outcome; with the full name if two share a first name."""
    number, name = context.city.phones.get(page.person), context.name(page.person)
    short = name if alike else _first_name(context, page)
    buttons = (
        Button(f"{short} {label}", "crisis.phoned", CallOf(crisis.ref, page.person, outcome))
        for outcome, label in OUTCOMES.items()
    )
    said = Phone(number) if number else "no number in contacts.toml"
    return Text(f"{name}: ", said), Buttons(*buttons, about=name)
