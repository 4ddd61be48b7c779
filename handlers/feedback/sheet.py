"""Feedback sheet: exporting the register as a spreadsheet and importing it, always without contact data."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from handlers.feedback.card import KINDS, WAITS_FOR
from handlers.feedback.clock import MARKS, clock_after, mark_at, plan_marks, runs, target_of
from handlers.feedback.department import is_here
from handlers.feedback.record import area_of
from handlers.feedback.sheet_change import change_from_sheet
from handlers.kit.context import SYSTEM, Context, Request
from handlers.kit.errors import FieldErrors
from handlers.kit.forms import LINE_LIMIT, AnybodyId, Date, Form, Options, Reference, ask, check_former, questions
from handlers.kit.messages import Card, File, Note
from handlers.kit.numbers import Count
from handlers.kit.registry import command, sheet
from handlers.kit.sheets.writing import FORMATS, Cell, Format, Moment, not_before, written
from storage.feedback.events import Event
from storage.feedback.items import Item, number_of

STATES: Options = (("open", "open"), ("closed", "closed"), ("withdrawn", "withdrawn"))
MOST_MINUTES = 30_000_000  # seconds of more do not fit the database
DUPLICATE = ("duplicate", "A duplicate")


class Row(Form):
    reference: Reference | None = ask("Reference", default=None, max_length=12)
    what: str = ask("What", long=True, max_length=LINE_LIMIT)
    kind: str = ask("Kind", default="complaint", options=KINDS)
    category: str = ask(
        "Category",
        options=lambda city: tuple((category.id, category.name) for category in city.categories.values()),
        former=True,
    )
    place: str | None = ask("Place in town", default=None, max_length=300)
    via: str = ask("Reached us by", options=lambda city: tuple((way, way) for way in city.reached_us_by), former=True)
    state: str = ask("State", default="open", options=STATES)
    department: str | None = ask(
        "Routed to",
        default=None,
        options=lambda city: tuple((department.id, department.name) for department in city.departments.values()),
        former=True,
    )
    owner: AnybodyId | None = ask("Owner", default=None, max_length=60)
    logged_by: AnybodyId | None = ask("Logged by", default=None, max_length=60)
    logged_at: Moment | None = ask("Logged at", default=None, hint="2026-12-01 14:30")
    waits_for: str | None = ask("Waits for", default=None, options=WAITS_FOR)
    waits_because: str | None = ask("Waits because", default=None, max_length=500)
    waits_since: Moment | None = ask("Waits since", default=None)
    waits_until: Date | None = ask("Waits until", default=None)
    reason: str | None = ask(
        "Reason",
        default=None,
        options=lambda city: (*((ending.id, ending.name) for ending in city.feedback.answer), DUPLICATE),
        former=True,
    )
    answer: str | None = ask("Answer", default=None, max_length=500)
    decided_by: str | None = ask("Decided by", default=None, max_length=120)
    go_to: str | None = ask("Where to go", default=None, max_length=300)
    duplicate_of: Reference | None = ask("Duplicate of", default=None, max_length=12)
    closed_by: AnybodyId | None = ask("Closed by", default=None, max_length=60)
    closed_at: Moment | None = ask("Closed at", default=None)
    minutes: Count | None = ask("Working minutes used", default=None, max_length=12)
    fixed_on: Date | None = ask("Ask whether fixed on", default=None)
    source: str | None = ask("Made from", default=None)
    version: str | None = ask("Version (leave as it is)", default=None)


class Export(Form):
    format: str = ask("CSV, or XLSX for Excel?", default="csv", options=tuple((name, name.upper()) for name in FORMATS))


@command("feedback export", asks=Export, needs="feedback.export", reads_only=True, example="/feedback export xlsx")
def export_feedback(request: Request, form: Export) -> Card:
    """Export the feedback."""
    kind: Format = "xlsx" if form.format == "xlsx" else "csv"
    request.row_first("feedback", format=kind)
    rows = list(feedback_rows(request))
    data = written(questions(Row, request.city), rows, kind, request.city.calendar)
    name = f"feedback-{request.today}.{kind}"
    return Card(
        f"All feedback: {len(rows)}",
        File(name=name, data=data),
        Note("Contact data is not in it; it never leaves the register."),
    )


def _row(context: Context, item: Item) -> dict[str, Cell]:
    waits = (
        [event for event in context.store.feedback.events.of(item.number) if event.what == "waits"]
        if item.waits_for
        else []
    )
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
    check_former(row, context.city)
    row = _in_order(context, row)
    _check(context, row)
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
    logged, calendar = row.logged_at, context.city.calendar
    later = {"waits_since": row.waits_since, "closed_at": row.closed_at}
    given = {name: not_before(at, logged, calendar) for name, at in later.items() if at and logged}
    return row.model_copy(update=given)


def check_original(context: Context, row: Row) -> None:
    """Check that the original of a duplicate is in the register or in another row; else raise FieldErrors."""
    if row.duplicate_of and context.store.feedback.records.find(row.duplicate_of) is None:
        said = f"There is no {row.duplicate_of}, neither in the register nor in this file."
        raise FieldErrors({"duplicate_of": said})


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


def _check(context: Context, row: Row) -> None:
    """Raise FieldErrors for values that contradict each other."""
    wrong = dict(_wrong_ending(context, row)) | dict(_wrong_references(context, row)) | dict(_wrong_times(context, row))
    if row.owner and row.state == "open" and not is_here(context, row.owner):
        wrong["owner"] = f'"{row.owner}" does not work here. Name somebody who does, or leave it empty.'
    if row.minutes and row.minutes > MOST_MINUTES:
        wrong["minutes"] = "This is more than a lifetime. Mend the number."
    if row.state != "open" and row.waits_for:
        wrong["waits_for"] = "Only what is open can wait."
    elif row.waits_for and not row.waits_because:
        wrong["waits_because"] = "Say why: its clock stands still meanwhile."
    if wrong:
        raise FieldErrors(wrong)


def _wrong_ending(context: Context, row: Row) -> Iterator[tuple[str, str]]:
    if row.state != "closed":
        for name in ("reason", "answer", "decided_by", "go_to", "duplicate_of"):
            if getattr(row, name):
                yield name, "Only what is closed has this. Empty it, or set the state to closed."
        return
    ending = context.city.endings.get(row.reason or "")
    if not row.reason:
        yield "reason", f"Say how it ended: {', '.join(reason.name for reason in context.city.feedback.answer)}."
    elif row.reason == DUPLICATE[0] and not row.duplicate_of:
        yield "duplicate_of", "Name what it is a duplicate of, such as F-1."
    elif ending and not (row.answer or ending.text):
        yield "answer", "Write one sentence that the resident can read."
    if ending and ending.elsewhere:
        yield from _missing_elsewhere(row)


def _missing_elsewhere(row: Row) -> Iterator[tuple[str, str]]:
    """The fields that are missing in a row that is not for the city to answer."""
    if not row.decided_by:
        yield "decided_by", "Say who decided that it is not ours: a name or an office."
    if not row.go_to:
        yield "go_to", "Say where the resident can go instead."


def _wrong_references(context: Context, row: Row) -> Iterator[tuple[str, str]]:
    if row.reference and not number_of(row.reference):
        yield "reference", f'"{row.reference}" is not a reference such as F-1. Leave it empty for a new one.'
    elif row.reference and context.store.feedback.records.find(row.reference):
        yield "reference", f"{row.reference} is in the register already. Leave it empty for a new one."
    if row.duplicate_of and (not number_of(row.duplicate_of) or row.duplicate_of == row.reference):
        yield "duplicate_of", f'"{row.duplicate_of}" cannot be what it is a duplicate of. Name another reference.'


def _wrong_times(context: Context, row: Row) -> Iterator[tuple[str, str]]:
    for name in ("logged_at", "waits_since", "closed_at"):
        moment: datetime | None = getattr(row, name)
        if moment and moment > context.now:
            yield name, "This has not come yet. Mend the day."
        elif moment and row.logged_at and moment < row.logged_at:
            yield name, "This is before it was logged. Mend the day."


@sheet(
    "feedback",
    row=Row,
    needs="feedback.export",
    take=take_row,
    check=check_original,
    change=change_from_sheet,
    fixed=("logged_at",),
)
def feedback_rows(context: Context) -> Iterable[Mapping[str, Cell]]:
    """A row for every item, by number."""
    for item in context.store.feedback.lists.all():
        yield _row(context, item)
