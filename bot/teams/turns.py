"""Turns: botbuilder's dispatch of an activity to the door; the only file that knows botbuilder."""

import json
import logging
from http import HTTPStatus
from typing import Any, Protocol

from botbuilder.core import BotAdapter, TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import Activity as BotActivity
from botbuilder.schema import ActivityTypes, ConversationReference, InvokeResponse, ResourceResponse
from msrest.exceptions import DeserializationError  # type: ignore[attr-defined]

from bot.teams.elements import Json
from bot.teams.payloads import Activity, dig, text_at

logging.getLogger("msrest.serialization").setLevel(logging.ERROR)  # it warns of every field it does not know
HEARD, ANSWER = "cityops.heard", "cityops.answer"


class Malformed(Exception):
    """Something that is no activity."""


class Listener(Protocol):
    """What a door does with an activity of each kind, as the plain JSON it came as."""

    async def message(self, activity: Activity) -> None: ...
    async def invoke(self, activity: Activity) -> tuple[int, Json | None]: ...
    async def installed(self, activity: Activity) -> None: ...
    async def removed(self, activity: Activity) -> None: ...
    async def roster(self, activity: Activity) -> None: ...
    async def left(self, activity: Activity) -> None: ...
    async def changed(self, activity: Activity) -> None: ...
    async def channel(self, activity: Activity) -> None: ...


class Adapter(BotAdapter):  # type: ignore[misc]  # botbuilder has no types
    """Carries an activity through botbuilder. Nothing is sent through it: the outbox speaks, and an invoke's answer
    is kept for the response."""

    async def carry(self, heard: Json, turns: "Turns") -> InvokeResponse | None:
        """Handle one activity and give an invoke's answer; raises Malformed."""
        if not text_at(heard, "type"):
            raise Malformed
        try:
            activity = BotActivity().deserialize(heard)
        except (DeserializationError, ValueError, TypeError, AttributeError, RecursionError):
            raise Malformed from None
        context = TurnContext(self, activity)
        context.turn_state[HEARD] = heard
        await self.run_pipeline(context, turns.on_turn)
        return context.turn_state.get(ANSWER)

    async def send_activities(self, context: TurnContext, activities: list[BotActivity]) -> list[ResourceResponse]:
        for activity in activities:
            if activity.type != ActivityTypes.invoke_response:
                raise NotImplementedError("what the bot says goes through the outbox")
            context.turn_state[ANSWER] = activity.value
        return [ResourceResponse(id="") for _ in activities]

    async def update_activity(self, context: TurnContext, activity: BotActivity) -> None:
        raise NotImplementedError("what the bot changes goes through the outbox")

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        raise NotImplementedError("what the bot deletes goes through the outbox")


class Turns(TeamsActivityHandler):  # type: ignore[misc]  # botbuilder has no types
    """Tells the door what kind of activity arrived; kinds that are not named here are ignored."""

    def __init__(self, listener: Listener) -> None:
        super().__init__()
        self.listener = listener

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await self.listener.message(_heard(turn_context))

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        status, body = await self.listener.invoke(_heard(turn_context))
        return InvokeResponse(status=HTTPStatus(status).value, body=body)

    async def on_message_update_activity(self, turn_context: TurnContext) -> None:
        await self.listener.changed(_heard(turn_context))

    async def on_message_delete_activity(self, turn_context: TurnContext) -> None:
        await self.listener.changed(_heard(turn_context))

    async def on_installation_update_add(self, turn_context: TurnContext) -> None:
        await self.listener.installed(_heard(turn_context))

    async def on_installation_update_remove(self, turn_context: TurnContext) -> None:
        await self.listener.removed(_heard(turn_context))

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        """Replaces botbuilder's own way, which would ask the Connector for each member separately."""
        heard = _heard(turn_context)
        added = [text_at(member, "id") for member in dig(heard, "membersAdded") or ()]
        if text_at(heard, "recipient", "id") in added:
            await self.listener.installed(heard)
        elif added:
            await self.listener.roster(heard)
        removed = [text_at(member, "id") for member in dig(heard, "membersRemoved") or ()]
        if removed and text_at(heard, "recipient", "id") not in removed:
            await self.listener.left(heard)
        elif not added:
            await self.listener.channel(heard)


def _heard(turn_context: TurnContext) -> Activity:
    heard: dict[str, Any] = turn_context.turn_state[HEARD]
    return heard


def activity_of(body: bytes) -> Json:
    """The body as an activity; raises Malformed."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed from None
    if not isinstance(found, dict):
        raise Malformed
    return found
