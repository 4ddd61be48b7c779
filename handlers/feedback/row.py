"""Feedback row: an item as a row of a spreadsheet: its columns, and what in it contradicts itself."""

from collections.abc import Iterator
from datetime import datetime

from handlers.feedback.card import KINDS, WAITS_FOR, kinds_said
from handlers.feedback.department import is_here
from handlers.kit.context import Context
from handlers.kit.errors import FieldErrors
from handlers.kit.forms import LINE_LIMIT, AnybodyId, Date, Form, Options, Reference, ask
from handlers.kit.numbers import Count
from handlers.kit.sheets.writing import Moment
from storage.feedback.items import number_of

STATES: Options = (("open", "open"), ("closed", "closed"), ("withdrawn", "withdrawn"))
MOST_MINUTES = 30_000_000  # seconds of more do not fit the database
DUPLICATE = ("duplicate", "A duplicate")


class Row(Form):
    reference: Reference | None = ask("Reference", default=None, max_length=12)
    what: str = ask("What", long=True, max_length=LINE_LIMIT)
    kind: str = ask("Kind", default="complaint", options=KINDS, said=kinds_said)
    category: str = ask(
        "Category",
        options=lambda city: tuple((category.id, category.name) for category in city.categories.values()),
        said=lambda city: city.words.categories,
        former=True,
    )
    place: str | None = ask("Place in town", default=None, max_length=300)
    via: str = ask(
        "Reached us by",
        options=lambda city: tuple((way, way) for way in city.reached_us_by),
        said=lambda city: city.words.ways,
        former=True,
    )
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
        said=lambda city: city.words.endings,
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


def check_original(context: Context, row: Row) -> None:
    """Check that the original of a duplicate is in the register or in another row; else raise FieldErrors."""
    if row.duplicate_of and context.store.feedback.records.find(row.duplicate_of) is None:
        said = f"There is no {row.duplicate_of}, neither in the register nor in this file."
        raise FieldErrors({"duplicate_of": said})


def check_row(context: Context, row: Row) -> None:
    """Raise FieldErrors for values that contradict each other."""
    wrong = dict(_wrong_ending(context, row)) | dict(_wrong_references(context, row)) | dict(_wrong_times(context, row))
    if row.owner and row.state == "open" and not is_here(context, row.owner):
        wrong["owner"] = f'"{row.owner}" does not work here. Name somebody who does, or leave it empty.'
    if row.minutes and row.minutes > MOST_MINUTES:
        wrong["minutes"] = "This number is too high. Fix it."
    if row.state != "open" and row.waits_for:
        wrong["waits_for"] = "Only what is open can wait."
    elif row.waits_for and not row.waits_because:
        wrong["waits_because"] = "Say why it is paused."
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
            yield name, "This is in the future. Fix the date."
        elif moment and row.logged_at and moment < row.logged_at:
            yield name, "This is before it was logged. Fix the date."
