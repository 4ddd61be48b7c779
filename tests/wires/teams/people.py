"""People: those who type, press and fill in cards, and the activities that Teams then sends to the bot."""

from typing import TYPE_CHECKING, Any

from .activities import CLIENT, envelope, installation, said
from .delivery import TeamsReply, deliver, with_path
from .dialogs import Dialog, apply_execute, show
from .extensions import payload_of
from .forms import Values, chosen, complaints, filled, inputs_for
from .records import Conversation, Json, Message

if TYPE_CHECKING:
    from .server import FakeTeams


class TeamsPerson:
    """One person at their Teams client."""

    def __init__(self, teams: "FakeTeams", user: str, bot_url: str) -> None:
        self.teams = teams
        self.id = user
        self.user = teams.users[user]
        self.url = with_path(bot_url)
        self.dialog: Dialog | None = None

    @property
    def sees(self) -> list[Message]:
        """Everything visible to this person now."""
        return self.teams.seen_by(self.id)

    @property
    def notices(self) -> list[str]:
        """The texts that only this person saw, for a moment."""
        return [notice.text for notice in self.teams.notices if notice.user == self.id]

    async def message(
        self, text: str, *, conversation: str | None = None, thread: Message | None = None, nbsp: bool = False
    ) -> TeamsReply:
        """Write to the bot in the personal chat, or mention it in a channel or group chat (id or name).

        `thread` answers in the thread of a channel's message. `nbsp`: some clients put `&nbsp;` after a mention.
        """
        message = self.say(text, conversation=conversation, thread=thread)
        message.told = True
        reply = await self._send(said(self.teams, self.user, message, nbsp=nbsp))
        reply.message = message
        return reply

    def say(self, text: str, *, conversation: str | None = None, thread: Message | None = None) -> Message:
        """Write something of which the bot hears nothing."""
        place = self._place(thread.conversation if thread else conversation)
        root = (thread.thread or thread.id) if thread and place.kind == "channel" else None
        return self.teams.put(place.id, self.id, text=text, thread=root, via="person")

    async def press(
        self,
        message: Message,
        *,
        title: str | None = None,
        verb: str | None = None,
        data: Any = None,
        number: int | None = None,
        inputs: Values | None = None,
        old_client: bool = False,
        forged: bool = False,
    ) -> TeamsReply:
        """Press a button of a message (an entry of `message.edits` is a stale screen).

        `data` is part of the button's data; `inputs` go by id or label; `old_client` knows no Action.Execute and
        takes its fallback; `forged` skips the client's own checks of the inputs.
        """
        self._place(message.conversation)
        card = message.own.get(self.id) or message.card
        assert card is not None, "the message has no card"
        action = chosen(card, title, verb, data, number)
        sent = self._typed(card, action, inputs, forged)
        if action["type"] == "Action.Execute" and old_client:
            action = action["fallback"]
        if action["type"] == "Action.Execute":
            return await self._execute(message, action, sent, "manual")
        assert action["type"] == "Action.Submit", f"{action['type']} tells the bot nothing"
        return await self._submit(message, {**action.get("data", {}), **sent})

    async def refresh(self, message: Message) -> TeamsReply:
        """Look at a card that refreshes itself for this person."""
        card = message.card or {}
        wanted = card.get("refresh") or {}
        assert wanted, "the card does not refresh itself"
        assert self.id in wanted.get("userIds", [self.id]), "the card has no refresh for this person"
        return await self._execute(message, wanted["action"], {}, "automatic")

    async def submit_dialog(
        self, inputs: Values | None = None, *, title: str | None = None, number: int | None = None, forged: bool = False
    ) -> TeamsReply:
        """Fill in the open dialog and press its button; the answer mends, replaces or closes it."""
        dialog = self.dialog
        assert dialog is not None, f"{self.user.name} has no dialog open"
        action = chosen(dialog.card, title, None, None, number)
        data = {**action.get("data", {}), **self._typed(dialog.card, action, inputs, forged)}
        if dialog.command is None:
            value: Json = {"data": data, "context": {"theme": "default"}}
            reply = await self._invoke("task/submit", dialog.message, value)
        else:
            value = {**self._extension(dialog.command, dialog.message), "data": data, "botMessagePreviewAction": None}
            reply = await self._invoke("composeExtension/submitAction", dialog.message, value)
        if reply.status == 200:
            self._show(reply, dialog.message, dialog.command, [*dialog.earlier, dialog.card])
        return reply

    def dismiss(self) -> None:
        """Close the dialog; the bot hears nothing of it."""
        self.dialog = None

    async def message_action(self, title: str, message: Message) -> TeamsReply:
        """Choose one of the bot's entries in the menu of any message that this person sees."""
        self._may_choose(title, message)
        command = self.teams.menu[title]
        value = self._extension(command, message)
        reply = await self._invoke("composeExtension/fetchTask", message, value)
        self._show(reply, message, command, [])
        return reply

    async def install(self) -> list[TeamsReply]:
        """Add the bot in the personal scope; gives the replies to both activities."""
        place = self.teams.install_for(self.id)
        self.teams.blocked.discard(self.id)
        return [await self._send(activity) for activity in installation(self.teams, self.user, place, added=True)]

    async def uninstall(self) -> list[TeamsReply]:
        """Remove the bot from the personal scope."""
        self.teams.installed.discard(self.id)
        self.teams.removed.add(self.id)
        place = self.teams.personal(self.id)
        return [await self._send(activity) for activity in installation(self.teams, self.user, place, added=False)]

    async def react(self, message: Message, kind: str = "like", *, remove: bool = False) -> TeamsReply:
        """React to a message of the bot; reactions to others' messages never reach it."""
        assert message.author == self.teams.bot, "Teams tells bots only of reactions to their own messages"
        reactions = {"reactionsRemoved" if remove else "reactionsAdded": [{"type": kind}]}
        return await self._about("messageReaction", message, **reactions, replyToId=message.id)

    async def edit(self, message: Message, text: str) -> TeamsReply | None:
        """Change one's own message; gives the bot's reply, if it heard of the message and so hears of the change."""
        assert message.author == self.id, "someone else's message"
        self.teams.change(message, text=text)
        return await self._update(message, "editMessage")

    async def delete(self, message: Message) -> TeamsReply | None:
        """Delete one's own message; the bot hears of it as of a change."""
        assert message.author == self.id, "someone else's message"
        message.deleted = True
        activity = self._envelope("messageDelete", message) | {"id": message.id}
        activity["channelData"] |= {"eventType": "softDeleteMessage"}
        return await self._send(activity) if message.told else None

    async def undelete(self, message: Message) -> TeamsReply | None:
        """Bring back what one has deleted, with Undo; the bot hears of it as of a change."""
        assert message.author == self.id, "someone else's message"
        assert message.deleted, "it is there"
        message.deleted = False
        return await self._update(message, "undeleteMessage")

    async def _update(self, message: Message, event: str) -> TeamsReply | None:
        activity = said(self.teams, self.user, message) | {"type": "messageUpdate"}
        activity["channelData"] |= {"eventType": event}
        return await self._send(activity) if message.told else None

    async def other(self, kind: str, **fields: Any) -> TeamsReply:
        """An activity of any type in the personal chat, known or unknown; an invoke is answered by 501 or the like."""
        place = self.teams.personal(self.id)
        return await self._send(envelope(self.teams, self.user, place, kind) | fields)

    def _place(self, conversation: str | None) -> Conversation:
        place = self.teams.conversation(conversation) if conversation else self.teams.personal(self.id)
        assert self.id in place.members, f"{self.user.name} is not in {place.name}"
        if place.kind == "personal":
            assert self.id not in self.teams.removed, f"{self.user.name} has removed the bot"
            assert self.teams.known_to_bot(self.id), f"{self.user.name} has no bot: install_for() first"
        return place

    def _may_choose(self, title: str, message: Message) -> None:
        """Whether the menu of a message has an entry for this person: the app is theirs, or is where it stands."""
        place = self._place(message.conversation)
        assert self.teams.known_to_bot(self.id) or place.kind == "personal", f"{self.user.name} does not have the app"
        assert not message.deleted, "a deleted message has no menu"
        assert title in self.teams.menu, f"no entry {title!r} in the menu; there are {sorted(self.teams.menu)}"

    def _typed(self, card: Json, action: Json, inputs: Values | None, forged: bool) -> Values:
        """The inputs that go with an action, as the client sends them."""
        fields = inputs_for(card, action)
        sent = filled(fields, inputs or {})
        wrong = [] if forged else complaints(fields, sent)
        assert not wrong, f"Teams' own client would not send this: {wrong}"
        return sent

    async def _execute(self, message: Message, action: Json, sent: Values, trigger: str) -> TeamsReply:
        told: Json = {key: action[key] for key in ("type", "id", "title", "verb") if key in action}
        value = {"action": {**told, "data": {**action.get("data", {}), **sent}}, "trigger": trigger}
        edited = self._edits(message)
        reply = await self._invoke("adaptiveCard/action", message, value)
        original = self.teams.find(message.conversation, message.id)
        apply_execute(self.teams, reply, self.id, original or message, overtaken=self._edits(message) > edited)
        self.teams.stir()
        return reply

    def _edits(self, message: Message) -> int:
        """How often a message was edited so far."""
        original = self.teams.find(message.conversation, message.id)
        return len(original.edits) if original else 0

    async def _submit(self, message: Message, data: Json) -> TeamsReply:
        """Action.Submit: opens a dialog, speaks for the person, or sends a message with a value."""
        way = data.get("msteams") or {}
        if way.get("type") == "task/fetch":
            reply = await self._invoke("task/fetch", message, {"data": data, "context": {"theme": "default"}})
            self._show(reply, message, None, [])
            return reply
        spoken: Json = {"value": data}
        if way.get("type") == "messageBack":
            spoken = {"value": way.get("value"), "text": way.get("text")}
        elif way.get("type") == "imBack":
            spoken = {"text": str(way["value"])}
        words = way.get("displayText") or (way.get("value") if way.get("type") == "imBack" else None)
        if words:
            place = self.teams.conversations[message.conversation]
            root = (message.thread or message.id) if place.kind == "channel" else None
            self.teams.put(place.id, self.id, text=str(words), thread=root, via="person")
        return await self._about("message", message, **spoken, replyToId=message.id, locale="en-US", entities=[CLIENT])

    def _extension(self, command: str, message: Message) -> Json:
        return {
            "commandId": command,
            "commandContext": "message",
            "requestId": f"request-{self.teams.next_id()}",
            "messagePayload": payload_of(self.teams, message),
            "context": {"theme": "default"},
        }

    def _show(self, reply: TeamsReply, message: Message, command: str | None, earlier: list[Json]) -> None:
        self.dialog = show(self.teams, reply, self.id, message, command)
        if self.dialog:
            self.dialog.earlier = earlier
        self.teams.stir()

    async def _invoke(self, name: str, message: Message, value: Json) -> TeamsReply:
        more = {} if name.startswith("composeExtension") else {"replyToId": message.id}
        ident = f"f:{self.teams.next_id()}"
        return await self._about("invoke", message, id=ident, name=name, value=value, locale="en-US", **more)

    async def _about(self, kind: str, message: Message, **fields: Any) -> TeamsReply:
        return await self._send(self._envelope(kind, message) | fields)

    def _envelope(self, kind: str, message: Message) -> Json:
        place = self.teams.conversations[message.conversation]
        return envelope(self.teams, self.user, place, kind, address=self.teams.address(message))

    async def _send(self, activity: Json) -> TeamsReply:
        return await deliver(self.teams, self.url, activity)
