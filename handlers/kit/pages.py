"""Pages: a long list in pages of ten, or fewer long rows, with buttons that turn them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from handlers.kit.messages import Button, Buttons, Card, Note, Row
from handlers.kit.values import Carried, Words

SIZE = 10  # rows on a page
FULL = 6000  # characters on a page of long rows: every door shows that many whole
LINE = 30  # what the end of a line counts, in characters: Teams draws each line by itself


@dataclass(frozen=True)
class PageOf(Carried):
    """A page of a list, the first is 0, and what it is a list of: a reference, or the words that were looked for."""

    number: int = 0
    about: Words = ""


def page_of(
    title: str,
    count: int,
    wanted: PageOf,
    rows: Callable[[int, int], Sequence[Row]],
    action: str,
    *,
    starts: Sequence[int] = (),
    ways: Sequence[Button] = (),
) -> Card:
    """The page that is wanted, or the nearest there is.

    ``rows`` takes an offset and a limit; ``action`` is the name of the ``@action`` that turns the pages, which carries
    a ``PageOf``. ``starts`` are the rows with which pages begin, where not every tenth does (see ``filled``); ``ways``
    are buttons beside those that turn: a door that cuts a card keeps its last buttons.
    """
    begins = [*(starts or range(0, max(count, 1), SIZE)), count]
    last = len(begins) - 2
    number = max(0, min(wanted.number, last))
    turns = [Button("Previous", action, PageOf(number - 1, wanted.about))] if number else []
    turns += [Button("Next", action, PageOf(number + 1, wanted.about))] if number < last else []
    buttons = (Buttons(*turns, *ways),) if turns or ways else ()
    foot = (Note(f"Page {number + 1} of {last + 1}"),) if turns else ()
    return Card(title, *rows(begins[number], begins[number + 1] - begins[number]), *buttons, *foot)


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
    """What a text takes of a page."""
    return len(text) + LINE * text.count("\n")
