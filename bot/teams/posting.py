"""Posting: one message into one conversation, which is made first when need be."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.links import Linked, nowhere
from bot.post import Failed, Outgoing, Refused, Silence
from bot.teams.address import THREAD, Address, channel_of
from bot.teams.client import OUR_BUG, Client, Ended, part
from bot.teams.elements import Json, Opens
from bot.teams.render import message, plain_message
from handlers.kit.home import HOME
from handlers.kit.messages import Card

log = logging.getLogger("cityops.teams")
T = TypeVar("T")
EVERYWHERE = "https://smba.trafficmanager.net/teams/"  # the Connector's address for all regions (Proactive messages)
UNMET = (
    "Teams has not told us about this person yet: ask them to open cityops in Teams and write hello, "
    "or install cityops in a team they are in"
)

SUGGESTED: Json = {
    "suggestedActions": {"actions": [{"type": "imBack", "title": HOME.label, "value": HOME.value}]}
}  # under the newest message, and gone with the next; not every client shows them


@dataclass
class Bearings:
    """What is known from activities so far: where the Connector is, and who the bot and its tenant are there."""

    bot: str
    tenant: str
    service_url: str = ""


@dataclass(frozen=True)
class Post:
    """What it takes to say something: the connection, the bearings, which buttons open a form, and where files are."""

    client: Client
    bearings: Bearings
    opens: Opens
    links: Linked = nowhere

    def url(self, address: Address) -> str:
        return address.service_url or self.bearings.service_url or EVERYWHERE

    async def put(self, address: Address, row: Outgoing, card: Card, *, replace: str | None = None) -> str:
        """Say a card, or put it in the place of a message; gives the message's id. Raises Ended.

        A card that Teams does not take becomes plain text. People are told that they are meant by a new message that
        they can read. In somebody's own chat what waits for them stays one tap away, under the newest message.
        """
        to_one = bool(address.member or row.payload.get("private"))
        along = SUGGESTED if to_one and not replace else {}
        tells = not replace and not to_one
        return await self._drawn(row, card, lambda said: self._send(address, {**said, **along}, replace), tells=tells)

    async def _drawn(self, row: Outgoing, card: Card, say: Callable[[Json], Awaitable[T]], *, tells: bool = True) -> T:
        """Say a card as it is drawn, else as plain text. Raises Ended."""
        try:
            if not row.as_text:
                drawn = message(
                    card, row.handles, opens=self.opens, links=self.links, sent_again=row.again, tells=tells
                )
                return await say(drawn)
        except Ended as ended:
            if ended.status not in OUR_BUG:
                raise
            log.error("Teams does not take our card", extra={"code": ended.code, "words": [w.word for w in card.body]})
        return await say(plain_message(card, links=self.links, sent_again=row.again))

    async def _send(self, address: Address, activity: Json, replace: str | None) -> str:
        path = f"conversations/{part(address.conversation)}/activities"
        if replace:
            said = {**activity, "id": replace}
            await self.client.call("PUT", self.url(address), f"{path}/{part(replace)}", said, Failed)
            return replace
        sent = await self.client.call("POST", self.url(address), path, activity, Silence)
        return str(sent.get("id") or "")

    async def open_thread(self, address: Address, row: Outgoing, card: Card) -> tuple[Address, str]:
        """Begin a thread in a channel with a card; gives where it goes on, and the message's id. Raises Ended."""
        channel = channel_of(address.conversation)
        asked = {"isGroup": True, "channelData": {"channel": {"id": channel}}}

        async def begin(drawn: Json) -> Json:
            return await self.client.call(
                "POST", self.url(address), "conversations", {**asked, "activity": drawn}, Silence
            )

        made = await self._drawn(row, card, begin)
        begun = str(made.get("activityId") or "")
        return replace(address, conversation=str(made.get("id") or f"{channel}{THREAD}{begun}")), begun

    async def direct(self, address: Address, account: str | None) -> Address:
        """The conversation with a person, made when there is none yet; making it twice gives the same. Raises Ended."""
        member = address.member or (account if account and account.startswith("29:") else "")
        if address.conversation:
            return address
        if not member:
            raise Ended(Refused(UNMET))
        asked = {
            "isGroup": False,
            "bot": {"id": self.bearings.bot},
            "members": [{"id": member}],
            "tenantId": self.bearings.tenant,
            "channelData": {"tenant": {"id": self.bearings.tenant}},
        }
        made = await self.client.call("POST", self.url(address), "conversations", asked)
        return Address(str(made.get("id") or ""), self.url(address), member)
