"""Feedback sheet: exporting the register as a spreadsheet and importing it, always without contact data."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from handlers.feedback.clock import MARKS, clock_after, mark_at, plan_marks, runs, target_of
from handlers.feedback.record import area_of
from handlers.feedback.row import DUPLICATE, Row, check_original, check_row
from handlers.feedback.same import open_alike
from handlers.feedback.sheet_change import change_from_sheet
from handlers.kit.context import SYSTEM, Context, Request
from handlers.kit.forms import Form, ask, questions
from handlers.kit.messages import Card, File, Note
from handlers.kit.registry import command, sheet
from handlers.kit.sheets.writing import FORMATS, Cell, Format, not_before, written
from storage.feedback.events import Event
from storage.feedback.items import Item, number_of


class Export(Form):
    format: str = ask("CSV, or XLSX for Excel?", default="csv", options=tuple((name, name.upper()) for name in FORMATS))


@command("feedback export", asks=Export, needs="feedback.export", reads_only=True, example="/feedback export xlsx")
def export_feedback(request: Request, form: Export) -> Card:
    """Export the feedback."""
    kind: Format = "xlsx" if form.format == "xlsx" else "csv"
    request.row_first("feedback", format=kind)
    rows = list(feedback_rows(request))
    data = written(questions(Row, request.city), rows, kind, request.calendar)
    name = f"feedback-{request.today}.{kind}"
    return Card(
        f"All feedback: {len(rows)}",
        File(name=name, data=data),
        Note("Contact data is not in it; it never leaves the register."),
    )


def _row(item: Item, events: Sequence[Event]) -> dict[str, Cell]:
    """A row for an item; ``events`` are those of one that waits."""
    waits = [event for event in events if event.what == "waits"]
    return {
        "reference": item.ref, "what": item.what, "kind": item.kind, "category": item.category,
        "place": item.place_in_town, "via": item.reached_us_by, "state": item.state, "department": item.department,
        "owner": item.owner, "logged_by": item.created_by, "logged_at": item.created_at, "waits_for": item.waits_for,
        "waits_because": waits[-1].note if waits else None, "waits_since": waits[-1].at if waits else None,
        "waits_until": item.waits_until, "reason": item.reason, "answer": item.answer, "decided_by": item.decided_by,
        "go_to": item.go_to, "duplicate_of": item.original, "closed_by": item.closed_by, "closed_at": item.closed_at,
        "minutes": None if item.took is None else item.took // 60, "fixed_on": item.check_on,
        "source": item.source,
    }  # fmt: skip


def take_row(context: Context, row: Row) -> str:
    """Store one row; its events are put together again, so that its clock is right."""
    row = _in_order(context, row)
    check_row(context, row)
    known = context.city.categories.get(row.category)
    at = row.logged_at or context.now
    target = int(target_of(context.city, row.category).total_seconds())
    item = context.store.feedback.records.add(
        number=number_of(row.reference) if row.reference else None,
        what=row.what,
        kind=row.kind,
        category=row.category,
        place_in_town=row.place,
        reached_us_by=row.via,
        department=row.department,
        owner=row.owner,
        area=area_of(context.city, row.place),
        target=target,
        source=row.source,
        first_department=known.department if known else None,
        by=row.logged_by or SYSTEM,
        at=at,
    )
    if row.waits_for:
        waits = {"waits_for": row.waits_for, "waits_until": row.waits_until or _wait_until(context)}
        item = _then(context, item, "waits", row.waits_since or context.now, row.waits_because, **waits)
    if row.state != "open":
        item = _ended(context, item, row)
    if item.due_at is None and item.state == "open" and not item.waits_for:
        item = _then(context, item, "clock", context.now, None)
    item = _marked(context, item)
    context.audit(item.ref, imported=True)
    return item.ref


def _in_order(context: Context, row: Row) -> Row:
    """The row with what happened on the day it was logged, at no time that is given, happening when it was logged."""
    logged, calendar = row.logged_at, context.calendar
    later = {"waits_since": row.waits_since, "closed_at": row.closed_at}
    given = {name: not_before(at, logged, calendar) for name, at in later.items() if at and logged}
    return row.model_copy(update=given)


def _then(context: Context, item: Item, what: str, at: datetime, note: str | None, **values: Any) -> Item:
    clock = clock_after(context, item, Event(what, SYSTEM, at, note, values))
    return context.store.feedback.records.change(item, what, SYSTEM, at, note, **{**clock, **values})


def _ended(context: Context, item: Item, row: Row) -> Item:
    at = row.closed_at or context.now
    took = {} if row.minutes is None else {"took": row.minutes * 60}
    ending = context.city.endings.get(row.reason or "")
    answer = row.answer or (ending.text if ending else None)
    return _then(
        context,
        item,
        row.state,
        at,
        None,
        state=row.state,
        reason=row.reason,
        answer=answer,
        decided_by=row.decided_by,
        go_to=row.go_to,
        closed_by=row.closed_by or SYSTEM,
        closed_at=at,
        duplicate_of=number_of(row.duplicate_of) if row.duplicate_of else None,
        check_on=row.fixed_on,
        waits_for=None,
        waits_until=None,
        **took,
    )


def _marked(context: Context, item: Item) -> Item:
    """Nobody is told about marks that were past before the import; lists and the morning check show what is late."""
    if item.due_at is None:
        return item
    ran = runs(context.city, context.store.feedback.events.of(item.number))
    past = [step for step in MARKS if (moment := mark_at(context.city, ran, item, step)) and moment <= context.now]
    if past:
        item = context.store.feedback.records.change(item, "mark", SYSTEM, context.now, mark=past[-1])
    plan_marks(context, item)
    return item


def _wait_until(context: Context) -> Any:
    return context.today + timedelta(days=context.city.feedback.still_waiting_days)


def same_open(context: Context, rows: Iterable[Row]) -> list[str | None]:
    """The open item that each of these new rows seems to say again; one question for each category and street."""
    alike = cache(partial(open_alike, context))
    found = [alike(row.category, row.place) if row.state == "open" and not row.duplicate_of else () for row in rows]
    return [items[0].ref if items else None for items in found]


def add_row(context: Context, row: Row, ref: str) -> None:
    """Keep a row as a duplicate of an open item, so that its resident gets the same answer."""
    ended = {"state": "closed", "reason": DUPLICATE[0], "duplicate_of": ref, "waits_for": None}
    take_row(context, row.model_copy(update=ended))


@sheet(
    "feedback",
    row=Row,
    needs="feedback.export",
    take=take_row,
    check=check_original,
    change=change_from_sheet,
    fixed=("logged_at",),
    same=same_open,
    add=add_row,
)
def feedback_rows(context: Context) -> Iterable[Mapping[str, Cell]]:
    """A row for every item, by number."""
    items = context.store.feedback.lists.all()
    events = context.store.feedback.events.of_many([item.number for item in items if item.waits_for])
    for item in items:
        yield _row(item, events.get(item.number, ()))
