"""Records: people, teams, conversations and messages as the fake Teams keeps them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .words import words

Json = dict[str, Any]

APP_ID = "11111111-2222-3333-4444-555555555555"
BOT_ID = f"28:{APP_ID}"
BOT_NAME = "OpsBot"
TENANT = "aaaaaaaa-0000-4000-8000-000000000001"
CARD = "application/vnd.microsoft.card.adaptive"


def stamp(seconds: float) -> str:
    """A time as Teams writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Refused(Exception):
    """Teams says no: status, code and words."""

    def __init__(self, status: int, code: str, words: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.words = status, code, words or code


@dataclass
class User:
    """A person; `tenant` is another one for people from outside, `is_guest` for guests in this one."""

    id: str
    name: str
    email: str
    upn: str
    aad: str
    tenant: str
    is_guest: bool = False


@dataclass
class Conversation:
    """A personal chat with the bot, a chat of two people, a group chat or a channel, whose threads are in its
    messages."""

    id: str
    name: str
    kind: str  # personal, chat, groupChat, channel
    members: list[str]
    team: str | None = None
    installed: bool = True  # group chats only


@dataclass
class Team:
    """A team; its channels are conversations, and the one with the team's own id is General."""

    id: str
    name: str
    group: str
    members: list[str]
    installed: bool
    archived: bool = False


@dataclass
class Message:
    """One message; `edits` holds its earlier forms, oldest first, `own` the cards that single persons see instead."""

    conversation: str
    id: str
    author: str
    text: str = ""
    attachments: list[Json] = field(default_factory=list)
    thread: str | None = None  # id of the message that began the thread; None for that one, and outside channels
    activity: Json = field(default_factory=dict)
    via: str = "send"
    reply_to: str | None = None
    edits: list["Message"] = field(default_factory=list)
    own: dict[str, Json] = field(default_factory=dict)
    told: bool = False  # whether the bot was told of what somebody wrote
    deleted: bool = False

    @property
    def card(self) -> Json | None:
        """Its Adaptive Card."""
        return next((part["content"] for part in self.attachments if part.get("contentType") == CARD), None)

    @property
    def summary(self) -> str:
        """What the notification says."""
        return str(self.activity.get("summary") or "")

    @property
    def shown(self) -> str:
        """What a sighted reader sees: the text and the words of the cards."""
        return "\n".join(
            [*([self.text] if self.text else []), *words([part.get("content") for part in self.attachments])]
        )

    @property
    def labels(self) -> list[str]:
        """The labels of its buttons."""
        return [button["title"] for button in buttons(self.card) if "title" in button]


@dataclass(frozen=True)
class Refusal:
    """A rule of Teams that the bot broke."""

    operation: str
    error: str
    detail: Any = None


@dataclass(frozen=True)
class Call:
    """One request of the bot, and the reply or the name of the fault it met."""

    operation: str
    args: Json
    result: Any


@dataclass(frozen=True)
class Notice:
    """Words that one person saw for a moment, in answer to what they did."""

    user: str
    text: str


def buttons(value: Any) -> list[Json]:
    """Every action of a card, in order, those on its inner cards included; fallbacks are no second button."""
    if isinstance(value, list):
        return [found for item in value for found in buttons(item)]
    if not isinstance(value, dict):
        return []
    mine = [value] if str(value.get("type", "")).startswith("Action.") else []
    inner = [item for key, item in value.items() if key not in ("fallback", "data", "refresh", "msteams")]
    return [*mine, *buttons(inner)]
