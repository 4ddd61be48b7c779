"""Checklist of a week: what everybody sees of it: what is late, what is open, and behind a fold what is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.checklist.owed import Owed, current, line, of_days
from handlers.checklist.words import MINE, MONTH, in_sight, no_button, notes_of, progress, sections, standing_of
from handlers.kit.context import Context
from handlers.kit.messages import Button, Buttons, Card, Check, Checks, Fold, Note, Plain, Text
from handlers.kit.time.periods import WEEK, month_of_week
from handlers.kit.time.rules import MONTHS
from handlers.kit.values import Carried

FOLLOWED_WEEKS = 5


@dataclass(frozen=True)
class WeekOf(Carried):
    """A week, by its first day."""

    first: date


def week_card(context: Context, week: date, *, over: bool = False) -> Card:
    """The card of a week for everybody, with items carried over and whose they are; ``over`` when the week ended."""
    last, day = week + timedelta(days=6), _day_in(context, week)
    owed = _of_week(context, week, over=over)
    left = [entry for entry in owed if entry.tick is None]
    days = of_days(context, week, day)
    now = context.calendar.spoken(context.now)
    return Card(
        f"Checklist, {context.spoken_day(week)} to {context.spoken_day(last)}",
        *progress([entry for entry in owed if entry.item.when != "daily"], _week_name(context, week)),
        *progress(days, f"Daily items {'that' if over else 'so far this'} week"),
        *sections(context, left, day, week, no_button, named=True),
        *_done_fold(context, owed, week),
        *((Note(f"As it stood on {now}."),) if over else (Buttons(MINE, MONTH), Note(f"As of {now}."))),
        status=standing_of(owed, week),
    )


def done_card(context: Context, week: date) -> Card:
    """What of a week is done, by whom, with the notes."""
    title = f"Done, {context.spoken_day(week)} to {context.spoken_day(week + timedelta(days=6))}"
    over = context.calendar.week_of(context.today) > week
    words = _done_words(context, _of_week(context, week, over=over), _day_in(context, week))
    return Card(title, *(words or [Text("Nothing is done yet.")]))


def week_ref(week: date) -> str:
    """The reference of a week's card."""
    return f"checklist week {week}"


def last_week_card(context: Context) -> date | None:
    """The first day of the newest week whose card is posted in the ops place, among the last few."""
    this = context.calendar.week_of(context.today)
    known = context.store.chat.posts.known([week_ref(this - WEEK * number) for number in range(FOLLOWED_WEEKS)])
    return date.fromisoformat(known[-1].split()[-1]) if known else None


def _of_week(context: Context, week: date, *, over: bool) -> list[Owed]:
    """What stands on the card of a week; when it ended, without its daily items."""
    day = _day_in(context, week)
    owed = [owed for owed in current(context, day) if in_sight(context, owed, day, since=week)]
    return [entry for entry in owed if entry.item.when != "daily"] if over else owed


def _day_in(context: Context, week: date) -> date:
    """Today, or the end of the week that is nearer to it."""
    return max(week, min(context.today, week + timedelta(days=6)))


def _done_words(context: Context, owed: Sequence[Owed], day: date) -> list[Plain]:
    checks = [Check(label=line(context, entry, day, named=True), done=entry.is_done) for entry in owed if entry.tick]
    return [Checks(*checks), *notes_of(owed)] if checks else []


def _done_fold(context: Context, owed: Sequence[Owed], week: date) -> list[Fold]:
    words = _done_words(context, owed, _day_in(context, week))
    return [Fold("Done", *words, button=Button("Done", "checklist.done", WeekOf(week)))] if words else []


def _week_name(context: Context, week: date) -> str:
    calendar = context.calendar
    month = month_of_week(week, calendar)
    number = (week - calendar.week_one(month)).days // 7 + 1
    return f"Week {number} of {MONTHS[month.month - 1]}"
