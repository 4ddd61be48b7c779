"""Checklist of a month: a whole month, and how much of it was done."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.checklist.owed import Owed, begun_in, line, of_month, share, since
from handlers.checklist.words import MINE, heading_of, no_button, overdue_words
from handlers.kit.context import Context, Request
from handlers.kit.errors import UserError
from handlers.kit.figures import Progress
from handlers.kit.forms import Form, ask
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Check, Checks, Fold, Heading, Items, Text, Word
from handlers.kit.registry import action, command
from handlers.kit.seats import spoken_seat
from handlers.kit.time.periods import after, before
from handlers.kit.time.rules import MONTHS
from handlers.kit.values import Carried

OF_A_YEAR = re.compile(r"(\d{4})-(\d{1,2})|([a-z]+) (\d{4})")
AHEAD = 3  # months; people look this far ahead by a month's name alone
HINT = "march, 2027-03, this month, last month or next month"


@dataclass(frozen=True)
class PartOf(Carried):
    """A part of a month's checklist; the month is its first day."""

    month: date
    part: str


@dataclass(frozen=True)
class MonthPart:
    """Some of a month's items, under a title that says how many of them are done; ``is_now`` for this week's."""

    name: str
    title: str
    words: Checks | Items
    is_now: bool = False


class WhichMonth(Form):
    month: str | None = ask("Which month?", default=None, max_length=40, hint=HINT)


@command("checklist", asks=WhichMonth, needs="checklist.read", reads_only=True, example="/checklist last month")
def show_month(request: Request, form: WhichMonth) -> Card:
    """Show a month's checklist."""
    return month_card(request, read_month(form.month or "this month", request.today))


def read_month(words: str, today: date) -> date:
    """The first day of the month that is meant; a month without a year is the one of that name within the
    next three months, or else the most recent one.

    Raises UserError.
    """
    plain, this = " ".join(words.lower().split()), today.replace(day=1)
    near = {"this month": this, "last month": before(this), "next month": after(this)}
    if plain in near:
        return near[plain]
    if number := _number(plain):
        coming = date(this.year + (number < this.month), number, 1)
        return coming if (number - this.month) % 12 <= AHEAD else coming.replace(year=coming.year - 1)
    given = OF_A_YEAR.fullmatch(plain)
    number = (int(given[2]) if given[2] else _number(given[3])) if given else 0
    year = int(given[1] or given[4]) if given else 0
    if not 1 <= number <= 12 or not 2000 <= year <= 2999:
        raise UserError(f'"{words}" is not a month I can read. Write {HINT}.')
    return date(year, number, 1)


def _number(name: str) -> int:
    """The number of a month by its name or at least its first three letters; 0 when there is none."""
    found = [number for number, month in enumerate(MONTHS, 1) if len(name) >= 3 and month.lower().startswith(name)]
    return found[0] if found else 0


def _brief(context: Context, owed: Owed) -> str:
    """An item with only its seat while it is open and in time; a person's name when it is done or late."""
    if owed.tick or owed.carried_over(context.today):
        return line(context, owed, context.today, named=True)
    return f"{owed.item.name}, {spoken_seat(context.city, owed.item.owner)}"


def month_card(context: Context, month: date) -> Card:
    """The card of a whole month: how much is done, what is overdue, the items of this week; the rest behind folds."""
    owed = _of_month(context, month)
    kept = share(context, owed, month, by=context.today)
    late = [entry for entry in owed if entry.tick is None and entry.carried_over(context.today)]
    parts = _parts(context, owed, month)
    return Card(
        f"Checklist of {spoken_month(month)}",
        *([Progress("Done so far", kept.done, kept.due)] if kept.due else []),
        *overdue_words(context, late, context.today, no_button),
        *(word for part in parts for word in _part_words(month, part)),
        *(() if owed else (Text(f"Nothing to show: the checklists began on {context.spoken_day(since(context))}."),)),
        Buttons(
            MINE,
            Button.say(MONTHS[before(month).month - 1], f"checklist {before(month):%Y-%m}"),
            Button.say(MONTHS[after(month).month - 1], f"checklist {after(month):%Y-%m}"),
        ),
        status=Status("warning", f"{len(late)} overdue") if late else None,
    )


