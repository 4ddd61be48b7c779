"""Checklist cards: what is open for an owner, and the week as everybody sees it, updated as items are ticked."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

from handlers.checklist.owed import ROUTINE, Owed, current, line, of_days
from handlers.kit.context import Context, sending_ref
from handlers.kit.inline import Inline, Link
from handlers.kit.messages import Button, Buttons, Card, Check, Checks, Items, Note, Text, Word
from handlers.kit.seats import spoken_seat
from handlers.kit.time.periods import WEEK, Period, month_of_week
from handlers.kit.time.rules import MONTHS

MINE = Button.say("My checklist", "checklist mine")
MONTH = Button.say("The whole month", "checklist")
FOLLOWED = 372  # days that an owner's last card is kept current: an owner may be asked only once a year
FOLLOWED_WEEKS = 5
TAKE_BACK_NOTE = "Take it back? Its note goes with it."
URL = re.compile(r"(https?://[^\s<>]*[^\s<>.,;:!?)\]])")  # without the punctuation at the end of a sentence
Buttoned = Callable[[Owed], Button | None]


def owner_card(context: Context, seats: Sequence[str], *, told: str = "", day: date | None = None) -> Card:
    """The card with everything that is open for these owners, with a button for each item.

    ``told`` says what has just happened. With ``day`` it is that day's card as the day ended, without buttons.
    """
    on = day or context.today
    owed = [owed for owed in current(context, on, seats) if _in_sight(context, owed, on, since=on)]
    end: tuple[Word, ...] = (Note("It goes on in the newer message."),)
    if day is None:
        end = (
            Note(f"{_done(owed)} As of {context.calendar.spoken(context.now)}."),
            Buttons(
                Button.say("Tick with a note", "checklist tick"), Button.say("Skip an item", "checklist skip"), MONTH
            ),
        )
    return Card(
        f"Your checklist, {context.calendar.spoken_day(on)}",
        *((Text(told),) if told else ()),
        *(Note(note) for seat in seats if (note := _stands_in(context, seat, on))),
        *(_sections(context, owed, on, on, tick_button if day is None else no_button, named=False)),
        *(() if owed else (Text("Nothing is open. Thank you."),)),
        *notes_of(owed),
        *end,
    )


def week_card(context: Context, week: date, *, over: bool = False) -> Card:
    """The card of a week for everybody, with items carried over and whose they are; ``over`` when the week ended."""
    last = week + timedelta(days=6)
    day = max(week, min(context.today, last))
    owed = [owed for owed in current(context, day) if _in_sight(context, owed, day, since=week)]
    days = of_days(context, week, day)
    if over:
        owed = [entry for entry in owed if entry.item.when != "daily"]
    now = context.calendar.spoken(context.now)
    return Card(
        f"Checklist, {context.spoken_day(week)} to {context.spoken_day(last)}",
        Text(f"{_week_name(context, week)}. {_done([entry for entry in owed if entry.item.when != 'daily'])}"),
        *_sections(context, owed, day, week, no_button, named=True),
        *((Text(f"Daily items {'that' if over else 'so far this'} week: {_done(days)}"),) if days else ()),
        *notes_of(owed),
        *((Note(f"As it stood on {now}."),) if over else (Note(f"As of {now}."), Buttons(MINE, MONTH))),
    )


def week_ref(week: date) -> str:
    """The reference of a week's card."""
    return f"checklist week {week}"


def last_week_card(context: Context) -> date | None:
    """The first day of the newest week whose card is posted in the ops place, among the last few."""
    this = context.calendar.week_of(context.today)
    known = context.store.chat.posts.known([week_ref(this - WEEK * number) for number in range(FOLLOWED_WEEKS)])
    return date.fromisoformat(known[-1].split()[-1]) if known else None


def last_owner_card(context: Context, seat: str, before: date) -> date | None:
    """The day of the newest card posted for an owner before a day."""
    days = [before - timedelta(days=number) for number in range(1, FOLLOWED)]
    known = context.store.chat.posts.known([sending_ref(ROUTINE, day, seat) for day in days])
    return date.fromisoformat(known[-1].split()[1]) if known else None


