"""Checklist todo: what people have to tick, wherever they read what waits for them."""

from collections.abc import Mapping
from datetime import date, timedelta

from handlers.checklist.owed import Owed, current, line
from handlers.checklist.words import no_button, overdue_words
from handlers.kit.context import Context
from handlers.kit.contributions import late, todo
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Row
from handlers.kit.persons import Persons
from handlers.kit.waiting import Task, Waiting

WITHIN = timedelta(days=6)  # items due in the coming week are shown as waiting; later ones only on the checklist


@todo("checklist", order=40)
def open_items(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """What people have to tick today or this week, overdue items first; not what the bot ticks by itself."""
    soon = context.today + WITHIN
    asked = {item.owner: context.duties.seat(item.owner).person for item in context.city.checklists.item}
    theirs = [seat for seat, person in asked.items() if person in persons]
    waiting = [
        owed
        for owed in (current(context, context.today, theirs) if theirs else ())
        if owed.tick is None
        and owed.item.seen is None
        and owed.period.last <= soon
        and not _missed(owed, context.today)
    ]
    tasks = dict[str, list[Task]]()
    for owed in sorted(waiting, key=lambda owed: owed.period.last):
        person = str(asked[owed.item.owner])
        tasks.setdefault(person, []).append(_task(context, owed, person))
    return {person: Waiting(f"On your checklist: {len(own)}", own, "checklist mine") for person, own in tasks.items()}


@late("checklist items", way="checklist", order=40)
def late_items(context: Context, most: int) -> list[Row]:
    """Items of anybody whose time is over, the longest late first."""
    today = context.today
    over = [owed for owed in current(context, today) if owed.tick is None and owed.carried_over(today)]
    rows = overdue_words(context, over, today, no_button)
    return [row for row in rows if isinstance(row, Row)][:most]


def _missed(owed: Owed, today: date) -> bool:
    return owed.item.when == "daily" and owed.period.last < today


def _task(context: Context, owed: Owed, person: str) -> Task:
    """An item as a task. A daily item has no due day: it is not late during its day, and missed after it."""
    text = f"{line(context, owed, context.today, named=False)} (checklist)"
    daily = owed.item.when == "daily"
    due, status = (None, Status("info", "today")) if daily else (owed.period.last, None)
    tick = Button("Check off", "checklist.tick-task", owed.carried)
    return Task(owed.ref, text, (tick,), due=due, owner=person, status=status)
