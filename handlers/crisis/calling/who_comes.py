"""Crisis who comes: how many of those who were called gave each answer, on the board."""

from collections import Counter
from collections.abc import Sequence

from handlers.crisis.board import folded
from handlers.crisis.calling.pages import page_lines
from handlers.kit.context import Context
from handlers.kit.contributions import crisis_board_section
from handlers.kit.inline import Inline, Status
from handlers.kit.lists import with_commas
from handlers.kit.messages import Heading, Items, Text, Word
from storage.crisis.pages import Page
from storage.crisis.records import Crisis

ORDER = ("coming", None, "gone", "cannot", "covered")  # of the answers, as people are named
MOST = 25  # of those who were called by name; the rest is counted


@crisis_board_section("team", order=10)
def who_comes(context: Context, crisis: Crisis) -> list[Word]:
    """How many gave each answer, and folded who was called and what they said."""
    pages = context.store.crisis.pages.of(crisis.ref)
    if not pages:
        return []
    shown = sorted(pages, key=lambda page: ORDER.index(page.answer))
    lines = page_lines(context, shown[:MOST], still_on=crisis.is_open)
    more = (Text(f"And {len(pages) - MOST} more."),) if len(pages) > MOST else ()
    names = folded(crisis, "team", f"Names: {len(pages)} called", Items(*lines), *more)
    return [Heading("Who is coming" if crisis.is_open else "Who was called"), Text(*_counts(crisis, pages)), names]


def _counts(crisis: Crisis, pages: Sequence[Page]) -> list[Inline]:
    """How many gave each answer; in a crisis that is on, silence and that nobody comes catch the eye."""
    said = Counter(page.answer for page in pages)
    coming, silent = said["coming"], said[None]
    if not crisis.is_open:
        came = {
            "coming": "came or on the way",
            None: "did not answer",
            "cannot": "could not come",
            "gone": "not reached",
        }
        return with_commas([f"{said[answer]} {words}" for answer, words in came.items() if said[answer]] or ["Nobody"])
    parts: list[Inline] = [f"{coming} on the way" if coming else Status("critical", "Nobody yet")]
    if silent:
        label = f"{silent} not answered"
        parts.append(Status("warning", label))
    rest = {"cannot": "cannot come", "gone": "not reached", "covered": "not needed"}
    parts += [f"{said[answer]} {words}" for answer, words in rest.items() if said[answer]]
    return with_commas(parts)
