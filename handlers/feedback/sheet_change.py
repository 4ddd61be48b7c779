"""Feedback sheet, brought back: what somebody changed in the row of an item changes the item, as it does in chat."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from handlers.feedback.clock import target_of
from handlers.feedback.department import is_here, present
from handlers.feedback.record import area_of, found, moved, record
from handlers.kit.context import SYSTEM, Context
from handlers.kit.errors import FieldErrors
from handlers.kit.sheets.changing import HAPPENED, decided_in_chat
from storage.feedback.items import Item

WORDS = {
    "what": "What", "kind": "Kind", "category": "Category", "place": "Place in town", "via": "Reached us by",
    "department": "Routed to", "owner": "Owner",
}  # fmt: skip  # what a sheet changes, and its heading
COLUMNS = {
    "place": "place_in_town",
    "via": "reached_us_by",
}  # where the field of a row has another name than the item's
OF_CLOSED = ("what", "kind", "place", "via")  # what is mended in an item that nobody works on any more
IN_CHAT = {
    "waits_for": "wait", "waits_because": "wait", "waits_until": "wait", "state": "close", "reason": "close",
    "answer": "close", "decided_by": "close", "go_to": "close", "duplicate_of": "duplicate",
}  # fmt: skip  # what somebody has to decide, and the command for it


def change_from_sheet(context: Context, ref: str, values: Mapping[str, Any]) -> Collection[str]:
    """Change an item and give the fields that are different now. Raises FieldErrors."""
    before = found(context.store.feedback.records.take(ref), ref)
    if wrong := dict(_not_by_sheet(context, before, values)):
        raise FieldErrors(wrong)
    changes = {
        COLUMNS.get(name, name): value
        for name, value in values.items()
        if value != getattr(before, COLUMNS.get(name, name))
    }
    if not changes:
        return ()
    fields = [name for name in WORDS if COLUMNS.get(name, name) in changes]
    said = f"Imported from a spreadsheet: {', '.join(WORDS[name] for name in fields)}"
    item = record(context, before, "changed", SYSTEM, said, **_what_follows(context, changes), **changes)
    context.audit(item.ref, category=item.category, kind=item.kind, department=item.department, owner=item.owner)
    moved(context, before, item, SYSTEM)
    return fields


def _what_follows(context: Context, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that follow from others: another category has its own department, person and target."""
    follows: dict[str, Any] = {}
    if "place_in_town" in changes:
        follows["area"] = area_of(context.city, changes["place_in_town"])
    if "category" in changes:
        known = context.city.categories[changes["category"]]
        target = int(target_of(context.city, known.id).total_seconds())
        follows |= {"department": None, "owner": present(context, known.person), "target": target, "mark": 0}
    return {name: value for name, value in follows.items() if name not in changes}


def _not_by_sheet(context: Context, before: Item, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields that a sheet does not change, each with what to do."""
    for name in values:
        if name in IN_CHAT:
            yield name, decided_in_chat(f"feedback {IN_CHAT[name]} {before.ref}")
        elif name not in WORDS:
            yield name, HAPPENED
        elif before.state != "open" and name not in OF_CLOSED:
            yield name, f'{before.ref} is {before.state}, so this stays. First: "feedback reopen {before.ref}".'
    owner = values.get("owner")
    if owner and not is_here(context, owner):
        yield "owner", f'"{owner}" does not work here. Name somebody who does, or leave it empty.'
