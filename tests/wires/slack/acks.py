"""Acks: what the bot's answer to a command or a submitted form does to the screen."""

from typing import Any

from .chat import respond
from .methods import Slack
from .views import content, push_view, replace_view
from .workspace import Json, Message, Refused, View

ACTIONS = ("errors", "update", "push", "clear")


def command_ack(slack: Slack, body: Any, name: str, channel: str, user: str, typed: str) -> Message | None:
    """Show a slash command's answer; a rule it breaks is remembered and nothing shown."""
    if body is None:
        return None
    if not isinstance(body, dict):
        slack.refuse(name, "response_type_not_named", "plain text may be shown to everyone: answer JSON")
        body = {"text": str(body)}
    if not body:
        return None
    try:
        return respond(slack, body, channel, user, None, via="ack", typed=typed)
    except Refused as no:
        slack.refuse(name, no.error, no.extra or body)
        return None


def submission_ack(slack: Slack, body: Any, name: str, view: View) -> None:
    """Close, fix, replace or stack the submitted view."""
    if not body:
        close(slack, view)
        return
    if not isinstance(body, dict) or body.get("response_action") not in ACTIONS:
        slack.refuse(name, "invalid_response_action", body)
        return
    try:
        obey(slack, body, view)
    except Refused as no:
        slack.refuse(name, no.error, no.extra or body)


def obey(slack: Slack, body: Json, view: View) -> None:
    """One of the four response actions."""
    action = body["response_action"]
    if action == "errors":
        view.errors = form_errors(body.get("errors"), view)
    elif action == "clear":
        slack.modals[view.user] = []
    elif action == "update":
        replace_view(slack, view, content(slack, body.get("view"), "modal"))
    else:
        push_view(slack, view.user, content(slack, body.get("view"), "modal"))


def form_errors(errors: Any, view: View) -> dict[str, str]:
    """The errors, each beside its input; AssertionError when one would show nowhere."""
    assert errors, "response_action errors without errors"
    assert isinstance(errors, dict), f"response_action errors without errors: {errors!r}"
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    lost = set(errors) - inputs
    assert not lost, f"errors for {sorted(lost)}, which are not input blocks of the view; those are {sorted(inputs)}"
    assert all(isinstance(words, str) and words for words in errors.values()), f"an error without words: {errors}"
    return dict(errors)


def close(slack: Slack, view: View) -> None:
    """Take a view from the top of its owner's stack; what it covered shows again."""
    stack = slack.modals.get(view.user, [])
    slack.modals[view.user] = [other for other in stack if other is not view]
