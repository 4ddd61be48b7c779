"""Risk sheet, brought back: what somebody changed in the row of a risk changes the risk, as it does in chat."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from handlers.kit.context import SYSTEM, Context
from handlers.kit.errors import FieldErrors
from handlers.kit.events import ACTION_KNOWN, KnownAction, emit
from handlers.kit.forms import questions
from handlers.kit.here import still_here
from handlers.kit.lists import agreeing
from handlers.kit.sheets.changing import HAPPENED, decided_in_chat
from handlers.risk.changes import SCORES, save, tell_owner
from handlers.risk.choice import found_risk
from handlers.risk.forms import check_residual, check_review
from handlers.risk.record import level_of, next_review
from handlers.risk.row import ACCEPTED, BAR, RiskRow, action_cell, origins, read_action
from storage.risk.records import Risk

CHANGES = (
    "title", *SCORES, "confidence", "category", "department", "owner", "details", "treatment", "plan", "review_on",
)  # fmt: skip
IN_CHAT = {
    "residual_confirmed": "review", "reviewed_on": "review", "accepted_until": "accept", "accepted_by": "accept",
    "accepted_because": "accept", "state": "close", "reason": "close",
}  # fmt: skip  # what somebody has to decide, and the command for it


def change_from_sheet(context: Context, ref: str, values: Mapping[str, Any]) -> Collection[str]:
    """Change a risk and give the fields that are different now. Raises FieldErrors."""
    before = found_risk(context.store.risk.records.take(ref), ref)
    if wrong := dict(_not_by_sheet(before, values)):
        raise FieldErrors(wrong)
    changes = {name: values[name] for name in CHANGES if name in values and values[name] != getattr(before, name)}
    _check(context, before, replace(before, **changes), changes)
    lines = _new_actions(context, before, values["actions"] or "") if "actions" in values else []
    came_from = _new_origins(context, before, values["came_from"]) if "came_from" in values else []
    fields = [*changes, *(["actions"] if lines else []), *(["came_from"] if came_from else [])]
    if not fields:
        return ()
    for origin in came_from:
        context.store.links.add(origin, ref, by=SYSTEM, at=context.now)
    labels = {question.name: question.label for question in questions(RiskRow, context.city)}
    said = f"imported from a spreadsheet: {', '.join(labels[name] for name in fields)}"
    what = "scored" if set(SCORES) & set(changes) else "changed"
    risk = save(context, before, what, by=SYSTEM, text=said, **changes)
    tell_owner(context, before, risk, SYSTEM, at_once=False)
    for action in lines:
        emit(ACTION_KNOWN, context, KnownAction(about=ref, by=SYSTEM, **action))
    return fields


def _not_by_sheet(before: Risk, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields that a sheet does not change, each with what to do."""
    for name in values:
        if before.state != "open":
            yield (
                name,
                f'{before.ref} is {before.state} and cannot be changed. First: "risk reopen {before.ref}".',
            )
        elif name in IN_CHAT:
            yield name, decided_in_chat(f"risk {IN_CHAT[name]} {before.ref}")
        elif name not in (*CHANGES, "actions", "came_from"):
            yield name, HAPPENED
    if values.get("treatment") == ACCEPTED:
        yield "treatment", decided_in_chat(f"risk accept {before.ref}")


def _check(context: Context, before: Risk, after: Risk, changes: Mapping[str, Any]) -> None:
    """Raise FieldErrors for what a risk cannot be."""
    check_residual(after)
    if "owner" in changes:
        still_here(context, "owner", after.owner)
    if "review_on" not in changes:
        return
    check_review(context, after.review_on, before.review_on)
    last = before.reviewed_on or context.calendar.today(before.created_at)
    latest = max(context.today, next_review(context.city, after.standing, last))
    if after.review_on is None or after.review_on > latest:
        level, day = level_of(context, after).name, context.calendar.spoken_date(latest)
        raise FieldErrors({"review_on": f"A risk that is {level} is reviewed by {day} at the latest."})


def _new_actions(context: Context, risk: Risk, cell: str) -> list[dict[str, Any]]:
    """The actions that a cell adds. Raises FieldErrors where it changes one or leaves one out."""
    known = {action_cell(context, action): action for action in context.store.actions.records.about(risk.ref)}
    lines = [line for line in cell.splitlines() if line.strip()]
    said = {line: known[line].what if line in known else read_action(context, line, risk)["what"] for line in lines}
    for line, action in known.items():
        if action.what not in said.values():
            raise FieldErrors({"actions": f'{action.ref} is missing here. Put back "{line}".'})
    whats = {action.what for action in known.values()}
    for line, what in said.items():
        if line not in known and what in whats and BAR in line:
            sentence = f'"{what}" is different in the register. Change actions in chat, and export again.'
            raise FieldErrors({"actions": sentence})
    return [read_action(context, line, risk) for line, what in said.items() if what not in whats]


def _new_origins(context: Context, risk: Risk, cell: str | None) -> list[str]:
    """The origins that a cell adds. Raises FieldErrors where it leaves one out."""
    known = [linked.ref for linked in context.store.links.of(risk.ref) if linked.is_origin]
    said = origins(cell)
    if missing := [ref for ref in known if ref not in said]:
        back = "Put them back." if len(missing) > 1 else "Put it back."
        raise FieldErrors({"came_from": f"{agreeing(missing, 'is', 'are')} missing here. {back}"})
    return [ref for ref in said if ref not in known]
