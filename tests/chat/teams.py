"""Teams: people in Microsoft Teams, through a fake Bot Connector that refuses what the real one refuses."""

import json
from base64 import b64decode
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from aiohttp import ClientSession
from yarl import URL

import handlers
from bot.teams.address import THREAD, Address
from bot.teams.manifest import teams_manifest
from handlers.kit.city.model import City
from handlers.kit.registry import load
from tests.chat.bot import Bot
from tests.chat.door import Chat, Speaker, Told
from tests.chat.seen import Seen, SeenForm, saved_as
from tests.wires.teams import APP_ID, Dialog, FakeTeams, Message, TeamsPerson, TeamsReply
from tests.wires.teams.cards import parts
from tests.wires.teams.records import buttons
from tests.wires.teams.words import words

PUBLIC_URL, CHAT = "https://bot.riverton.example.org", "https://teams.microsoft.com/l/chat/"
Known = set[tuple[str, str]]


def upload_app(teams: FakeTeams, city: City) -> None:
    """The admin uploads the app as the bot itself describes it."""
    teams.upload(json.loads(teams_manifest(load(handlers), city, APP_ID, None, "0.1.0")))


class TeamsSpeaker(Speaker):
    def __init__(self, bot: Bot, person: str, teams: FakeTeams) -> None:
        super().__init__(bot, person)
        self.teams = teams
        self.there: TeamsPerson = teams.person(person, bot.url)

    async def typed(self, line: str, place: str | None = None) -> Seen | SeenForm:
        before = self._known()
        channel, thread = await self._room(place) if place and ":" in place else (place, None)
        reply = await self.there.message(line, conversation=channel, thread=thread)
        assert reply.status == 200, reply
        told = await self._new(before)
        assert told is not None, f"nothing was said to {line!r}"
        if place is None and set(told.buttons) == {"Fill in"}:  # a form in Teams is one press away
            opened = await self.pressed("Fill in", told)
            assert opened is not None
            return opened
        return told

    async def pressed(self, label: str, message: Seen) -> Told:
        before, self.there.dialog = self._known(), None
        if isinstance(message.raw, Dialog):
            self.there.dialog = message.raw
            reply = await self.there.submit_dialog(title=label)
        else:
            reply = await self.there.press(message.raw, data=message.buttons[label].get("data"), title=label)
        assert reply.status == 200, reply
        await self.bot.settle()
        if self.there.dialog is not None:
            return _dialog(self.there.dialog)
        if reply.card is not None:
            return _in_card(reply.card, _with(message.raw, reply.card, self.there.id))
        return await self._new(before, reply.notice.text if reply.notice else "")

    async def chosen(self, entry: str, message: Seen) -> Told:
        self.there.dialog = None
        reply = await self.there.message_action(entry, message.raw)
        assert reply.status == 200, reply
        await self.bot.settle()
        return _dialog(self.there.dialog) if self.there.dialog else None

    async def writes(self, text: str, place: str) -> Seen:
        """Write to colleagues; the bot hears nothing of it."""
        return Seen("", text, {}, self.there.say(text, conversation=place))

    async def tells(self, text: str, place: str) -> Seen:
        """Write where the bot hears it, with its name, in a place that may be a room it has made."""
        channel, thread = await self._room(place)
        reply = await self.there.message(text, conversation=channel, thread=thread)
        assert reply.message is not None
        await self.bot.settle()
        return Seen("", text, {}, reply.message)

    async def _room(self, place: str) -> tuple[str, Any]:
        """The channel of a place, which may be a room that the bot has made, and the message its thread begins with."""
        there = Address.read(await self.bot.read(lambda store: store.chat.places.channel(place, "teams"))).conversation
        channel, _, root = there.partition(THREAD)
        return channel, self.teams.find(channel, root)

    async def changes(self, message: Seen, text: str | None) -> None:
        """Change one's own message, or delete it; the bot must have heard of it."""
        there = self.teams.find(message.raw.conversation, message.raw.id)
        assert there is not None
        reply = await (self.there.edit(there, text) if text is not None else self.there.delete(there))
        assert reply is not None, "Teams does not tell the bot"
        assert reply.status in (200, 201), reply
        await self.bot.settle()

    async def filled(self, form: SeenForm, **values: str) -> Seen | SeenForm:
        if not isinstance(form.raw, Dialog):
            return await self._filled_in_card(form.raw, values)
        self.there.dialog = form.raw
        reply: TeamsReply = await self.there.submit_dialog(values, forged=True)
        assert reply.status == 200, reply
        await self.bot.settle()
        assert self.there.dialog is not None, "the form closed without a word"
        return _dialog(self.there.dialog)

    async def _filled_in_card(self, message: Message, values: Mapping[str, str]) -> Seen | SeenForm:
        """Fill in a form that stands in the place of a card."""
        reply = await self.there.press(message, inputs=dict(values), forged=True)
        assert reply.status == 200, reply
        assert reply.card is not None, "the form stayed as it was"
        await self.bot.settle()
        return _in_card(reply.card, _with(message, reply.card, self.there.id))

    async def files(self, message: Seen, place: str | None = None) -> dict[str, bytes]:
        """The files in the card, and what its links lead to through the city's proxy."""
        raw = message.raw
        card = raw.card if isinstance(raw, Dialog) else raw.own.get(self.there.id, raw.card)
        links = [button["url"] for button in buttons(card) if button["type"] == "Action.OpenUrl"]
        found = {}
        for url in [*links, *(part["url"] for part in parts(card) if part["type"] == "Image")]:
            if url.startswith("data:image/png;base64,"):
                found["picture.png"] = b64decode(url.partition(",")[2])
                continue
            if url.startswith(CHAT):  # their own chat with the bot
                continue
            assert url.startswith(f"{PUBLIC_URL}/files/"), url
            async with (
                ClientSession() as web,
                web.get(URL(self.bot.url + url.removeprefix(PUBLIC_URL), encoded=True)) as got,
            ):
                assert got.status == 200, await got.text()
                found[saved_as(got)] = await got.read()
        return found

    async def delivered_again(self) -> None:
        assert self.teams.last is not None
        assert (await self.teams.redeliver(self.teams.last)).status == 200

    async def direct(self) -> list[Seen]:
        await self.bot.settle()
        return [_message(message) for message in self.teams.direct_messages(self.person) if message.card is not None]

    def _known(self) -> Known:
        return {(message.conversation, message.id) for message in self.there.sees}

    async def _new(self, before: Known, notice: str = "") -> Seen | None:
        """The newest card in this person's own chat that was not there before, if it can be the one that was named."""
        await self.bot.settle()
        mine = [message for message in self.teams.direct_messages(self.person) if message.card is not None]
        new = [message for message in mine if (message.conversation, message.id) not in before]
        seen = [_message(message) for message in new]
        named = [card for card in seen if card.title and notice.startswith(card.title)]
        return next(reversed(named or seen), None)


