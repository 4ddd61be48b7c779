"""Checklist summary: how much of a month was done, against the month before, and what was not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.checklist.month import spoken_month
from handlers.checklist.owed import Owed, Share, begun_in, line, of_month, owner_name, share
from handlers.kit.context import Context, Request
from handlers.kit.figures import Progress
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Fold, Heading, Items, Note, Table, Text, Word
from handlers.kit.registry import action
from handlers.kit.time.periods import before
from handlers.kit.time.rules import MONTHS
from handlers.kit.values import Carried

KINDS = (
    ("Daily", ("daily",)),
    ("Weekly", ("weekly",)),
    ("Monthly", ("week 1", "week 2", "week 3", "week 4")),
    ("Quarterly", ("quarterly",)),
    ("Annual", ("annually",)),
)
SHOWN = 5  # items that were not done and are named at once


@dataclass(frozen=True)
class MonthOf(Carried):
    """A month, by its first day."""

    first: date


def summary_card(context: Context, month: date) -> Card | None:
    """How much of a month was done, compared with the month before, and what was missed; None when nothing was due."""
    owed, last = of_month(context, month), of_month(context, before(month))
    kept = share(context, owed, month, by=context.today)
    earlier = share(context, last, before(month), by=context.today)
    if not kept.due:
        return None
    names = (MONTHS[month.month - 1], MONTHS[before(month).month - 1])
    months = ((owed, month), *(((last, before(month)),) if earlier.due else ()))
    rows = [_row(context, kind, whens, months) for kind, whens in KINDS]
    said, missed = " ".join(_compared(kept, earlier, names[1])), _missed(context, owed, month)
    return Card(
        f"{spoken_month(month)}: {kept.percent}% of the checklist was done",
        Progress("", kept.done, kept.due),
        *((Text(said),) if said else ()),
        Table(columns=("", *names[: len(months)]), rows=tuple(row for row in rows if set(row[1:]) != {"-"})),
        *_missed_words(missed, month),
        *_skipped(context, owed, month),
        Note(f"Counted on {context.calendar.spoken(context.now)}. Items that were checked off late count as done."),
        Buttons(Button.say("The whole month", f"checklist {month:%Y-%m}")),
        status=Status("warning", f"{len(missed)} not done") if missed else Status("good", "all done"),
    )


@action("checklist.missed", needs="checklist.read", reads_only=True, carries=MonthOf)
def show_missed(request: Request, value: MonthOf) -> Card:
    """Show what of a month's checklist was not done."""
    month = value.first.replace(day=1)
    missed = _missed(request, of_month(request, month), month)
    return Card(f"{spoken_month(month)}: {len(missed)} not done", *([Items(*missed)] if missed else ()))


def _compared(kept: Share, earlier: Share, name: str) -> Iterator[str]:
    """How many were late, and how much it is beside the month before; nothing where nothing was due then."""
    if kept.late:
        yield f"{kept.late} of them late."
    if kept.percent is None or earlier.percent is None:
        return
    by = kept.percent - earlier.percent
    points = f"{abs(by)} percentage point{'' if abs(by) == 1 else 's'} {'more' if by > 0 else 'less'}"
    yield f"That is {points} than in {name} ({earlier.percent}%)." if by else f"That is the same as in {name}."


def _row(
    context: Context, kind: str, whens: tuple[str, ...], months: Sequence[tuple[Sequence[Owed], date]]
) -> tuple[str, ...]:
    """The row of one kind of items: its share in each month."""
    shares = (
        share(context, (owed for owed in some if owed.item.when in whens), when, by=context.today)
        for some, when in months
    )
    return (kind, *(_share(part) for part in shares))


def _missed(context: Context, owed: Sequence[Owed], month: date) -> list[str]:
    """The items that were not done, each once, with their owners; the most often missed first."""
    missed: dict[str, list[Owed]] = {}
    for entry in begun_in(owed, month, context.today):
        if entry.tick is None:
            missed.setdefault(entry.item.id, []).append(entry)
    return [
        f"{those[0].item.name}, {owner_name(context, those[0].item.owner)}{_times(those)}"
        for those in sorted(missed.values(), key=len, reverse=True)
    ]


def _missed_words(missed: Sequence[str], month: date) -> Iterator[Word]:
    if missed:
        yield Heading(f"Not done: {len(missed)}")
        yield Items(*missed[:SHOWN])
    if more := missed[SHOWN:]:
        label = f"{len(more)} more that were not done"
        yield Fold(label, Items(*more), button=Button(label, "checklist.missed", MonthOf(month)))


def _skipped(context: Context, owed: Sequence[Owed], month: date) -> Iterator[Word]:
    """The items that were skipped, each with who did so and why."""
    skipped = [entry for entry in owed if entry.is_skipped and entry.period.month == month]
    if skipped:
        yield Heading(f"Skipped for a reason: {len(skipped)}")
        yield Items(*(line(context, entry, context.today, named=True) for entry in skipped))


def _times(those: Sequence[Owed]) -> str:
    kind = {"daily": "day", "weekly": "week"}.get(those[0].item.when)
    return f": {len(those)} {kind}{'s' if len(those) > 1 else ''}" if kind else ""


def _share(kept: Share) -> str:
    return f"{kept.done} of {kept.due} ({kept.percent}%)" if kept.due else "-"
