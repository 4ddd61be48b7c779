"""Slack: people in Slack, through a fake Slack that refuses what the real one refuses."""

import re
from copy import deepcopy
from html import unescape
from typing import Any

from bot.slack.elements import FOLDED
from tests.chat.bot import Bot
from tests.chat.door import Chat, Speaker, Told
from tests.chat.seen import Seen, SeenForm
from tests.wires.slack import FakeSlack, Message, SlackPerson, View

SIGNS = ("\U0001f534", "\U0001f7e0", "\U0001f7e2", "\U0001f535", "\u26aa")


class SlackSpeaker(Speaker):
    def __init__(self, bot: Bot, person: str, slack: FakeSlack, *, via_socket: bool = False) -> None:
        super().__init__(bot, person)
        self.slack = slack
        self.there: SlackPerson = slack.person(person, bot.url, via_socket=via_socket)

    async def typed(self, line: str, place: str | None = None) -> Seen | SeenForm:
        before = self._mine()
        place = await self._room(place) if place and ":" in place else place
        if line.startswith("/"):
            command, _, rest = line.partition(" ")
            reply = await self.there.slash(command, rest, channel=place)
        elif place:
            reply = await self.there.mention(line, channel=place)
        else:
            reply = await self.there.direct(line)
        assert reply.status == 200, reply
        told = await self._told(before, conversation=not place and not line.startswith("/"))
        assert told is not None, f"nothing was said to {line!r}"
        return told

    async def pressed(self, label: str, message: Seen) -> Told:
        if label not in message.buttons:
            message = await self._unfolded(label, message)
        before = self._mine()
        if isinstance(message.raw, View):
            button = message.buttons[label]
            reply = await self.there.press_in_view(
                message.raw, action_id=button["action_id"], value=button.get("value")
            )
        else:
            reply = await self.there.press(
                message.raw, action_id=message.buttons[label]["action_id"], value=message.buttons[label].get("value")
            )
        assert reply.status == 200, reply
        return await self._told(before)

    async def _unfolded(self, label: str, message: Seen) -> Seen:
        """The window behind one of its folds in which this button stands."""
        for fold in [label for label, button in message.buttons.items() if _opens(button)]:
            window = await self.pressed(fold, message)
            if isinstance(window, Seen) and label in window.buttons:
                return window
        raise AssertionError(f"no button {label!r} in {message.title!r}: {', '.join(message.buttons)}")

    async def unfolds(self, title: str, message: Seen) -> Seen:
        return await self.presses(title, message)

    async def chosen(self, entry: str, message: Seen) -> Told:
        before = self._mine()
        [command] = [
            shortcut
            for shortcut in self.bot.application.runtime.catalogue.from_messages
            if shortcut.from_message == entry
        ]
        reply = await self.there.shortcut(command.name, message=message.raw)
        assert reply.status == 200, reply
        return await self._told(before)

    async def writes(self, text: str, place: str) -> Seen:
        """Write to colleagues; Slack tells the bot, which does not answer."""
        message, _ = await self.there.say(text, channel=place)
        return _message(self.slack, message)

    async def tells(self, text: str, place: str) -> Seen:
        """Write where the bot hears it, in a place that may be a room it has made."""
        return await self.writes(text, await self._room(place) or place)

    async def _room(self, place: str) -> str | None:
        """The channel of a place, which may be a room that the bot has made."""
        channel: str | None = await self.bot.read(lambda store: store.chat.places.channel(place, "slack"))
        return channel

    async def changes(self, message: Seen, text: str | None) -> None:
        """Change one's own message, or delete it; the bot must hear of it."""
        there = self.slack.find(message.raw.channel, message.raw.ts)
        reply = await (self.there.edit(there, text) if text is not None else self.there.delete(there))
        assert reply is not None, "Slack does not tell the bot"
        assert reply.status == 200, reply
        await self.bot.settle()

    async def filled(self, form: SeenForm, **values: str) -> Seen | SeenForm:
        named = {name: value.removeprefix("@") if value.startswith("@") else value for name, value in values.items()}
        reply = await self.there.submit(form.raw, named, forged=True)
        assert reply.status == 200, reply
        await self.bot.settle()
        view = self.there.view
        assert view is not None, "the form closed without a word"
        return _form(view) if view.errors or _inputs(view) else _shown(self.slack, view)

    async def files(self, message: Seen, place: str | None = None) -> dict[str, bytes]:
        """What was uploaded is in the message, as far as it is a picture, or in messages of its own."""
        there = self.slack.messages(place) if place else self.slack.direct_messages(self.person)
        inside = [block["slack_file"]["id"] for post in there for block in post.blocks if "slack_file" in block]
        files = [*(self.slack.files[name] for name in inside), *(file for message in there for file in message.files)]
        return {file["name"]: file["content"] for file in files}

    async def delivered_again(self) -> None:
        assert self.slack.last is not None
        assert (await self.slack.redeliver(self.slack.last)).status == 200

    async def direct(self) -> list[Seen]:
        await self.bot.settle()
        mine = [post for post in self.slack.direct_messages(self.person) if post.ephemeral_to is None and post.blocks]
        return [_message(self.slack, post) for post in mine]

    def _mine(self) -> tuple[set[tuple[str, int]], str | None]:
        view = self.there.view
        return {(post.ts, len(post.edits)) for post in self.there.sees}, view.hash if view else None

    async def _told(self, before: tuple[set[tuple[str, int]], str | None], *, conversation: bool = False) -> Told:
        """What is new in front of this person: a form, or the newest message that answers them.

        In a direct conversation an answer is a message like every other.
        """
        await self.bot.settle()
        if (view := self.there.view) and view.hash != before[1]:
            return _form(view) if _inputs(view) else _shown(self.slack, view)
        new = [post for post in self.there.sees if (post.ts, len(post.edits)) not in before[0] and post.blocks]
        new = [post for post in new if self._answers(post) or (conversation and post.channel.startswith("D"))]
        return _message(self.slack, new[-1]) if new else None

    def _answers(self, message: Message) -> bool:
        return message.ephemeral_to == self.there.id or message.typed is not None or message.via != "chat.postMessage"


