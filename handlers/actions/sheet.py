"""Action sheet: exporting the register of actions as a spreadsheet and importing it."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from handlers.actions.changes import change_action, keep_action
from handlers.actions.record import found_action
from handlers.kit.catalogue import catalogue
from handlers.kit.context import SYSTEM, Context, Request
from handlers.kit.errors import FieldErrors
from handlers.kit.forms import AnybodyId, Date, Form, Options, Reference, ask, questions
from handlers.kit.here import still_here
from handlers.kit.messages import Card, File, Note, Text
from handlers.kit.registry import command, sheet
from handlers.kit.sheets.writing import Cell, Format, Moment, written
from storage.actions.records import number_of

CHANGES = {"what": "what", "owner": "owner", "due": "due_on", "about": "about"}  # a column, and what it changes
STATES: Options = (("open", "open"), ("done", "done"), ("dropped", "dropped"))


class ActionRow(Form):
    """An action as a row; only what is to be done must be there."""

    reference: Reference | None = ask("Reference", default=None, max_length=12)
    what: str = ask("What", max_length=300)
    owner: AnybodyId | None = ask("Owner", default=None, max_length=120)
    due: Date | None = ask("Due", default=None)
    about: Reference | None = ask("About", default=None, max_length=60)
    state: str = ask("State", default="open", options=STATES)
    reason: str | None = ask("Dropped because", default=None, max_length=300)
    asked_by: AnybodyId | None = ask("Asked by", default=None, max_length=120)
    asked_on: Moment | None = ask("Asked on", default=None)
    settled_by: AnybodyId | None = ask("Done or dropped by", default=None, max_length=120)
    settled_on: Moment | None = ask("Done or dropped on", default=None)
    version: str | None = ask("Version (leave as it is)", default=None)


class Export(Form):
    format: str = ask("Which file format?", options=(("xlsx", "xlsx: for Excel"), ("csv", "csv: for any program")))


@command("action export", asks=Export, needs="action.export", reads_only=True, example="/action export xlsx")
def export_actions(request: Request, form: Export) -> Card:
    """Get all actions."""
    kind: Format = "csv" if form.format == "csv" else "xlsx"
    request.row_first("actions", format=kind)
    rows = list(action_rows(request))
    data = written(questions(ActionRow, request.city), rows, kind, request.calendar)
    return Card(
        "All actions as a spreadsheet",
        Text(f"Actions: {len(rows)}, done and dropped ones too, as of {request.calendar.spoken(request.now)}."),
        File(name=f"actions-{request.today}.{kind}", data=data),
        Note("IT can import such a file: import actions."),
    )


def action_rows(context: Context) -> Iterator[Mapping[str, Cell]]:
    """Every action, by number."""
    for action in context.store.actions.records.everything():
        yield {
            "reference": action.ref, "what": action.what, "owner": action.owner, "due": action.due_on,
            "about": action.about, "state": action.state, "reason": action.reason, "asked_by": action.asked_by,
            "asked_on": action.asked_at, "settled_by": action.settled_by, "settled_on": action.settled_at,
        }  # fmt: skip


def take_action(context: Context, row: ActionRow) -> str:
    """Keep a row as an action; raises FieldErrors."""
    values = _values(context, row)
    return keep_action(context, row.asked_by or SYSTEM, at=row.asked_on, number=_number(row), **values).ref


def change_from_sheet(context: Context, ref: str, values: Mapping[str, Any]) -> Collection[str]:
    """Change an action as somebody changed its row, and give the fields that are different now; raises FieldErrors."""
    before = found_action(context.store.actions.records.take(ref), ref)
    for name in values:
        if name not in CHANGES:
            raise FieldErrors({name: f'Change this in chat: "action show {ref}". Put the old value back.'})
    _check_about(values.get("about"))
    still_here(context, "owner", values.get("owner"))
    wanted = {CHANGES[name]: value for name, value in values.items()}
    changed = {name: value for name, value in wanted.items() if getattr(before, name) != value}
    if changed:
        change_action(context, before, "changed", SYSTEM, **changed)
    return [name for name in values if CHANGES[name] in changed]


def _number(row: ActionRow) -> int | None:
    if row.reference is None:
        return None
    number = number_of(row.reference)
    if not number:
        raise FieldErrors(
            {"reference": f'"{row.reference}" is not a reference. Write one such as A-1, or leave it empty.'}
        )
    return number


def _values(context: Context, row: ActionRow) -> dict[str, Any]:
    """The columns of a row, by name; raises FieldErrors for what does not go together."""
    if row.state == "open":
        still_here(context, "owner", row.owner)
    _check_about(row.about)
    if (row.state == "dropped") != bool(row.reason):
        raise FieldErrors({"reason": "An action that was dropped has a reason, and no other has one."})
    settled = row.state != "open"
    return {
        "what": row.what, "owner": row.owner, "due_on": row.due, "about": row.about, "state": row.state,
        "reason": row.reason, "settled_by": (row.settled_by or SYSTEM) if settled else None,
        "settled_at": (row.settled_on or context.now) if settled else None,
    }  # fmt: skip


def _check_about(about: str | None) -> None:
    """Raise FieldErrors for what is no reference of anything that the bot keeps."""
    if about and not any(about.startswith(begins) for begins in catalogue.kinds):
        raise FieldErrors({"about": f'"{about}" is not a reference. Write one such as R-1, or leave it empty.'})


@sheet("actions", row=ActionRow, needs="action.export", take=take_action, change=change_from_sheet, fixed=("asked_on",))
def actions_sheet(context: Context) -> Iterator[Mapping[str, Cell]]:
    """The register of actions."""
    return action_rows(context)
