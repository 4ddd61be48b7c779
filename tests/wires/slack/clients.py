"""Clients: people who type, press and fill in forms, and the requests that Slack then sends to the bot."""

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from .acks import close, command_ack, submission_ack
from .chat import as_message
from .delivery import Delivery, SlackReply, send, with_path
from .edits import change, delete, is_told, said_in
from .gestures import action_on, escaped, gesture
from .hooks import new_hook
from .state import Answers, complaints, fill, state_of
from .views import as_view
from .workspace import APP_ID, BOT_USER, Channel, Json, Message, View

if TYPE_CHECKING:
    from .server import FakeSlack


class SlackPerson:
    """One person at their Slack client."""

    def __init__(self, slack: "FakeSlack", user: str, bot_url: str) -> None:
        self.slack = slack
        self.id = user
        self.user = slack.users[user]
        self.url = with_path(bot_url)

    @property
    def view(self) -> View | None:
        """The modal on top, if one is open."""
        stack = self.slack.modals.get(self.id)
        return stack[-1] if stack else None

    @property
    def home(self) -> View | None:
        """The home tab as last published."""
        return self.slack.homes.get(self.id)

    @property
    def sees(self) -> list[Message]:
        """Everything visible to this person now."""
        return self.slack.seen_by(self.id)

    async def slash(self, command: str, text: str = "", *, channel: str | None = None, raw: bool = False) -> SlackReply:
        """Type a slash command, in the DM with the bot by default; `raw` sends the text as it is."""
        place = self._place(channel)
        sent = text if raw else escaped(self.slack, text)
        ours = (
            {"enterprise_id": self.slack.enterprise_id, "enterprise_name": "City"} if self.slack.enterprise_id else {}
        )
        form = {
            "token": "deprecated",
            "team_id": self.user.team,
            "team_domain": "riverton",
            **ours,
            "channel_id": place.id,
            "channel_name": "privategroup" if place.kind == "private" else place.name,
            "user_id": self.id,
            "user_name": self.user.name,
            "command": command,
            "text": sent,
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": new_hook(self.slack, self.slack.hooks, place.id, self.id),
            "trigger_id": self.slack.new_trigger(self.id),
        }
        reply = await self._form(form, command)
        if reply.status == 200:
            reply.message = command_ack(
                self.slack, reply.body, f"ack {command}", place.id, self.id, f"{command} {text}"
            )
            self.slack.stir()
        return reply

    async def mention(self, text: str, *, channel: str, thread_ts: str | None = None) -> SlackReply:
        """Say something to the bot in a channel where both are."""
        place = self._place(channel)
        assert BOT_USER in place.members, f"the bot is not in {channel}: Slack would not tell it"
        said = f"<@{BOT_USER}> {escaped(self.slack, text, mail=True)}"
        return await self._say(place, said, "app_mention", thread_ts)

    async def direct(self, text: str, *, thread_ts: str | None = None) -> SlackReply:
        """Write to the bot in the direct message."""
        return await self._say(self.slack.dm(self.id), escaped(self.slack, text, mail=True), "message", thread_ts)

    async def press(
        self,
        message: Message,
        *,
        action_id: str | None = None,
        label: str | None = None,
        value: Any = None,
        values: Json | None = None,
    ) -> SlackReply:
        """Press a button or choose in a menu of a message (an entry of `message.edits` is a stale screen).

        `value` distinguishes buttons, or is what is chosen; `values` are typed elsewhere in the message first.
        """
        place = self.slack.channels[message.channel]
        assert self.id in place.members, f"{self.user.name} cannot see {place.name}"
        assert message.ephemeral_to in (None, self.id), "only someone else sees this message"
        action = action_on(self.slack, message.blocks, action_id, label, value)
        answers: Answers = {}
        fill(self.slack, message.blocks, answers, values or {})
        original = next(
            post for post in self.slack.timeline if (post.channel, post.ts) == (message.channel, message.ts)
        )
        hidden = message.ephemeral_to is not None
        payload = {
            **gesture(self.slack, self.user, "block_actions"),
            "actions": [action],
            "response_url": new_hook(self.slack, self.slack.hooks, place.id, self.id, original),
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": place.id,
                "is_ephemeral": hidden,
            },
            "channel": {"id": place.id, "name": place.name},
            "state": {"values": state_of(message.blocks, answers)},
        }
        if not hidden:  # Slack sends no copy of an ephemeral message
            payload["message"] = as_message(message, with_metadata=True)
        return await self._interact(payload, f"block_actions {action['action_id']}")

    async def press_in_view(
        self,
        view: View,
        *,
        action_id: str | None = None,
        label: str | None = None,
        value: Any = None,
        values: Json | None = None,
    ) -> SlackReply:
        """Press or choose inside a modal or the home tab; `values` are typed first."""
        fill(self.slack, view.blocks, view.answers, values or {})
        action = action_on(self.slack, view.blocks, action_id, label, value)
        payload = {
            **gesture(self.slack, self.user, "block_actions"),
            "actions": [action],
            "container": {"type": "view", "view_id": view.id},
            "view": as_view(self.slack, view, state_of(view.blocks, view.answers)),
        }
        return await self._interact(payload, f"block_actions {action['action_id']}")

    async def submit(self, view: View | None = None, values: Json | None = None, *, forged: bool = False) -> SlackReply:
        """Fill in a modal (by default the top one) and send it; `forged` skips the client's own checks."""
        view = view or self.view
        assert view is not None, f"{self.user.name} has no form open"
        fill(self.slack, view.blocks, view.answers, values or {})
        state = state_of(view.blocks, view.answers)
        wrong = [] if forged else list(complaints(view.blocks, state))
        assert not wrong, f"Slack's own client would not send this form: {wrong}"
        view.errors = {}
        payload = {
            **gesture(self.slack, self.user, "view_submission"),
            "view": as_view(self.slack, view, state),
            "response_urls": [],
        }
        name = f"view_submission {view.content.get('callback_id', '')}"
        reply = await self._interact(payload, name)
        if reply.status == 200:
            submission_ack(self.slack, reply.body, f"ack {name}", view)
            self.slack.stir()
        return reply

    async def dismiss(self, view: View | None = None) -> SlackReply | None:
        """Close a modal without sending it; the bot hears of it only with notify_on_close."""
        view = view or self.view
        assert view is not None, f"{self.user.name} has no form open"
        close(self.slack, view)
        if not view.content.get("notify_on_close"):
            return None
        payload = {
            **gesture(self.slack, self.user, "view_closed"),
            "is_cleared": False,
            "view": as_view(self.slack, view, state_of(view.blocks, view.answers)),
        }
        del payload["trigger_id"]
        return await self._interact(payload, "view_closed")

    async def open_home(self) -> SlackReply:
        """Look at the bot's home tab."""
        event: Json = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": self.slack.dm(self.id).id,
            "tab": "home",
        }
        if self.home:
            event["view"] = as_view(self.slack, self.home)
        return await self.slack.event(self.url, event, team=self.user.team)

    async def shortcut(self, callback_id: str, *, message: Message | None = None) -> SlackReply:
        """A global shortcut, or with a message the one in its menu."""
        payload = {
            **gesture(self.slack, self.user, "message_action" if message else "shortcut"),
            "callback_id": callback_id,
            "action_ts": self.slack.ts(),
        }
        if message:
            place = self.slack.channels[message.channel]
            payload |= {
                "channel": {"id": place.id, "name": place.name},
                "message_ts": message.ts,
                "message": as_message(message),
                "response_url": new_hook(self.slack, self.slack.hooks, place.id, self.id),
            }
        return await self._interact(payload, f"shortcut {callback_id}")

    async def say(self, text: str, *, channel: str, thread_ts: str | None = None) -> tuple[Message, SlackReply | None]:
        """Write to colleagues; gives the bot's reply where it hears of it."""
        place = self._place(channel)
        said = escaped(self.slack, text, mail=True)
        message = self.slack.put(place.id, self.id, text=said, thread_ts=thread_ts, via="person")
        return message, await self._tell(place, self._said(message))

    async def edit(self, message: Message, text: str) -> SlackReply | None:
        """Change one's own message; gives the bot's reply where it hears of it."""
        assert message.user == self.id, "someone else's message"
        return await self._tell(
            self.slack.channels[message.channel], change(self.slack, message, escaped(self.slack, text, mail=True))
        )

    async def delete(self, message: Message) -> SlackReply | None:
        """Delete one's own message; gives the bot's reply where it hears of it."""
        assert message.user == self.id, "someone else's message"
        return await self._tell(self.slack.channels[message.channel], delete(self.slack, message))

    async def _tell(self, place: Channel, event: Json) -> SlackReply | None:
        if not is_told(self.slack, place):
            return None
        return await self.slack.event(self.url, event, team=self.user.team)

    def _place(self, channel: str | None) -> Channel:
        place = self.slack.channel(channel) if channel else self.slack.dm(self.id)
        assert self.id in place.members, f"{self.user.name} is not in {place.name}"
        return place

    async def _say(self, place: Channel, text: str, kind: str, thread_ts: str | None) -> SlackReply:
        """Say something to the bot; Slack reports a mention once more, as everything that is said in a channel."""
        message = self.slack.put(place.id, self.id, text=text, thread_ts=thread_ts, via="person")
        event = self._said(message)
        if kind == "app_mention":
            await self._tell(place, event)
            event = {key: value for key, value in event.items() if key != "channel_type"} | {"type": kind}
        return await self.slack.event(self.url, event, team=self.user.team)

    def _said(self, message: Message) -> Json:
        """The event of a message that somebody wrote."""
        told: Json = {"user": self.id, "text": message.text, "ts": message.ts, "team": self.user.team}
        told |= {"event_ts": message.ts, "client_msg_id": f"c-{message.ts}"}
        told |= {"thread_ts": message.thread_ts} if message.thread_ts else {}
        told |= {"bot_id": f"B{self.id}", "subtype": "bot_message"} if self.user.is_bot else {}
        told |= (
            {"user_team": self.user.team, "source_team": self.user.team} if self.user.team != self.slack.team_id else {}
        )
        return said_in(self.slack, self.slack.channels[message.channel], told)

    async def _interact(self, payload: Json, name: str) -> SlackReply:
        return await self._form({"payload": json.dumps(payload)}, name)

    async def _form(self, form: Json, name: str) -> SlackReply:
        body = urlencode(form).encode()
        return await send(self.slack, Delivery(self.url, body, "application/x-www-form-urlencoded", name))
