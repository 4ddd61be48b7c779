"""Views: the stack of modals that a person has open, and their home tab."""

import json
from typing import Any

from .blocks import VIEW_BYTES_AT_MOST, Surface, completed, view_problems
from .methods import Args, Slack, known_user, method
from .workspace import APP_ID, BOT_ID, Json, Refused, View

TRIGGER_SECONDS = 3
STACK_AT_MOST = 3


def as_view(slack: Slack, view: View, state: Json | None = None) -> Json:
    """A view as replies and payloads show it."""
    kept = {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "submit": None,
        "close": None,
        **view.content,
    }
    return {
        **kept,
        "id": view.id,
        "team_id": slack.team_id,
        "hash": view.hash,
        "state": {"values": state or {}},
        "root_view_id": view.root,
        "previous_view_id": view.previous,
        "app_id": APP_ID,
        "bot_id": BOT_ID,
        "app_installed_team_id": slack.team_id,
    }


def content(slack: Slack, view: Any, kind: Surface) -> Json:
    """The view as Slack keeps it; Refused when it breaks a rule."""
    if isinstance(view, str):
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] view is not JSON"]})
    problems = view_problems(view, kind)
    if problems:
        raise Refused("invalid_arguments", response_metadata={"messages": problems})
    if len(json.dumps(view).encode()) > VIEW_BYTES_AT_MOST:
        raise Refused("view_too_large")
    return {**view, "blocks": completed(view["blocks"], slack.fresh_ids())}


def spend(slack: Slack, trigger: str) -> str:
    """Use a trigger_id up; gives the person whose gesture made it."""
    if trigger not in slack.triggers:
        raise Refused("invalid_trigger_id")
    user, issued = slack.triggers[trigger]
    if trigger in slack.spent_triggers:
        raise Refused("exchanged_trigger_id")
    if slack.now() - issued > TRIGGER_SECONDS:
        raise Refused("expired_trigger_id")
    slack.spent_triggers.add(trigger)
    return user


def new_view(slack: Slack, user: str, kept: Json, previous: View | None = None) -> View:
    """A view with its own id."""
    number = f"V{next(slack._numbers):08d}"
    return View(
        number,
        user,
        kept,
        fresh_hash(slack),
        previous.root if previous else number,
        previous.id if previous else None,
    )


def fresh_hash(slack: Slack) -> str:
    """A hash that no earlier state of any view had."""
    return f"{int(slack.now())}.{next(slack._numbers)}"


def unique(slack: Slack, kept: Json, but: View | None = None) -> None:
    """An external_id names one view of the team."""
    name = kept.get("external_id")
    standing = [view for stack in slack.modals.values() for view in stack if view is not but]
    if name and any(view.content.get("external_id") == name for view in standing):
        raise Refused("duplicate_external_id")


def replace_view(slack: Slack, view: View, kept: Json) -> None:
    """New content for a view that is open."""
    view.content, view.hash, view.errors = kept, fresh_hash(slack), {}


def push_view(slack: Slack, user: str, kept: Json) -> View:
    """One more view on the person's stack."""
    stack = slack.modals.get(user) or []
    if len(stack) >= STACK_AT_MOST:
        raise Refused("push_limit_reached")
    view = new_view(slack, user, kept, stack[-1] if stack else None)
    slack.modals[user] = [*stack, view]
    return view


@method("views.open")
def open_view(slack: Slack, args: Args) -> Json:
    """A modal in answer to a gesture."""
    kept = content(slack, args.parsed("view"), "modal")
    unique(slack, kept)
    user = spend(slack, args.required("trigger_id"))
    view = new_view(slack, user, kept)
    slack.modals[user] = [view]
    return {"view": as_view(slack, view)}


@method("views.push")
def push(slack: Slack, args: Args) -> Json:
    """A modal on top of the one from which the gesture came."""
    kept = content(slack, args.parsed("view"), "modal")
    unique(slack, kept)
    user = spend(slack, args.required("trigger_id"))
    if not slack.modals.get(user):
        raise Refused("not_found")
    return {"view": as_view(slack, push_view(slack, user, kept))}


@method("views.update")
def update_view(slack: Slack, args: Args) -> Json:
    """New content for a view, found by id or external_id, guarded by its hash when one is given."""
    name, outer = args.text("view_id"), args.text("external_id")
    standing = [shown for stack in slack.modals.values() for shown in stack] + list(slack.homes.values())
    for view in standing:
        if (name and view.id == name) or (outer and view.content.get("external_id") == outer):
            kept = content(slack, args.parsed("view"), view.content["type"])
            if args.text("hash") and args.text("hash") != view.hash:
                raise Refused("hash_conflict")
            unique(slack, kept, but=view)
            replace_view(slack, view, kept)
            return {"view": as_view(slack, view)}
    raise Refused("not_found")


@method("views.publish")
def publish(slack: Slack, args: Args) -> Json:
    """A person's home tab."""
    user = known_user(slack, args.required("user_id"))
    kept = content(slack, args.parsed("view"), "home")
    view = slack.homes.get(user.id)
    if view and args.text("hash") and args.text("hash") != view.hash:
        raise Refused("hash_conflict")
    if view:
        replace_view(slack, view, kept)
    else:
        view = slack.homes[user.id] = new_view(slack, user.id, kept)
    return {"view": as_view(slack, view)}
