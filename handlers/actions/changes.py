"""Action changes: one way to keep and to change an action, so that each change leaves the same traces."""

from typing import Any

from handlers.actions.record import action_card, action_line
from handlers.actions.reminders import cancel_reminders, plan_reminders
from handlers.kit.context import SYSTEM, Context
from handlers.kit.contributions import drawn
from handlers.kit.errors import NotNeeded
from handlers.kit.events import ACTION_CHANGED, WantedAction, emit
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Card
from handlers.kit.morning import opened_again, passed_on, settled, unsettled
from storage.actions.records import Action


def add_action(context: Context, wanted: WantedAction, by: str) -> Action:
    """Keep a new action, and ask its owner to do it where that is somebody else and nobody else tells them."""
    what = " ".join(wanted.what.split())
    action = context.store.actions.records.add(
        what=what, about=wanted.about, owner=wanted.owner, due_on=wanted.due_on, by=by, at=context.now
    )
    _leave_traces(context, action, "added", by)
    if not wanted.told:
        ask_owner(context, action, by)
    return action


def change_action(
    context: Context, before: Action, how: str, by: str, note: str | None = None, **values: Any
) -> Action:
    """Change an action: in its history and the audit, on every card and home, and for who asked for it. ``how`` is a
    word of :class:`storage.actions.events.Event`."""
    action = context.store.actions.records.change(before, how, by, context.now, note, **values)
    _leave_traces(context, action, how, by)
    refresh_homes(context, [before.owner])
    for name in action.names:
        context.refresh(name, action_card(context, action))
    if how in ("given", "reopened"):
        ask_owner(context, action, by)
    if how == "given":
        for name in action.names:
            passed_on(context, name, context.name(action.owner))
    _tell(context, before, action, how, by)
    return action


def settle(context: Context, before: Action, state: str, by: str, reason: str | None = None) -> Action:
    """An action is done, or dropped for a reason."""
    action = change_action(
        context, before, state, by, reason, state=state, reason=reason, settled_by=by, settled_at=context.now
    )
    for name in action.names:
        settled(context, name, f"{state} by {context.name(by)}")
    return action


def reopen(context: Context, before: Action, by: str, note: str | None = None) -> Action:
    """An action that was done or dropped is to be done again."""
    action = change_action(
        context, before, "reopened", by, note, state="open", reason=None, settled_by=None, settled_at=None
    )
    for name in action.names:
        opened_again(context, name, Button.say("Show", f"action show {action.ref}"))
    return action


def open_again(context: Context, before: Action, by: str) -> Action:
    """What became of an action is taken back, and nobody has to be told."""
    action = change_action(context, before, "undone", by, state="open", reason=None, settled_by=None, settled_at=None)
    for name in action.names:
        unsettled(context, name)
    return action


def ask_owner(context: Context, action: Action, by: str) -> None:
    """Write to who is to do it, unless they have said so themselves."""
    if action.owner and action.owner != by:
        context.post(
            f"dm:{action.owner}", _asked_card(context, action, by), ref=action.ref, priority="prompt",
            draws=f"action.asked {action.ref} {by}",
        )  # fmt: skip


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
        raise NotNeeded(f"{ref} is {action.state if action else 'gone'} since")
    return action


def _asked_card(context: Context, action: Action, by: str) -> Card:
    on = f" on {action.about}" if action.about else ""
    return action_card(context, action, f"{action.ref}: {context.name(by)} asks you to act{on}")


def _leave_traces(context: Context, action: Action, how: str, by: str) -> None:
    """The audit, the reminders, the home of its owner, and what other features make of it."""
    context.audit(action.ref, what=how, owner=action.owner, due=action.due_on, about=action.about)
    if action.state == "open":
        plan_reminders(context, action)
    else:
        cancel_reminders(context, action)
    refresh_homes(context, [action.owner])
    emit(ACTION_CHANGED, context, action, how, by)


def _tell(context: Context, before: Action, action: Action, how: str, by: str) -> None:
    """Who asked for it, and who had it, read in their digest what somebody else has changed."""
    if how in ("reopened", "undone"):
        return
    draws = f"action.told {action.ref} {action.state} {action.owner or '-'}"
    told = {before.asked_by, *([before.owner] if how == "given" and before.owner else ())} - {by, SYSTEM, action.owner}
    for person in sorted(told):
        context.tell(person, f"{context.name(by)}: {action_line(context, action)}", action.ref, draws=draws)


@drawn("action.told")
def told_again(context: Context, ref: str, state: str, owner: str) -> Card:
    """The news that somebody has changed an action, while it stands as it was said."""
    action = context.store.actions.records.find(ref)
    if action is None or (action.state, action.owner or "-") != (state, owner):
        raise NotNeeded(f"{ref} has changed since")
    return action_card(context, action)
