"""Workspace: the fake Slack's people, channels, messages and views, and the record of who saw what."""

import itertools
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from .blocks import completed, words

Json = dict[str, Any]

BOT_ID = "B0CITYOPS"
APP_ID = "A0CITYOPS"
BOT_USER = "U0CITYOPS"


class Refused(Exception):
    """Slack says no: the error name and whatever else is in the reply."""

    def __init__(self, error: str, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra


@dataclass
class User:
    """A member, guest, bot or person of another workspace."""

    id: str
    name: str
    email: str
    team: str
    is_bot: bool = False
    is_restricted: bool = False
    deleted: bool = False
    is_stranger: bool = False  # of another organization, met in a shared channel
    tz: str = "America/New_York"


@dataclass
class Channel:
    """A channel, direct message or group message."""

    id: str
    name: str
    kind: str  # public, private, im, mpim
    members: list[str]
    created: int = 0
    archived: bool = False
    topic: str = ""
    purpose: str = ""
    pins: list[str] = field(default_factory=list)


@dataclass
class Message:
    """One message; `edits` holds its earlier forms, oldest first."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    via: str = "chat.postMessage"
    typed: str | None = None  # the slash command shown above an in_channel answer
    files: list[Json] = field(default_factory=list)
    edits: list["Message"] = field(default_factory=list)
    deleted: bool = False

    @property
    def shown(self) -> str:
        """What a sighted reader sees: the blocks, or the text when there are none."""
        return "\n".join(words(self.blocks)) if self.blocks else self.text

    @property
    def labels(self) -> list[str]:
        """The labels of its buttons."""
        elements = [part for block in self.blocks for part in [block.get("accessory"), *(block.get("elements") or [])]]
        return [part["text"]["text"] for part in elements if isinstance(part, dict) and part.get("type") == "button"]


@dataclass
class View:
    """A modal or home tab as one person has it before them; `errors` are those of the last submission."""

    id: str
    user: str
    content: Json
    hash: str
    root: str
    previous: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    answers: dict[tuple[str, str], Any] = field(default_factory=dict)  # (block_id, action_id): what was typed so far

    @property
    def blocks(self) -> list[Json]:
        """Its blocks, with every block_id and action_id filled in."""
        return list(self.content["blocks"])

    @property
    def title(self) -> str:
        """The words in its title bar."""
        return str(self.content.get("title", {}).get("text", ""))

    @property
    def shown(self) -> str:
        """All its words."""
        return "\n".join(words(self.blocks))


@dataclass(frozen=True)
class Refusal:
    """A rule of Slack that the bot broke."""

    method: str
    error: str
    detail: Any = None


@dataclass(frozen=True)
class Call:
    """One request of the bot, and the reply or the name of the fault it met."""

    method: str
    args: Json
    result: Any


class Workspace:
    """The state that Slack keeps, plus the record that tests read."""

    def __init__(self, *, team_id: str, enterprise_id: str | None, now: Callable[[], float]) -> None:
        self.team_id = team_id
        self.enterprise_id = enterprise_id
        self.now = now
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.timeline: list[Message] = []
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, tuple[str, float]] = {}
        self.spent_triggers: set[str] = set()
        self.files: dict[str, Json] = {}
        self.reads_slowly = 0  # how many messages with a fresh picture are refused before it is read
        self.posts: list[Message] = []
        self.calls: list[Call] = []
        self.refusals: list[Refusal] = []
        self.late_acks: list[str] = []
        self._numbers = itertools.count(1)
        self._last_ts = 0
        self.users[BOT_USER] = User(BOT_USER, "cityops", "", team_id, is_bot=True)

    def add_user(
        self,
        name: str,
        email: str,
        *,
        is_bot: bool = False,
        is_restricted: bool = False,
        deleted: bool = False,
        team: str | None = None,
    ) -> str:
        """A new person; `team` makes them a member of another workspace. Gives the user id."""
        letters = re.sub(r"[^A-Z0-9]", "", name.upper())
        user = User(
            f"U{next(self._numbers):03d}{letters}",
            name,
            email,
            team or self.team_id,
            is_bot,
            is_restricted,
            deleted,
        )
        self.users[user.id] = user
        return user.id

    def add_channel(self, name: str, members: Iterable[str] = (), *, bot: bool = True, private: bool = False) -> str:
        """A new channel with these members (ids or names) and, by default, the bot. Gives the channel id."""
        inside = [self.user(member).id for member in members] + ([BOT_USER] if bot else [])
        return self.new_channel(name, "private" if private else "public", inside).id

    def new_channel(self, name: str, kind: str, members: list[str]) -> Channel:
        """A channel of any kind."""
        number = f"{'D' if kind == 'im' else 'C'}{next(self._numbers):08d}"
        channel = Channel(number, name, kind, members, created=int(self.now()))
        self.channels[number] = channel
        return channel

    def user(self, name_or_id: str) -> User:
        """The user of this id or name; KeyError for nobody."""
        if name_or_id in self.users:
            return self.users[name_or_id]
        for user in self.users.values():
            if user.name == name_or_id:
                return user
        raise KeyError(f"nobody is called {name_or_id}")

    def channel(self, name_or_id: str) -> Channel:
        """The channel of this id or name (with or without #); KeyError for none."""
        if name_or_id in self.channels:
            return self.channels[name_or_id]
        for channel in self.channels.values():
            if channel.kind in ("public", "private") and channel.name == name_or_id.removeprefix("#"):
                return channel
        raise KeyError(f"no channel is called {name_or_id}")

    def dm(self, user_id: str) -> Channel:
        """The direct message channel between the bot and this person, opened when needed."""
        for channel in self.channels.values():
            if channel.kind == "im" and channel.members == [user_id, BOT_USER]:
                return channel
        return self.new_channel("directmessage", "im", [user_id, BOT_USER])

    def ts(self) -> str:
        """A fresh message timestamp, later than every one before."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def fresh_ids(self) -> Iterator[str]:
        """Endless names for blocks and actions that came without one."""
        return (f"auto{number}" for number in self._numbers)

    def put(self, channel: str, user: str, **said: Any) -> Message:
        """Make a message visible and record it; what the bot says is also logged in `posts`."""
        said["blocks"] = completed(said.get("blocks") or [], self.fresh_ids())
        message = Message(channel, self.ts(), user, **said)
        self.timeline.append(message)
        if user == BOT_USER:
            self.posts.append(message)
        return message

    def change(self, message: Message, **said: Any) -> None:
        """Edit a message, keeping its earlier form."""
        message.edits.append(replace(message, edits=[]))
        if "blocks" in said:
            said["blocks"] = completed(said["blocks"] or [], self.fresh_ids())
        for key, value in said.items():
            setattr(message, key, value)

    def find(self, channel: str, ts: str) -> Message:
        """The lasting message at this place, as the Web API can address it."""
        for message in self.timeline:
            if (message.channel, message.ts) == (channel, ts) and not message.deleted and not message.ephemeral_to:
                return message
        raise Refused("message_not_found")

    def messages(self, channel: str) -> list[Message]:
        """The messages in a channel (id or name) now, ephemeral ones included, oldest first."""
        place = self.channel(channel).id
        return [post for post in self.timeline if post.channel == place and not post.deleted]

    def direct_messages(self, user: str) -> list[Message]:
        """The messages between the bot and this person in their direct conversation now."""
        return self.messages(self.dm(self.user(user).id).id)

    def seen_by(self, user: str) -> list[Message]:
        """All that this person (id or name) can see now: their channels, their DMs, what only they see."""
        who = self.user(user).id
        mine = {channel.id for channel in self.channels.values() if who in channel.members}
        return [
            post
            for post in self.timeline
            if not post.deleted and (post.ephemeral_to == who or (post.ephemeral_to is None and post.channel in mine))
        ]

    def refuse(self, method: str, error: str, detail: Any = None) -> None:
        """Remember that the bot broke a rule."""
        self.refusals.append(Refusal(method, error, detail))

    def new_trigger(self, user: str) -> str:
        """A trigger_id: three seconds, one use."""
        trigger = f"{next(self._numbers)}.{secrets.randbelow(10**9)}.{secrets.token_hex(8)}"
        self.triggers[trigger] = (user, self.now())
        return trigger