@action("checklist.part", needs="checklist.read", reads_only=True, carries=PartOf)
def show_part(request: Request, value: PartOf) -> Card:
    """Show a part of a month's checklist."""
    month = value.month.replace(day=1)
    found = [part for part in _parts(request, _of_month(request, month), month) if part.name == value.part]
    if not found:
        return Card(f"Checklist of {spoken_month(month)}", Text("This part is not on the checklist anymore."))
    return Card(f"{spoken_month(month)}: {found[0].title}", found[0].words)


def _of_month(context: Context, month: date) -> list[Owed]:
    """What is owed in a month; nothing for one before the checklists began."""
    owed = of_month(context, month)
    return [] if after(month) <= since(context) and not any(entry.tick for entry in owed) else owed


def _parts(context: Context, owed: Sequence[Owed], month: date) -> list[MonthPart]:
    """The weeks, the items of longer periods, and how often those of shorter ones were done."""
    parts = [_week(context, owed, number) for number in range(1, 5)]
    parts += [_longer(context, owed, "quarterly"), _longer(context, owed, "annually")]
    parts += [_counted(context, owed, month, "daily"), _counted(context, owed, month, "weekly")]
    return [part for part in parts if part]


def _part_words(month: date, part: MonthPart) -> list[Word]:
    """This week's items at once, everything else behind its title."""
    if part.is_now:
        return [Heading(part.title), part.words]
    return [Fold(part.title, part.words, button=Button(part.title, "checklist.part", PartOf(month, part.name)))]


def _week(context: Context, owed: Sequence[Owed], number: int) -> MonthPart | None:
    those = [entry for entry in owed if entry.item.when == f"week {number}"]
    if not those:
        return None
    period = those[0].period
    title = f"Week {number}, {context.spoken_day(period.first)} to {context.spoken_day(period.last)}"
    now = period.first <= context.today <= period.last
    return MonthPart(f"week-{number}", f"{title}: {_done_of(those)}", _checks(context, those), is_now=now)


def _longer(context: Context, owed: Sequence[Owed], when: str) -> MonthPart | None:
    those = [entry for entry in owed if entry.item.when == when]
    if not those:
        return None
    title = f"{heading_of(context, those[0], context.today)}: {_done_of(those)}"
    return MonthPart(when, title, _checks(context, those))


def _done_of(those: Sequence[Owed]) -> str:
    """How many of these are done, without what was skipped."""
    return f"{sum(entry.is_done for entry in those)} of {sum(not entry.is_skipped for entry in those)}"


def _checks(context: Context, those: Sequence[Owed]) -> Checks:
    return Checks(*(Check(label=_brief(context, owed), done=owed.is_done) for owed in those))


def _counted(context: Context, owed: Sequence[Owed], month: date, when: str) -> MonthPart | None:
    """How often each of these items was done, out of how often it was due by today; what belongs to another month is
    counted there."""
    begun = [entry for entry in begun_in(owed, month, context.today) if entry.item.when == when]
    items = dict.fromkeys(owed.item.id for owed in begun)
    lines = [_count(context, [owed for owed in begun if owed.item.id == item]) for item in items]
    heading = "Every working day" if when == "daily" else "Every week"
    return MonthPart(when, f"{heading}: {_done_of(begun)}", Items(*lines)) if lines else None


def _count(context: Context, those: Sequence[Owed]) -> str:
    """How often one item was done: Metrics review, Finance: 2 of 2."""
    skipped = sum(entry.is_skipped for entry in those)
    more = f", {skipped} skipped" if skipped else ""
    return f"{those[0].item.name}, {spoken_seat(context.city, those[0].item.owner)}: {_done_of(those)}{more}"


def spoken_month(month: date) -> str:
    """A month as people read it."""
    return f"{MONTHS[month.month - 1]} {month.year}"
