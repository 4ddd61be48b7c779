"""Feedback week: on Mondays, how each department has answered residents, in its place."""

from dataclasses import replace
from datetime import date, time, timedelta
from statistics import median

from handlers.feedback.card import item_row
from handlers.feedback.department import theirs
from handlers.kit.context import Context, Sending
from handlers.kit.contributions import drawn
from handlers.kit.errors import NotNeeded
from handlers.kit.figures import Figure, Figures
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Heading, Note
from handlers.kit.registry import routine
from handlers.kit.seats import each_department
from handlers.kit.time.worktime import spoken_span
from storage.feedback.items import Item
from storage.feedback.lists import Wanted

WEEK = timedelta(days=7)


@routine("feedback-week", at="08:30", on="every Monday", to=each_department, closed="next working day",
         late_until="17:00", said="feedback of the week")  # fmt: skip
def feedback_week(context: Sending) -> Card | None:
    """Tell each department what residents said, how fast it answered and what waits longest."""
    card = _card(context, context.seat, context.day)
    if card is not None:
        place = context.city.departments[context.seat.partition(":")[2]].place
        context.post(place, card, ref=context.ref, draws=context.ref)
    return None


@drawn("feedback-week")
def week_again(context: Context, day: str, seat: str) -> Card:
    """How a department has answered, as of now."""
    card = _card(context, seat, date.fromisoformat(day))
    if card is None:
        raise NotNeeded("nothing is to be said of the week anymore")
    return card


def _card(context: Context, seat: str, day: date) -> Card | None:
    """How a department has answered in the city's week before that of a day; None when there is nothing to say."""
    department = context.city.departments.get(seat.partition(":")[2])
    if department is None:  # it has left the city's files since
        return None
    own, lists = theirs(context.city, department.id), context.store.feedback.lists
    calendar = context.calendar
    begins, ends = (calendar.instant(first, time()) for first in (calendar.week_of(day) - WEEK, calendar.week_of(day)))
    new = lists.logged_between(own, begins, ends)
    closed = lists.closed_between(own, begins, ends)
    wanted = Wanted(theirs=(own,))
    first, count = lists.page(wanted, 0, 1), lists.count(wanted)
    if not (new or closed or count):
        return None
    late = lists.count(replace(wanted, late_at=context.now))
    counted = (("New", str(new)), ("Closed", str(len(closed))), *_speed(closed), ("Open", str(count)))
    return Card(
        f"{department.name}: last week's feedback",
        Figures(*(Figure(label=label, value=value) for label, value in counted)),
        *((Heading("To answer first"), item_row(context, first[0])) if first else ()),
        Buttons(Button.say("Late", "feedback list late"), Button.say("All of ours", "feedback list department")),
        Note("Times count working hours only, without pauses. On time means answered within the target."),
        status=Status("warning", f"{late} late") if late else Status("good", "none late"),
    )


def _speed(closed: list[Item]) -> tuple[tuple[str, str], ...]:
    """The median time and the share that was on time; nothing without an answer to measure."""
    took = [item for item in closed if item.took is not None and item.duplicate_of is None]
    if not took:
        return ()
    middle = timedelta(seconds=median(item.took or 0 for item in took))
    on_time = sum((item.took or 0) <= item.target for item in took)
    share = f"{round(100 * on_time / len(took))}% ({on_time} of {len(took)})"
    return ("Median time", spoken_span(middle)), ("On time", share)
