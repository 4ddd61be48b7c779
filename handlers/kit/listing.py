"""Listing: a long list in pages of ten, or fewer long rows, with buttons that turn them.

    @listing("visit.page", needs="visit.read")
    def visits(request: Request, about: str) -> Listing:
        'Turn a page of the list of visits.'
        count = request.store.visits.count(about)
        return Listing(Card(f"Visits: {count}"), count, lambda offset, limit: _rows(request, about, offset, limit))

Its first page is ``visits(request, "mayor")``, an answer of a command; the buttons under it lead to the others.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from handlers.kit.actions import action
from handlers.kit.messages import Button, Buttons, Card, Heading, Note, Row, Word
from handlers.kit.values import Carried, Words

if TYPE_CHECKING:
    from handlers.kit.context import Request

SIZE = 10  # rows on a page
FULL = 6000  # characters on a page of long rows: every door shows that many whole
Kept = TypeVar("Kept")
LINE = 30  # what the end of a line counts, in characters: Teams draws each line by itself


@dataclass(frozen=True)
class PageOf(Carried):
    """A page of a list, the first is 0, and what it is a list of: a reference, or the words that were searched for."""

    number: int = 0
    about: Words = ""


@dataclass(frozen=True)
class Listing:
    """What a list has.

    ``card`` has the title of each page and what stands at its foot. ``rows`` takes an offset and a limit; headings may
    stand between them (see :func:`in_sections`), and a row may be a line with several buttons under it. ``starts`` are
    the rows with which pages begin, where not every tenth does (see :func:`filled`). ``ways`` are buttons beside those
    that turn the pages: a door that cuts a card keeps its last buttons.
    """

    card: Card
    count: int
    rows: Callable[[int, int], Sequence[Word]]
    starts: Sequence[int] = ()
    ways: Sequence[Button] = ()

    def page(self, wanted: PageOf, action: str) -> Card:
        """The page that is wanted, or the nearest there is; the action of this name turns the pages."""
        begins = [*(self.starts or range(0, max(self.count, 1), SIZE)), self.count]
        last = len(begins) - 2
        number = max(0, min(wanted.number, last))
        turns = [Button("Previous", action, PageOf(number - 1, wanted.about))] if number else []
        turns += [Button("Next", action, PageOf(number + 1, wanted.about))] if number < last else []
        buttons = (Buttons(*turns, *self.ways),) if turns or self.ways else ()
        foot = (Note(f"Page {number + 1} of {last + 1}"),) if turns else ()
        rows = self.rows(begins[number], begins[number + 1] - begins[number])
        return self.card.model_copy(update={"body": (*rows, *buttons, *foot, *self.card.body)})


Lists = Callable[["Request", str], Listing | Card]  # the card: there is nothing to list
FirstPage = Callable[["Request", str], Card]


def listing(name: str, *, needs: str) -> Callable[[Lists], FirstPage]:
    """Declare a list that is read page by page. The function takes (request, about) and returns a Listing, or a Card
    where there is nothing to list; ``about`` is a reference or the words that were searched for. What it becomes gives
    the first page. ``name`` is the action that turns the pages, by a button that carries a :class:`PageOf`.
    """

    def declare(function: Lists) -> FirstPage:
        def page(request: "Request", wanted: PageOf) -> Card:
            listed = function(request, wanted.about)
            return listed.page(wanted, name) if isinstance(listed, Listing) else listed

        @wraps(function)
        def first_page(request: "Request", about: str) -> Card:
            return page(request, PageOf(about=about))

        page.__doc__, page.__module__ = function.__doc__, function.__module__
        action(name, needs=needs, reads_only=True, replaces=True, carries=PageOf)(page)
        return first_page

    return declare


def in_sections(
    records: Iterable[Kept], section: Callable[[Kept], str], row: Callable[[Kept], Row]
) -> list[Row | Heading]:
    """The rows of records that are in the order of their sections, with a heading above each section."""
    words = list[Row | Heading]()
    for title, those in groupby(records, section):
        words += [Heading(title), *map(row, those)]
    return words


def filled(texts: Sequence[str]) -> list[int]:
    """The numbers of the texts with which a page begins, when each takes ten at most and no more than it can show."""
    starts: list[int] = []
    taken = 0
    for number, text in enumerate(texts):
        taken += _room(text)
        if not starts or taken > FULL or number - starts[-1] == SIZE:
            starts.append(number)
            taken = _room(text)
    return starts


def pieces(text: str) -> Iterator[str]:
    """The text, or its pieces where a page cannot show it whole, cut where a line or a word ends."""
    if _room(text) <= FULL:
        yield text
        return
    middle = len(text) // 2
    end = max(text.rfind("\n", 1, middle), text.rfind(" ", 1, middle)) + 1 or middle
    yield from pieces(text[:end])
    yield from pieces(text[end:])


def _room(text: str) -> int:
    """How much of a page a text takes, in characters."""
    return len(text) + LINE * text.count("\n")
