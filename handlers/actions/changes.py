"""Action changes: one way to keep and to change an action, so that each change leaves the same traces."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from handlers.actions.record import action_card, action_line
from handlers.actions.reminders import cancel_reminders, plan_reminders
from handlers.kit.context import SYSTEM, Context
from handlers.kit.contributions import drawn
from handlers.kit.errors import NotNeeded
from handlers.kit.events import ACTION_CHANGED, WantedAction, emit
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Card
from handlers.kit.settled import opened_again, passed_on, settled, unsettled
from storage.actions.events import How
from storage.actions.records import Action

_OPEN: Mapping[str, Any] = {
    "state": "open", "reason": None, "settled_by": None, "settled_at": None, "dropped_with": None,
}  # fmt: skip


def add_action(context: Context, wanted: WantedAction, by: str) -> Action:
    """Keep a new action, and ask its owner to do it where that is somebody else and nobody else tells them."""
    what = " ".join(wanted.what.split())
    action = keep_action(context, by, what=what, about=wanted.about, owner=wanted.owner, due_on=wanted.due_on)
    if not wanted.told:
        ask_owner(context, action, by)
    return action


def keep_action(context: Context, by: str, *, at: datetime | None = None, **columns: Any) -> Action:
    """Keep a new action with these columns, and write to nobody: it is planned, counted and shown as any other."""
    action = context.store.actions.records.add(by=by, at=at or context.now, **columns)
    _leave_traces(context, action, "added", by)
    return action


def change_action(
    context: Context, before: Action, how: How, by: str, note: str | None = None, **values: Any
) -> Action:
    """Change an action: in its history and the audit, on every card and home, and for who asked for it."""
    action = context.store.actions.records.change(before, how, by, context.now, note, **values)
    _leave_traces(context, action, how, by)
    refresh_homes(context, [before.owner])
    for name in action.names:
        context.refresh(name, action_card(context, action))
        if how == "undone":
            unsettled(context, name)
    if how == "reopened":
        ask_owner(context, action, by)
    if action.owner != before.owner and action.state == "open" and how != "undone":
        _tell_owner(context, action, how, by)
    _tell(context, before, action, how, by)
    return action


def settle(
    context: Context,
    before: Action,
    state: Literal["done", "dropped"],
    by: str,
    reason: str | None = None,
    *,
    dropped_with: str | None = None,
) -> Action:
    """An action is done, or dropped for a reason; ``dropped_with`` is the record that has taken it along."""
    action = change_action(
        context,
        before,
        state,
        by,
        reason,
        state=state,
        reason=reason,
        settled_by=by,
        settled_at=context.now,
        dropped_with=dropped_with,
    )
    for name in action.names:
        settled(context, name, f"{state} by {context.name(by)}")
    return action


def reopen(context: Context, before: Action, by: str, note: str | None = None) -> Action:
    """An action that was done or dropped is to be done again."""
    action = change_action(context, before, "reopened", by, note, **_OPEN)
    for name in action.names:
        opened_again(context, name, Button.say("Show", f"action show {action.ref}"))
    return action


def open_again(context: Context, before: Action, by: str) -> Action:
    """What became of an action is taken back, and nobody has to be told."""
    return change_action(context, before, "undone", by, **_OPEN)


def ask_owner(context: Context, action: Action, by: str) -> None:
    """Write to who is to do it, unless they have said so themselves."""
    if action.owner and action.owner != by:
        context.post(
            f"dm:{action.owner}",
            _asked_card(context, action, by),
            ref=action.ref,
            priority="prompt",
            draws=f"action.asked {action.ref} {by}",
        )


@drawn("action.asked")
def asked_again(context: Context, ref: str, by: str) -> Card:
    """What somebody is asked to do, until it is done or dropped."""
    return _asked_card(context, still_open(context, ref), by)


@drawn("risk.action")
@drawn("crisis.follow-up")
def asked_before(context: Context, _about: str, alias: str) -> Card:
    """The same for a message that was queued before all actions had one register."""
    action = still_open(context, alias)
    return _asked_card(context, action, action.asked_by)


def still_open(context: Context, ref: str) -> Action:
    """An open action, for a message about it that is drawn again. Raises NotNeeded for one that is done or dropped."""
    action = context.store.actions.records.find(ref)
    if action is None or action.state != "open":
        raise NotNeeded(f"{ref} is {action.state if action else 'gone'} now")
    return action


def _asked_card(context: Context, action: Action, by: str) -> Card:
    on = f" on {action.about}" if action.about else ""
    return action_card(context, action, f"{action.ref}: {context.name(by)} asks you to act{on}")


def _leave_traces(context: Context, action: Action, how: How, by: str) -> None:
    """The audit, the reminders, the home of its owner, and what other features make of it."""
    audit = context.audit_new if how == "added" else context.audit
    audit(action.ref, what=how, owner=action.owner, due=action.due_on, about=action.about)
    if action.state == "open":
        plan_reminders(context, action)
    else:
        cancel_reminders(context, action)
    refresh_homes(context, [action.owner])
    emit(ACTION_CHANGED, context, action, how, by)


def _tell_owner(context: Context, action: Action, how: How, by: str) -> None:
    """Tell who is to do an action now: at once, or where a sheet says so in their digest, as it may name many."""
    if action.owner is None:
        return
    if how == "changed":
        line, show = f"With you now: {action_line(context, action)}", Button.say("Show", f"action show {action.ref}")
        context.tell(action.owner, line, action.ref, show, draws=_news(action))
    else:
        ask_owner(context, action, by)
    for name in action.names:
        passed_on(context, name, context.name(action.owner))


def _tell(context: Context, before: Action, action: Action, how: How, by: str) -> None:
    """Who asked for it, and who had it, read in their digest what somebody else has changed."""
    if how == "undone":
        return
    had = before.owner if action.state == "open" else None
    told = {before.asked_by, had} - {None, by, SYSTEM, action.owner}
    for person in sorted(filter(None, told)):
        line = f"{context.name(by)}: {action_line(context, action)}"
        context.tell(person, line, action.ref, draws=_news(action))


def _news(action: Action) -> str:
    return f"action.told {action.ref} {action.state} {action.owner or '-'}"


@drawn("action.told")
def told_again(context: Context, ref: str, state: str, *owner: str) -> Card:
    """The news that somebody has changed an action, while it stands as it was said."""
    action = context.store.actions.records.find(ref)
    if action is None or (action.state, action.owner or "-") != (state, " ".join(owner)):
        raise NotNeeded(f"{ref} has changed since")
    return action_card(context, action)
