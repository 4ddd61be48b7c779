"""Checklist words: what the cards of owners, weeks and months say alike."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from handlers.checklist.owed import Owed, line
from handlers.kit.context import Context
from handlers.kit.figures import Progress
from handlers.kit.inline import Inline, Link, Status
from handlers.kit.messages import (
    Button,
    Check,
    Checks,
    Heading,
    Items,
    Plain,
    Row,
    Text,
    Word,
)
from handlers.kit.time.periods import WEEK, Period

MINE = Button.say("My checklist", "checklist mine")
MONTH = Button.say("The whole month", "checklist")
TAKE_BACK_NOTE = "Undo this? The note is removed too."
URL = re.compile(r"(https?://[^\s<>]*[^\s<>.,;:!?)\]])")  # without the punctuation at the end of a sentence
Buttoned = Callable[[Owed], Button | None]


def standing_of(owed: Sequence[Owed], start: date) -> Status:
    """How much of it is late, else how much is open."""
    left = [entry for entry in owed if entry.tick is None]
    if late := sum(entry.carried_over(start) for entry in left):
        return Status("warning", f"{late} overdue")
    return Status("info", f"{len(left)} open") if left else Status("good", "all done")


def progress(owed: Sequence[Owed], label: str) -> list[Progress]:
    """How much of it is done, without what was skipped for a reason; nothing where there is nothing to do."""
    skipped = sum(entry.is_skipped for entry in owed)
    due = len(owed) - skipped
    named = f"{label} ({skipped} skipped)" if skipped else label
    return [Progress(named, sum(entry.is_done for entry in owed), due)] if due else []


def sections(
    context: Context, owed: Sequence[Owed], day: date, start: date, button: Buttoned, *, named: bool
) -> Iterator[Word]:
    """The items under headings, first those whose time was over before ``start``, which say that they are late."""
    late = [entry for entry in owed if entry.carried_over(start)]
    yield from overdue_words(context, late, day, button, named=named)
    headings: dict[str, list[Owed]] = {}
    for entry in owed:
        if not entry.carried_over(start):
            headings.setdefault(heading_of(context, entry, day), []).append(entry)
    for heading, those in headings.items():
        yield Heading(heading)
        checks = (
            Check(label=line(context, owed, day, named=named), done=owed.is_done, button=button(owed)) for owed in those
        )
        yield Checks(*checks)


def overdue_words(
    context: Context, late: Sequence[Owed], day: date, button: Buttoned, *, named: bool = True
) -> Iterator[Word]:
    """What is carried over, the longest late first, each with how it stands."""
    if late:
        yield Heading(f"Overdue, carried over: {len(late)}")
    for owed in sorted(late, key=lambda owed: owed.period.last):
        done = Status("neutral", "skipped") if owed.is_skipped else Status("good", "done")
        status = done if owed.tick else Status("warning", "overdue")
        yield Row(Text(status, f" {line(context, owed, day, named=named)}"), button(owed))


def heading_of(context: Context, owed: Owed, day: date) -> str:
    """What an item stands under: its period, and until when that is."""
    calendar = context.calendar
    match owed.item.when:
        case "daily":
            return f"Today, {calendar.spoken_day(day)}"
        case "quarterly":
            return f"This quarter, until {calendar.spoken_day(owed.period.last, day)}"
        case "annually":
            year = "This year" if owed.period.first.month == 1 else "This fiscal year"
            return f"{year}, until {calendar.spoken_day(owed.period.last, day)}"
        case _:
            return f"This week, until {calendar.spoken_day(owed.period.last, day)}"


def in_sight(context: Context, owed: Owed, day: date, *, since: date) -> bool:
    """Whether an item is shown on a day's card: it is open, was ticked since ``since``, or its period is short."""
    if owed.item.when == "daily":
        return owed.period.first == day
    if owed.tick is None or context.calendar.today(owed.tick.at) >= since:
        return True
    return _is_short(owed.period) and owed.period.last >= day


def _is_short(period: Period) -> bool:
    return period.last - period.first < WEEK


def tick_button(owed: Owed) -> Button:
    """The button of an item: tick it, or take that back."""
    if owed.tick is None:
        return Button("Check off", "checklist.tick", owed.carried)
    return Button("Uncheck", "checklist.untick", owed.carried, confirm=TAKE_BACK_NOTE if owed.tick.note else None)


def no_button(_owed: Owed) -> None:
    return None


def notes_of(owed: Iterable[Owed]) -> tuple[Plain, ...]:
    """The notes on ticked items; addresses in them become links that show where they lead."""
    lines = [
        Text(f"{entry.item.name}: ", *with_links(entry.tick.note)) for entry in owed if entry.tick and entry.tick.note
    ]
    return (Heading("Notes"), Items(*lines)) if lines else ()


def with_links(note: str) -> Iterator[Inline]:
    """A note with its addresses as links, each named by its host."""
    for part in filter(None, URL.split(note)):
        yield Link(part.split("/")[2] or part, part) if URL.fullmatch(part) else part