class TeamsChat(Chat):
    name = "teams"

    def __init__(self, bot: Bot, teams: FakeTeams) -> None:
        self.bot, self.teams = bot, teams

    def person(self, name: str) -> TeamsSpeaker:
        return TeamsSpeaker(self.bot, name, self.teams)

    async def place(self, name: str) -> list[Seen]:
        await self.bot.settle()
        made = await self.bot.read(lambda store: store.chat.places.channel(name, "teams")) if ":" in name else None
        there = Address.read(made).conversation
        return [_message(message) for message in self.teams.messages(there or name) if message.card is not None]

    async def connects(self, place: str, channel: str) -> None:
        """The head of IT makes a channel a place of the city."""
        await self.person("ines").there.message(f"city connect {place}", conversation=channel)
        await self.bot.pass_time(seconds=2)

    def newcomer(self, name: str, email: str) -> TeamsSpeaker:
        """A full member of the tenant who is not in the city's files."""
        self.teams.add_user(name, email, installed=True)
        return self.person(name)


def _with(message: Message, card: dict[str, Any], person: str) -> Message:
    """The message as this person sees it now."""
    seen = deepcopy(message)
    seen.own[person] = card
    return seen


def _message(message: Message) -> Seen:
    """A message as it is on the screen now, even if it changes later."""
    message = deepcopy(message)
    assert message.card is not None
    return _card(message.card, message)


def _card(card: dict[str, Any], raw: Any) -> Seen:
    said = list(words(card["body"]))
    pressable: Mapping[str, Any] = {button["title"]: button for button in buttons(card) if "title" in button}
    title, status = _head(card["body"][0]) if card["body"] else ("", "")
    return Seen(title, "\n".join(said), pressable, raw, status=status)


def _head(first: dict[str, Any]) -> tuple[str, str]:
    """The title of a card, and the word for how bad it is, which stand in a field of its color."""
    *title, status = list(words(first)) if "style" in first and first["type"] == "Container" else [*words(first), ""]
    return "".join(title[:1]), status


def _dialog(dialog: Dialog) -> Seen | SeenForm:
    values = _inputs(dialog.card)
    if not values:
        return _card(dialog.card, dialog)
    return SeenForm(dialog.title, values, dict(_errors(dialog.card["body"])), dialog)


def _in_card(card: dict[str, Any], message: Message) -> Seen | SeenForm:
    """What stands in the place of a card that was pressed: another one, or a form."""
    values = _inputs(card)
    if not values:
        return _card(card, message)
    return SeenForm(next(iter(words(card["body"][0]))), values, dict(_errors(card["body"])), message)


def _inputs(card: dict[str, Any]) -> dict[str, str]:
    inputs = [element for element in card["body"] if element["type"].startswith("Input.")]
    return {field["id"]: str(field.get("value", "")) for field in inputs}


def _errors(body: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The sentence under each input, in the colour of a problem."""
    found, name = [], ""
    for element in body:
        name = element["id"] if element["type"].startswith("Input.") else name
        runs = element.get("inlines", []) if element["type"] == "RichTextBlock" else []
        if name and any(run.get("color") == "Attention" for run in runs):
            found.append((name, "".join(run["text"] for run in runs)))
    return found
