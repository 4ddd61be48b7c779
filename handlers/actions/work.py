"""Action work: an action is done, given to somebody, moved to another day, or dropped."""

from dataclasses import replace

from handlers.actions.changes import change_action, open_again, reopen, settle
from handlers.actions.record import REF, action_card, action_to_change, check_may_work, found_action, open_action
from handlers.actions.register import OneAction
from handlers.kit.context import Request
from handlers.kit.contributions import undoes
from handlers.kit.events import REOPENING_ACTION, emit
from handlers.kit.forms import Date, Form, PersonId, Reference, ask
from handlers.kit.here import not_past, not_there, still_here
from handlers.kit.messages import Card, Word
from handlers.kit.registry import action, command
from handlers.kit.trace import passed, passed_back, traced
from handlers.kit.undo import TAKEN_BACK, check_left, undoable
from storage.actions.records import Action


class GiveAction(Form):
    action: Reference = ask("Which action?", max_length=40, hint=REF)
    owner: PersonId = ask("Who does it?")


class MoveAction(Form):
    action: Reference = ask("Which action?", max_length=40, hint=REF)
    due: Date = ask("By when?", hint="friday, in 2 weeks or 2026-12-01")
    why: str | None = ask("Why?", default=None, max_length=300)


class ReopenAction(Form):
    action: Reference = ask("Which action?", max_length=40, hint=REF)
    why: str | None = ask("Why should it be done again?", default=None, max_length=300)


class DropAction(Form):
    action: Reference = ask("Which action?", max_length=40, hint=REF)
    why: str = ask("Why is it no longer needed?", max_length=300)


@command("action done", sends="Mark it done", asks=OneAction, needs="action.work", example="/action done A-1")
def finish(request: Request, form: OneAction) -> Card:
    """Mark an action as done."""
    return _done(request, form.action)


@command("risk done", sends="Mark it done", asks=OneAction, needs="action.work", example="/risk done A-1")
def finish_against_risk(request: Request, form: OneAction) -> Card:
    """Mark an action as done."""
    return _done(request, form.action)


@action("crisis.follow-up-done", needs="action.work")
def finish_follow_up(request: Request, value: str) -> Card:
    """Mark a follow-up as done."""
    return _done(request, value)


@command(
    "action assign", sends="Give it", asks=GiveAction, needs="action.work", example="/action assign A-1; owner @sam"
)
def assign(request: Request, form: GiveAction) -> Card:
    """Give somebody an action."""
    before = open_action(request, form.action)
    still_here(request, "owner", form.owner)
    name = request.name(form.owner)
    if form.owner == before.owner:
        return action_card(request, before, f"{before.ref} is with {name} already")
    given = change_action(request, before, "given", request.person.id, owner=form.owner)
    words = undoable(request, "action.given", given.ref, owner=before.owner, left=given.owner)
    card = action_card(request, given, f"{given.ref} is with {name} now", *not_there(request, given.owner), *words)
    return traced(request, card, f"{given.ref} {passed(request, form.owner)}")


@undoes("action.given", needs="action.work")
def take_from(request: Request, ref: str, owner: str | None, left: str | None) -> Card:
    """An action is with who had it before."""
    given = _left(request, ref, state="open", owner=left)
    check_may_work(request, replace(given, owner=owner))
    action = change_action(request, given, "undone", request.person.id, owner=owner)
    card = action_card(request, action, f"{TAKEN_BACK}{ref} is with {request.name(owner)} again")
    return traced(request, card, f"{ref} {passed_back(request, owner)}")


@command(
    "action move",
    sends="Move it",
    asks=MoveAction,
    needs="action.work",
    example="/action move A-1; due in 2 weeks; why Rain is forecast",
)
def move(request: Request, form: MoveAction) -> Card:
    """Change the due date."""
    before = open_action(request, form.action)
    not_past(request, "due", form.due)
    if form.due == before.due_on:
        return action_card(request, before, f"{before.ref} is due that day already")
    moved = change_action(request, before, "moved", request.person.id, form.why, due_on=form.due)
    due = request.spoken_day(form.due)
    return traced(request, action_card(request, moved, f"{moved.ref} is due {due} now"), f"{moved.ref} moved to {due}")


@command(
    "action drop",
    sends="Drop the action",
    asks=DropAction,
    needs="action.work",
    example="/action drop A-1; why The gate was replaced",
)
def drop(request: Request, form: DropAction) -> Card:
    """Drop an action."""
    dropped = settle(request, open_action(request, form.action), "dropped", request.person.id, form.why)
    card = action_card(request, dropped, f"{dropped.ref} is dropped", *_undo(request, dropped))
    return traced(request, card, f"{dropped.ref} dropped")


@command(
    "action reopen",
    sends="Open it again",
    asks=ReopenAction,
    needs="action.work",
    example="/action reopen A-1; why It drips again",
)
def take_up_again(request: Request, form: ReopenAction) -> Card:
    """Open an action again."""
    before = action_to_change(request, form.action)
    if before.state == "open":
        return action_card(request, before, f"{before.ref} is open already")
    emit(REOPENING_ACTION, request, before)
    action = reopen(request, before, request.person.id, form.why)
    card = action_card(request, action, f"{action.ref} is open again", *not_there(request, action.owner))
    return traced(request, card, f"{action.ref} reopened")


def _done(request: Request, ref: str) -> Card:
    known = request.store.actions.records.find(ref)
    if known is not None and known.state == "done":
        return action_card(request, known, f"{known.ref} is done already")
    done = settle(request, open_action(request, ref), "done", request.person.id)
    card = action_card(request, done, f"{done.ref} is done", *_undo(request, done))
    return traced(request, card, f"{done.ref} done")


def _undo(request: Request, action: Action) -> tuple[Word, ...]:
    return undoable(request, "action.settled", action.ref, *filter(None, [action.about]), left=action.state)


@undoes("action.settled", needs="action.work")
def open_as_before(request: Request, ref: str, left: str) -> Card:
    """An action is still to be done."""
    settled = _left(request, ref, state=left)
    check_may_work(request, settled)
    action = open_again(request, settled, request.person.id)
    card = action_card(request, action, f"{TAKEN_BACK}{ref} is still to be done")
    return traced(request, card, f"{ref} opened again")


def _left(request: Request, ref: str, **left: str | None) -> Action:
    """The action while it is as somebody left it; raises UserError when it has changed since."""
    action = found_action(request.store.actions.records.take(ref), ref)
    check_left(action, left, f"{action.ref} has changed since")
    return action
