"""Feedback clock: how much of a department's working time a piece of feedback has used, read from its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.kit.city.model import City
from handlers.kit.context import Context
from handlers.kit.time.worktime import Hours, after, worked
from storage.feedback.events import Event
from storage.feedback.items import Item

TIMER = "feedback.mark"
MARKS = (50, 80, 100)  # percent of the target at which somebody is told


@dataclass(frozen=True)
class Run:
    """A period in which the clock ran, or still runs (``end`` None), by a department's working hours."""

    begin: datetime
    end: datetime | None
    hours: Hours


def runs(city: City, events: Sequence[Event]) -> list[Run]:
    """The periods in which the clock ran: the item was open and not waiting; each by its department's hours."""
    found: list[Run] = []
    state: dict[str, Any] = {}
    since: datetime | None = None
    hours = city.hours
    for event in events:
        state.update(event.values)
        now = city.hours_of(department_of(city, state["category"], state.get("department")))
        running = state["state"] == "open" and not state.get("waits_for")
        if since is not None and (not running or now != hours):
            found.append(Run(since, event.at, hours))
            since = None
        if running and since is None:
            since, hours = event.at, now
    return [*found, Run(since, None, hours)] if since is not None else found


def used(city: City, ran: Sequence[Run], now: datetime) -> timedelta:
    """The working time used until a moment."""
    ends = ((run, min(run.end or now, now)) for run in ran)
    return sum((worked(city.calendar, run.hours, run.begin, end) for run, end in ends), timedelta())


def reached(city: City, ran: Sequence[Run], span: timedelta) -> datetime | None:
    """The moment at which so much working time was or will be used; None when the clock stops before that."""
    left = span
    for run in ran:
        if run.end is None:
            return after(city.calendar, run.hours, run.begin, left)
        whole = worked(city.calendar, run.hours, run.begin, run.end)
        if whole >= left:
            return after(city.calendar, run.hours, run.begin, left)
        left -= whole
    return None


def department_of(city: City, category: str, department: str | None) -> str | None:
    """The department that answers: where the item was routed, else the category's; None when the city has neither."""
    if department in city.departments:
        return department
    known = city.categories.get(category)
    return known.department if known else None


def target_of(city: City, category: str) -> timedelta:
    """The working time within which a category is answered."""
    known = city.categories.get(category)
    return timedelta(hours=(known and known.target_hours) or city.feedback.target_hours)


def clock_after(context: Context, item: Item, event: Event) -> Mapping[str, Any]:
    """How an event changes an item's clock: the columns to be written with the event."""
    city, values, earlier = context.city, event.values, context.store.feedback.events.of(item.number)
    before, ran = runs(city, earlier), runs(city, [*earlier, event])
    target = timedelta(seconds=values.get("target") or item.target) or target_of(city, item.category)
    running = bool(ran) and ran[-1].end is None
    due = reached(city, ran, target) if running else None
    tells_again = values.get("mark") == 0  # tells other people, even if the moments are the same
    # Different working hours can give the same end, but different moments for the marks.
    is_same = (due, running, ran[-1:]) == (item.due_at, item.due_at is not None, before[-1:]) and not tells_again
    set_again = {} if is_same else {"clock": item.clock + 1}
    took = {"took": int(used(city, ran, context.now).total_seconds())} if values.get("state") == "closed" else {}
    return {"due_at": due, "target": int(target.total_seconds()), **set_again, **took}


def plan_marks(context: Context, item: Item, before: int | None = None) -> None:
    """Plan when somebody is told that 50, 80 and 100 percent are used; ``before`` is the clock whose plan is canceled.

    Of the marks that are already past, only the highest is announced.
    """
    if before == item.clock:
        return
    if before is not None:
        context.cancel(TIMER, subject(item.ref, before))
    if item.due_at is None:
        return
    ran = runs(context.city, context.store.feedback.events.of(item.number))
    due = {step: mark_at(context.city, ran, item, step) for step in MARKS if step > item.mark}
    past = [step for step, moment in due.items() if moment and moment <= context.now]
    for step, moment in due.items():
        if moment and step not in past[:-1]:
            context.schedule(TIMER, subject(item.ref, item.clock), max(moment, context.now), step)


def mark_at(city: City, ran: Sequence[Run], item: Item, step: int) -> datetime | None:
    """The moment at which ``step`` percent of the target are used."""
    return reached(city, ran, timedelta(seconds=item.target) * step / 100)


def subject(ref: str, clock: int) -> str:
    """The timer subject for the marks of one setting of a clock."""
    return f"{ref} {clock}"