class SlackChat(Chat):
    name = "slack"

    def __init__(self, bot: Bot, slack: FakeSlack, *, via_socket: bool = False) -> None:
        self.bot, self.slack, self.via_socket = bot, slack, via_socket

    def person(self, name: str) -> SlackSpeaker:
        return SlackSpeaker(self.bot, name, self.slack, via_socket=self.via_socket)

    async def place(self, name: str) -> list[Seen]:
        await self.bot.settle()
        made = await self.bot.read(lambda store: store.chat.places.channel(name, "slack")) if ":" in name else None
        there = made or name
        return [
            _message(self.slack, post)
            for post in self.slack.messages(there)
            if post.ephemeral_to is None and post.blocks
        ]

    async def connects(self, place: str, channel: str) -> None:
        """The head of IT makes a channel a place of the city."""
        await self.person("ines").says(f"/city connect {place}", place=channel)

    def newcomer(self, name: str, email: str) -> SlackSpeaker:
        """A full member of the workspace who is not in the city's files."""
        self.slack.add_user(name, email)
        return self.person(name)


def _inputs(view: View) -> list[dict[str, Any]]:
    return [block for block in view.blocks if block["type"] == "input"]


def _form(view: View) -> SeenForm:
    values = {block["block_id"]: _initial(block["element"]) for block in _inputs(view)}
    return SeenForm(view.title, values, dict(view.errors), view)


def _initial(element: dict[str, Any]) -> str:
    for key in ("initial_value", "initial_date", "initial_user"):
        if key in element:
            return str(element[key])
    return str(element.get("initial_option", {}).get("value", ""))


def _shown(slack: FakeSlack, view: View) -> Seen:
    heading, status = _head(view.blocks, view.title)
    return Seen(heading, _named(slack, view.shown), _buttons(view.blocks), view, status=status)


def _message(slack: FakeSlack, message: Message) -> Seen:
    """A message as it is on the screen now, even if it changes later."""
    message = deepcopy(message)
    heading, status = _head(message.blocks)
    buttons, said = _buttons(message.blocks), message.shown
    if any(map(_opens, buttons.values())):
        said = f"{said}\n{unescape(message.text)}"  # what is folded is read there by who cannot see it
    return Seen(heading, _named(slack, said), buttons, message, status=status)


def _opens(button: dict[str, Any]) -> bool:
    """Whether a button opens what is folded."""
    return FOLDED in str(button["action_id"])


def _head(blocks: list[dict[str, Any]], otherwise: str = "") -> tuple[str, str]:
    """The title of a card, and the word for how bad it is."""
    heading = next((block["text"]["text"] for block in blocks if block["type"] == "header"), otherwise)
    if not heading.startswith(SIGNS):
        return heading, ""
    status, _, title = heading.partition(" ")[2].partition(" \u00b7 ")
    return title, status


def _named(slack: FakeSlack, text: str) -> str:
    """The text with the names of the channels that it leads to."""
    return re.sub(r"<#(\w+)>", lambda found: f"#{slack.channels[found[1]].name}", text)


def _buttons(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    found = [element for block in blocks for element in (*block.get("elements", ()), block.get("accessory", {}))]
    return {element["text"]["text"]: element for element in found if element.get("type") == "button"}