def refresh_checklists(context: Context, seat: str) -> None:
    """Bring the owner's newest card and the week's card up to date."""
    if day := last_owner_card(context, seat, context.today + timedelta(days=1)):
        context.refresh(sending_ref(ROUTINE, day, seat), owner_card(context, [seat]))
    if week := last_week_card(context):
        context.refresh(week_ref(week), week_card(context, week))


def tick_button(owed: Owed) -> Button:
    """The button of an item: tick it, or take that back."""
    if owed.tick is None:
        return Button("Tick", "checklist.tick", owed.carried)
    return Button("Take back", "checklist.untick", owed.carried, confirm=TAKE_BACK_NOTE if owed.tick.note else None)


def no_button(_owed: Owed) -> None:
    return None


def notes_of(owed: Iterable[Owed]) -> tuple[Word, ...]:
    """The notes on ticked items; addresses in them become links that show where they lead."""
    lines = [
        Text(f"{entry.item.name}: ", *with_links(entry.tick.note)) for entry in owed if entry.tick and entry.tick.note
    ]
    return (Text("Notes"), Items(*lines)) if lines else ()


def with_links(note: str) -> Iterator[Inline]:
    """A note with its addresses as links, each named by its host."""
    for part in filter(None, URL.split(note)):
        yield Link(part.split("/")[2] or part, part) if URL.fullmatch(part) else part


def _sections(
    context: Context, owed: Sequence[Owed], day: date, start: date, button: Buttoned, *, named: bool
) -> Iterator[Word]:
    """The items under headings; items whose time was over before ``start`` come first."""
    headings: dict[str, list[Owed]] = {}
    for entry in sorted(owed, key=lambda owed: not owed.carried_over(start)):
        headings.setdefault(_heading(context, entry, day, start), []).append(entry)
    for heading, those in headings.items():
        yield Text(heading)
        checks = (
            Check(label=line(context, owed, day, named=named), done=owed.is_done, button=button(owed)) for owed in those
        )
        yield Checks(*checks)


def _heading(context: Context, owed: Owed, day: date, start: date) -> str:
    calendar = context.calendar
    if owed.carried_over(start):
        return "Overdue, carried over"
    match owed.item.when:
        case "daily":
            return f"Today, {calendar.spoken_day(day)}"
        case "quarterly":
            return f"This quarter, until {calendar.spoken_day(owed.period.last, day)}"
        case "annually":
            return f"{this_year(owed)}, until {calendar.spoken_day(owed.period.last, day)}"
        case _:
            return f"This week, until {calendar.spoken_day(owed.period.last, day)}"


def this_year(owed: Owed) -> str:
    """What people call the year of an annual item."""
    return "This year" if owed.period.first.month == 1 else "This fiscal year"


def _in_sight(context: Context, owed: Owed, day: date, *, since: date) -> bool:
    """Whether an item is shown on a day's card: it is open, was ticked since ``since``, or its period is short."""
    if owed.item.when == "daily":
        return owed.period.first == day
    if owed.tick is None or context.calendar.today(owed.tick.at) >= since:
        return True
    return _is_short(owed.period) and owed.period.last >= day


def _is_short(period: Period) -> bool:
    return period.last - period.first < WEEK


def _done(owed: Sequence[Owed]) -> str:
    skipped = sum(entry.is_skipped for entry in owed)
    more = f", {skipped} skipped" if skipped else ""
    return f"{sum(entry.is_done for entry in owed)} of {len(owed) - skipped} done{more}."


def _stands_in(context: Context, seat: str, day: date) -> str | None:
    duties = context.roster.on(day)
    sits = duties.seat(seat)
    if sits.instead_of is None:
        return None
    holder, name = context.name(sits.instead_of), spoken_seat(context.city, seat)
    return f"{context.name(sits.person)} stands in for {holder} ({name}), who {duties.reason(sits.instead_of)}."


def _week_name(context: Context, week: date) -> str:
    calendar = context.calendar
    month = month_of_week(week, calendar)
    number = (week - calendar.week_one(month)).days // 7 + 1
    return f"Week {number} of {MONTHS[month.month - 1]}"
