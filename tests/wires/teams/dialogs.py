"""Dialogs: what the bot's answers to invokes put on a person's screen."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .cards import attached, card_problems, inaccessible
from .delivery import TeamsReply
from .records import Json, Message, Notice
from .words import words

if TYPE_CHECKING:
    from .server import FakeTeams

WIDTHS = ("small", "medium", "large")
FETCHES = ("task/fetch", "composeExtension/fetchTask")
ADAPTIVE = "application/vnd.microsoft.card.adaptive"
TEXT = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"


@dataclass
class Dialog:
    """A dialog before a person; `command` is set when a message action opened it, `message` where it came from."""

    user: str
    title: str
    card: Json
    message: Message
    command: str | None = None
    earlier: list[Json] = field(default_factory=list)  # the cards that stood there before

    @property
    def shown(self) -> str:
        """All its words."""
        return "\n".join(words(self.card))


def show(teams: "FakeTeams", reply: TeamsReply, user: str, message: Message, command: str | None) -> Dialog | None:
    """The dialog after an answer to a task or message action: continued, or closed with or without words."""
    if reply.status != 200:
        return None
    if not reply.body:
        if reply.delivery.name.endswith(FETCHES):
            teams.refuse("task", "UnableToReachApp", "nothing to open")
        return None
    task = reply.body.get("task") if isinstance(reply.body, dict) else None
    if not isinstance(task, dict):
        teams.refuse("task", "BadArgument", reply.body)
        return None
    if task.get("type") == "message" and isinstance(task.get("value"), str):
        if not reply.delivery.name.endswith("task/submit"):  # not documented; developers met it
            teams.refuse("task", "EmptyDialog", "words alone where a dialog opens, or in one of a message's menu")
            return None
        notify(teams, reply, user, task["value"])
        return None
    value: Any = task.get("value")
    problems = task_problems(value) if task.get("type") == "continue" else ["type"]
    if problems:
        teams.refuse("task", "BadArgument", {"problems": problems, "body": reply.body})
        return None
    return opened(teams, Dialog(user, str(value.get("title") or ""), attached(value["card"]), message, command))


def task_problems(value: Any) -> list[str]:
    """What keeps a dialog from opening."""
    if not isinstance(value, dict):
        return ["value is no object"]
    found = [f"unknown property {key}" for key in set(value) - {"title", "height", "width", "card", "url"}]
    for key in ("height", "width"):
        if key in value and value[key] not in WIDTHS and not isinstance(value[key], int):
            found.append(f"{key}: {value[key]!r}")
    content = attached(value.get("card"))
    return found + (["card: no Adaptive Card attachment"] if content is None else card_problems(content, dialog=True))


def opened(teams: "FakeTeams", dialog: Dialog) -> Dialog:
    """The dialog, with what it lacks for those who cannot see it remembered."""
    for problem in inaccessible(dialog.card):
        teams.refuse("task", "Accessibility", problem)
    if not dialog.title:
        teams.refuse("task", "Accessibility", "a dialog without a title")
    return dialog


def notify(teams: "FakeTeams", reply: TeamsReply, user: str, text: str) -> None:
    """Words for this person only."""
    reply.notice = Notice(user, text)
    teams.notices.append(reply.notice)


def apply_execute(teams: "FakeTeams", reply: TeamsReply, user: str, message: Message, *, overtaken: bool) -> None:
    """Do what the answer to an Action.Execute says: a card for this person, or words.

    `overtaken`: the message was edited for everybody while its answer was on the way, so that the edit stays. Which of
    the two Teams shows then is in no documentation.
    """
    if reply.status != 200:
        return
    body = reply.body if isinstance(reply.body, dict) else {}
    status, kind, value = body.get("statusCode"), body.get("type"), body.get("value")
    if status == 200 and kind == ADAPTIVE and isinstance(value, dict):
        problems = card_problems(value)
        if problems:
            teams.refuse("adaptiveCard/action", "BadArgument", problems)
            return
        reply.card = value
        if not overtaken:
            message.own[user] = value
    elif status == 200 and kind == TEXT and isinstance(value, str):
        notify(teams, reply, user, value)
    elif status in (400, 500) and kind == ERROR and isinstance(value, dict) and {"code", "message"} <= set(value):
        notify(teams, reply, user, str(value["message"]))
    else:
        teams.refuse("adaptiveCard/action", "BadArgument", reply.body)
