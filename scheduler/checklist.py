"""Checklist: owners are reminded of what is theirs, all see the week fill up, and a month ends with its share."""

from collections.abc import Sequence
from datetime import date

from handlers.checklist.cards import last_owner_card, owner_card
from handlers.checklist.owed import ROUTINE, current, owners
from handlers.checklist.summary import summary_card
from handlers.checklist.week import last_week_card, week_card, week_ref
from handlers.kit.city.model import City
from handlers.kit.context import Context, Sending, sending_ref
from handlers.kit.contributions import drawn
from handlers.kit.errors import NotNeeded
from handlers.kit.messages import Card
from handlers.kit.registry import routine
from handlers.kit.seats import EVERYBODY


def owners_of_what_is_new(city: City, day: date) -> Sequence[str]:
    """The owners of what is new that day."""
    return owners(city, day)


@routine(ROUTINE, at="08:00", on="working days", to=owners_of_what_is_new, repeat=True)
def remind(context: Sending) -> Card | None:
    """Remind the owners of what is theirs to do, and of what is overdue."""
    if day := last_owner_card(context, context.seat, context.day):
        context.refresh(sending_ref(ROUTINE, day, context.seat), owner_card(context, [context.seat], day=day))
    waiting = [owed for owed in current(context, context.today, [context.seat]) if owed.tick is None]
    return owner_card(context, [context.seat]) if waiting else None


@routine("checklist-week", at="08:00", on="working days", to=EVERYBODY, said="checklist of the week")
def show_week(context: Sending) -> None:
    """Put the week's checklist into the ops place, and bring it up to date every morning."""
    week, last = context.calendar.week_of(context.today), last_week_card(context)
    if last == week:
        context.refresh(week_ref(week), week_card(context, week))
        return
    if last:
        context.refresh(week_ref(last), week_card(context, last, over=True))
    if context.city.checklists.item:
        context.post("ops", week_card(context, week), ref=week_ref(week), repeat=True, draws=f"checklist.week {week}")


@routine(
    "checklist-month",
    at="16:30",
    on="last working day of the month",
    to="city_manager",
    repeat=True,
    said="checklist of the month",
)
def sum_up(context: Sending) -> Card | None:
    """Tell the city manager and the ops place how much of the month's list was done, compared with the month before."""
    card = summary_card(context, context.day.replace(day=1))
    if card:
        context.post("ops", card, repeat=True, draws=context.ref)
    return card


@drawn(ROUTINE)
def remind_again(context: Context, _day: str, seat: str) -> Card:
    """What is an owner's to do, while anything is."""
    if all(owed.tick for owed in current(context, context.today, [seat])):
        raise NotNeeded("everything on the list is done")
    return owner_card(context, [seat])


@drawn("checklist.week")
def week_again(context: Context, first: str) -> Card:
    """The week's checklist, while it is that week."""
    if date.fromisoformat(first) != context.calendar.week_of(context.today):
        raise NotNeeded("that week is over")
    return week_card(context, date.fromisoformat(first))


@drawn("checklist-month")
def sum_up_again(context: Context, day: str, _seat: str) -> Card:
    """How much of a month's checklist was done."""
    card = summary_card(context, date.fromisoformat(day).replace(day=1))
    if card is None:
        raise NotNeeded("the checklist has no items anymore")
    return card
