"""Checklist of a month: a whole month, and how much of it was done."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from handlers.checklist.cards import MINE, this_year
from handlers.checklist.owed import Owed, Share, begun_in, line, of_month, owner_name, share, since
from handlers.kit.context import Context, Request
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, ask
from handlers.kit.messages import Button, Buttons, Card, Check, Checks, Items, Note, Table, Text, Word
from handlers.kit.registry import command
from handlers.kit.seats import spoken_seat
from handlers.kit.time.periods import after, before
from handlers.kit.time.rules import MONTHS

KINDS = (
    ("Daily", ("daily",)),
    ("Weekly", ("weekly",)),
    ("Monthly", ("week 1", "week 2", "week 3", "week 4")),
    ("Quarterly", ("quarterly",)),
    ("Annual", ("annually",)),
)
OF_A_YEAR = re.compile(r"(\d{4})-(\d{1,2})|([a-z]+) (\d{4})")
AHEAD = 3  # months; people look this far ahead by a month's name alone
HINT = "march, 2027-03, this month, last month or next month"


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


def month_card(context: Context, month: date) -> Card:
    """The card of a whole month: the sixteen items of its weeks by name, daily and weekly items as counts."""
    owed, begun = of_month(context, month), since(context)
    if after(month) <= begun and not any(entry.tick for entry in owed):
        owed = []
    kept = share(context, owed, month, by=context.today)
    return Card(
        f"Checklist of {_spoken(month)}",
        *((Text(f"Done so far: {_share(kept)}"),) if kept.due else ()),
        *_weeks(context, owed),
        *_counted(context, owed, month, ("daily",), "Every working day"),
        *_counted(context, owed, month, ("weekly",), "Every week"),
        *_named(context, owed),
        *(() if owed else (Text(f"The checklists began on {context.calendar.spoken_date(begun)}."),)),
        Buttons(
            MINE,
            Button.say(MONTHS[before(month).month - 1], f"checklist {before(month):%Y-%m}"),
            Button.say(MONTHS[after(month).month - 1], f"checklist {after(month):%Y-%m}"),
        ),
    )


def summary_card(context: Context, month: date) -> Card | None:
    """How much of a month was done, compared with the month before, and what was missed; None when nothing was due."""
    owed, last = of_month(context, month), of_month(context, before(month))
    kept = share(context, owed, month, by=context.today)
    earlier = share(context, last, before(month), by=context.today)
    if not kept.due:
        return None
    names = (MONTHS[month.month - 1], MONTHS[before(month).month - 1])
    rows = tuple(_row(context, kind, whens, owed, last, month) for kind, whens in KINDS)
    late = f", {kept.late} of them late" if kept.late else ""
    return Card(
        f"{_spoken(month)}: {kept.percent} % of the checklist was kept",
        Text(f"{kept.done} of {kept.due} done{late}. {_against(kept, earlier, names[1])}"),
        Table(columns=("", *names), rows=tuple(row for row in rows if row[1:] != ("-", "-"))),
        *_missed(context, owed, month),
        *_skipped(context, owed, month),
        Note(f"Counted on {context.calendar.spoken(context.now)}. What was ticked late counts as kept."),
        Buttons(Button.say("The whole month", f"checklist {month:%Y-%m}")),
    )


def _number(name: str) -> int:
    """The number of a month by its name or at least its first three letters; 0 when there is none."""
    found = [number for number, month in enumerate(MONTHS, 1) if len(name) >= 3 and month.lower().startswith(name)]
    return found[0] if found else 0


def _spoken(month: date) -> str:
    return f"{MONTHS[month.month - 1]} {month.year}"


def _share(kept: Share) -> str:
    return f"{kept.done} of {kept.due} ({kept.percent} %)" if kept.due else "-"


def _against(kept: Share, earlier: Share, name: str) -> str:
    if kept.percent is None or earlier.percent is None:
        return f"There is no share of {name} to compare it with."
    by = kept.percent - earlier.percent
    if by == 0:
        return f"That is as much as in {name}."
    return f"That is {abs(by)} points {'more' if by > 0 else 'less'} than in {name} ({earlier.percent} %)."


def _row(
    context: Context, kind: str, whens: tuple[str, ...], owed: Sequence[Owed], last: Sequence[Owed], month: date
) -> tuple[str, ...]:
    """The row of one kind of items: its share in both months."""
    both = ((owed, month), (last, before(month)))
    shares = (
        share(context, (owed for owed in some if owed.item.when in whens), when, by=context.today)
        for some, when in both
    )
    return (kind, *(_share(part) for part in shares))


def _weeks(context: Context, owed: Sequence[Owed]) -> Iterator[Word]:
    for number in range(1, 5):
        those = [entry for entry in owed if entry.item.when == f"week {number}"]
        if those:
            period = those[0].period
            yield Text(f"Week {number}, {context.spoken_day(period.first)} to {context.spoken_day(period.last)}")
            yield _checks(context, those)


def _named(context: Context, owed: Sequence[Owed]) -> Iterator[Word]:
    for when in ("quarterly", "annually"):
        those = [entry for entry in owed if entry.item.when == when]
        if those:
            heading = "This quarter" if when == "quarterly" else this_year(those[0])
            yield Text(f"{heading}, until {context.spoken_day(those[0].period.last)}")
            yield _checks(context, those)


def _checks(context: Context, those: Sequence[Owed]) -> Checks:
    return Checks(*(Check(label=_brief(context, owed), done=owed.is_done) for owed in those))


def _brief(context: Context, owed: Owed) -> str:
    """An item with only its seat while it is open and in time; a person's name when it is done or late."""
    if owed.tick or owed.carried_over(context.today):
        return line(context, owed, context.today, named=True)
    return f"{owed.item.name}, {spoken_seat(context.city, owed.item.owner)}"


