"""Workspace: the fake Teams' tenant, people, teams, chats and messages, and the record of who saw what."""

import re
import uuid
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import replace
from typing import Any

from .extensions import menu_of
from .records import BOT_NAME, CARD, Call, Conversation, Json, Message, Notice, Refusal, Team, User

Kept = dict[str, Any]
KEPT = (
    "users", "teams", "conversations", "installed", "removed", "blocked", "left", "_last_number", "_last_id"
)  # fmt: skip


class Workspace:
    """The state that Teams keeps, plus the record that tests read."""

    def __init__(self, *, tenant: str, app_id: str, now: Callable[[], float]) -> None:
        self.tenant = tenant
        self.app_id = app_id
        self.bot = f"28:{app_id}"
        self.bot_name = BOT_NAME
        self.now = now
        self.users: dict[str, User] = {}
        self.teams: dict[str, Team] = {}
        self.conversations: dict[str, Conversation] = {}
        self.installed: set[str] = set()  # people who have the bot in their personal scope
        self.removed: set[str] = set()  # people who removed it
        self.blocked: set[str] = set()
        self.left: set[str] = set()  # people whose accounts are switched off
        self.menu: dict[str, str] = {}  # the app's entries in the menu of messages: the command of each, by its title
        self.disabled = False  # by the tenant's admin
        self.timeline: list[Message] = []
        self.posts: list[Message] = []
        self.calls: list[Call] = []
        self.refusals: list[Refusal] = []
        self.notices: list[Notice] = []
        self.late_acks: list[str] = []
        self._last_number = 0
        self._last_id = 0

    def kept(self) -> Kept:
        """Who and what is there, as a copy; without what was said and without the app."""
        return deepcopy({name: getattr(self, name) for name in KEPT})

    def take_up(self, kept: Kept) -> None:
        """Be as a workspace was when it gave this copy."""
        vars(self).update(deepcopy(kept))

    def add_user(
        self, name: str, email: str, *, tenant: str | None = None, guest: bool = False, installed: bool = False
    ) -> str:
        """A new person; `tenant` makes them one from outside, `guest` a guest here. Gives the 29: id."""
        number = self._number()
        outside = guest or tenant not in (None, self.tenant)
        upn = f"{email.replace('@', '_')}#EXT#@riverton.onmicrosoft.com" if outside else email
        letters = re.sub(r"[^\w]", "", name, flags=re.ASCII)
        aad = str(uuid.UUID(int=number + (0xBB << 120)))
        user = User(f"29:1{number:03d}{letters}", name, email, upn, aad, tenant or self.tenant, guest)
        self.users[user.id] = user
        if installed:
            self.install_for(user.id)
        return user.id

    def add_team(
        self, name: str, members: Iterable[str] = (), *, channels: Iterable[str] = (), installed: bool = True
    ) -> str:
        """A new team with its General channel and these others. Gives the team's id, which is General's too."""
        place, inside = self._thread_id(), [self.user(member).id for member in members]
        group = str(uuid.UUID(int=self._number() + (0xCC << 120)))
        self.teams[place] = Team(place, name, group, inside, installed)
        self.conversations[place] = Conversation(place, "General", "channel", inside, team=place)
        for channel in channels:
            self.add_channel(place, channel)
        return place

    def add_channel(self, team: str, name: str) -> str:
        """A new channel of a team (id or name), for all of its members. Gives the channel's id."""
        home, place = self.team(team), self._thread_id()
        self.conversations[place] = Conversation(place, name, "channel", home.members, team=home.id)
        return place

    def add_group(self, name: str, members: Iterable[str], *, installed: bool = True) -> str:
        """A new group chat. Gives its id."""
        place, inside = f"19:{self._number():032x}@thread.v2", [self.user(member).id for member in members]
        self.conversations[place] = Conversation(place, name, "groupChat", inside, installed=installed)
        return place

    def add_chat(self, one: str, other: str) -> str:
        """A new chat of two people, where no bot can be; a bot hears of it as if it were its own. Gives its id."""
        place, inside = f"a:1{self._number():05d}_chat", [self.user(one).id, self.user(other).id]
        self.conversations[place] = Conversation(place, f"{one} and {other}", "chat", inside)
        return place

    def upload(self, manifest: Json) -> None:
        """The admin uploads the app; Refused when Teams does not take it."""
        self.menu = menu_of(manifest, self.app_id)

    def install_for(self, user: str) -> Conversation:
        """Give this person the bot without telling it; `TeamsPerson.install` tells it."""
        who = self.user(user).id
        self.installed.add(who)
        self.removed.discard(who)
        return self.personal(who)

    def block(self, user: str) -> None:
        """This person blocks the bot."""
        self.blocked.add(self.user(user).id)

    def switch_off(self, user: str) -> None:
        """This person's account is switched off: they are in no roster any more, and nothing reaches them."""
        self.left.add(self.user(user).id)

    def switch_on(self, user: str) -> None:
        """It is switched on again."""
        self.left.discard(self.user(user).id)

    def user(self, name_or_id: str) -> User:
        """The person of this 29: id, Entra id, UPN or name; KeyError for nobody."""
        for user in self.users.values():
            if name_or_id in (user.id, user.aad, user.upn, user.name):
                return user
        raise KeyError(f"nobody is called {name_or_id}")

    def team(self, name_or_id: str) -> Team:
        """The team of this id or name; KeyError for none."""
        for team in self.teams.values():
            if name_or_id in (team.id, team.name):
                return team
        raise KeyError(f"no team is called {name_or_id}")

    def conversation(self, name_or_id: str) -> Conversation:
        """The channel or chat of this id (with or without a thread) or name; KeyError for none."""
        place = name_or_id.partition(";")[0]
        if place in self.conversations:
            return self.conversations[place]
        for conversation in self.conversations.values():
            if conversation.kind != "personal" and conversation.name == name_or_id:
                return conversation
        raise KeyError(f"no conversation is called {name_or_id}")

    def personal(self, user: str) -> Conversation:
        """The personal chat between the bot and this person, made when needed."""
        who = self.user(user).id
        for conversation in self.conversations.values():
            if conversation.kind == "personal" and conversation.members == [who]:
                return conversation
        place = f"a:1{self._number():05d}_personal"
        self.conversations[place] = Conversation(place, "", "personal", [who])
        return self.conversations[place]

    def known_to_bot(self, user: str) -> bool:
        """Whether the bot may write to this person: installed for them, or in a team or chat with them."""
        if user in self.removed or user in self.left:
            return False
        shared = [team.members for team in self.teams.values() if team.installed]
        shared += [chat.members for chat in self.conversations.values() if chat.kind == "groupChat" and chat.installed]
        return user in self.installed or any(user in members for members in shared)

    def next_id(self) -> str:
        """A fresh activity id, later than every one before."""
        self._last_id = max(self._last_id + 1, int(self.now() * 1000))
        return str(self._last_id)

    def put(self, conversation: str, author: str, **said: Any) -> Message:
        """Make a message visible and record it; what the bot says is also logged in `posts`."""
        message = Message(conversation, self.next_id(), author, **said)
        self.timeline.append(message)
        if author == self.bot:
            self.posts.append(message)
        return message

    def change(self, message: Message, **said: Any) -> None:
        """Edit a message, keeping its earlier form; everyone sees the new one."""
        message.edits.append(replace(message, edits=[], own=dict(message.own)))
        message.own.clear()
        for key, value in said.items():
            setattr(message, key, value)

    def find(self, conversation: str, activity: str) -> Message | None:
        """The message of this id that is in a conversation now."""
        place = conversation.partition(";")[0]
        for message in self.timeline:
            if (message.conversation, message.id) == (place, activity) and not message.deleted:
                return message
        return None

    def messages(self, conversation: str) -> list[Message]:
        """The messages in a channel or chat (id or name) now, oldest first; `...;messageid=1` names one thread."""
        place, root = self.conversation(conversation).id, conversation.partition(";messageid=")[2]
        found = [message for message in self.timeline if message.conversation == place and not message.deleted]
        return [message for message in found if not root or root in (message.id, message.thread)]

    def direct_messages(self, user: str) -> list[Message]:
        """The messages in the personal chat between the bot and this person now, as this person sees them."""
        place = self.personal(user).id
        return [message for message in self.seen_by(user) if message.conversation == place]

    def seen_by(self, user: str) -> list[Message]:
        """All that this person (id or name) can see now; where a card was replaced for them, with theirs."""
        who = self.user(user).id
        mine = {conversation.id for conversation in self.conversations.values() if who in conversation.members}
        found = [message for message in self.timeline if message.conversation in mine and not message.deleted]
        return [self.as_seen(message, who) for message in found]

    def as_seen(self, message: Message, user: str) -> Message:
        """The message as it stands on this person's screen."""
        if user not in message.own:
            return message
        return replace(message, attachments=[{"contentType": CARD, "content": message.own[user]}])

    def address(self, message: Message) -> str:
        """The conversation id that reaches the thread of a message."""
        kind = self.conversations[message.conversation].kind
        thread = f";messageid={message.thread or message.id}" if kind == "channel" else ""
        return message.conversation + thread

    def refuse(self, operation: str, error: str, detail: Any = None) -> None:
        """Remember that the bot broke a rule."""
        self.refusals.append(Refusal(operation, error, detail))

    def _number(self) -> int:
        self._last_number += 1
        return self._last_number

    def _thread_id(self) -> str:
        return f"19:{self._number():032x}@thread.tacv2"
