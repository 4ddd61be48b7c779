"""Crisis who comes: how many of those who were called gave each answer, on the board."""

from collections import Counter
from collections.abc import Sequence

from handlers.crisis.board import folded
from handlers.crisis.calling.pages import page_lines
from handlers.crisis.choice import which_crisis
from handlers.crisis.record import stamped
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_board_section
from handlers.kit.inline import Inline, Status
from handlers.kit.listing import Listing, PageOf
from handlers.kit.lists import with_commas
from handlers.kit.messages import Button, Buttons, Card, Heading, Items, Row, Text, Word
from handlers.kit.registry import listing
from storage.crisis.pages import Page
from storage.crisis.records import Crisis

ORDER = ("coming", None, "gone", "cannot", "covered")  # of the answers, as people are named
MOST = 25  # names in a fold, and on a page of all of them
TEAM = "crisis.team-page"  # the action that turns the pages


@crisis_board_section("team", order=10)
def who_comes(context: Context, crisis: Crisis) -> list[Word]:
    """How many gave each answer, and folded who was called and what they said."""
    pages = context.store.crisis.pages.of(crisis.ref)
    if not pages:
        return []
    shown = _in_order(pages)
    lines = page_lines(context, shown[:MOST], still_on=crisis.is_open)
    every = Button(f"All {len(pages)} names", TEAM, PageOf(about=crisis.ref))
    more = (Text(f"The first {MOST} of {len(pages)}."), Buttons(every)) if len(pages) > MOST else ()
    names = folded(crisis, "team", f"Names: {len(pages)} called", Items(*lines), *more)
    return [Heading("Who is coming" if crisis.is_open else "Who was called"), Text(*_counts(crisis, pages)), names]


def _in_order(pages: Sequence[Page]) -> list[Page]:
    return sorted(pages, key=lambda page: ORDER.index(page.answer))


@listing(TEAM, needs="crisis.read")
def team(request: Request, about: str) -> Listing:
    """Turn a page of the people who were called."""
    crisis = which_crisis(request, about, taken=False)
    pages = _in_order(request.store.crisis.pages.of(crisis.ref))

    def rows(offset: int, limit: int) -> Sequence[Row]:
        return [Row(line) for line in page_lines(request, pages[offset : offset + limit], still_on=crisis.is_open)]

    card = stamped(crisis, Card(f"{crisis.ref}: who was called"))
    return Listing(card, len(pages), rows, range(0, max(len(pages), 1), MOST))


def _counts(crisis: Crisis, pages: Sequence[Page]) -> list[Inline]:
    """How many gave each answer; in a crisis that is on, silence and that nobody comes catch the eye."""
    said = Counter(page.answer for page in pages)
    coming, silent = said["coming"], said[None]
    if not crisis.is_open:
        came = {
            "coming": "on the way or there",
            None: "did not answer",
            "cannot": "could not come",
            "gone": "not reached",
        }
        return with_commas([f"{said[answer]} {words}" for answer, words in came.items() if said[answer]] or ["Nobody"])
    parts: list[Inline] = [f"{coming} on the way" if coming else Status("critical", "Nobody yet")]
    if silent:
        parts.append(Status("warning", f"{silent} silent"))
    rest = {"cannot": "cannot come", "gone": "not reached", "covered": "not needed"}
    parts += [f"{said[answer]} {words}" for answer, words in rest.items() if said[answer]]
    return with_commas(parts)