def _counted(
    context: Context, owed: Sequence[Owed], month: date, whens: tuple[str, ...], heading: str
) -> Iterator[Word]:
    """How often each of these items was done, out of how often it was due by today; what belongs to another month is
    counted there."""
    begun = [entry for entry in begun_in(owed, month, context.today) if entry.item.when in whens]
    items = dict.fromkeys(owed.item.id for owed in begun)
    lines = []
    for item in items:
        those = [owed for owed in begun if owed.item.id == item]
        seat = spoken_seat(context.city, those[0].item.owner)
        skipped = sum(entry.is_skipped for entry in those)
        more = f", {skipped} skipped" if skipped else ""
        done = sum(entry.is_done for entry in those)
        lines.append(f"{those[0].item.name}, {seat}: {done} of {len(those) - skipped}{more}")
    if lines:
        yield Text(heading)
        yield Items(*lines)


def _missed(context: Context, owed: Sequence[Owed], month: date) -> Iterator[Word]:
    """The items that were not done, each once, with their owners."""
    missed: dict[str, list[Owed]] = {}
    for entry in begun_in(owed, month, context.today):
        if entry.tick is None:
            missed.setdefault(entry.item.id, []).append(entry)
    lines = [
        f"{those[0].item.name}, {owner_name(context, those[0].item.owner)}{_times(those)}" for those in missed.values()
    ]
    if lines:
        yield Text("Not done")
        yield Items(*lines)


def _skipped(context: Context, owed: Sequence[Owed], month: date) -> Iterator[Word]:
    """The items that were skipped, each with who did so and why."""
    skipped = [entry for entry in owed if entry.is_skipped and entry.period.month == month]
    if skipped:
        yield Text("Skipped for a reason")
        yield Items(*(line(context, entry, context.today, named=True) for entry in skipped))


def _times(those: Sequence[Owed]) -> str:
    kind = {"daily": "day", "weekly": "week"}.get(those[0].item.when)
    return f": {len(those)} {kind}{'s' if len(those) > 1 else ''}" if kind else ""
