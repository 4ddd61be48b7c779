"""Delivery: how requests of Teams reach the bot: with a signed token, timed, and repeated when need be."""

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp

from .records import Json, Message, Notice

if TYPE_CHECKING:
    from .server import FakeTeams

EXTENSION_SECONDS = 5.0  # message extensions get no more
TAKEN = (200, 201, 202)
INVOKES = ("adaptiveCard/", "task/", "composeExtension/")  # a bot may answer 501 to others


@dataclass(frozen=True)
class Delivery:
    """A request as it goes over the wire; `name` says what it was, for the record."""

    url: str
    body: bytes
    name: str


@dataclass
class TeamsReply:
    """What came back: status 0 when nothing did.

    `notice` and `card` are what an invoke's answer put on the screen; `message` is what the person typed.
    """

    status: int
    body: Any
    seconds: float
    delivery: Delivery
    late: bool = False
    notice: Notice | None = None
    card: Json | None = None
    message: Message | None = None

    @property
    def activity(self) -> Json:
        """The activity that was sent."""
        return dict(json.loads(self.delivery.body))


def with_path(bot_url: str) -> str:
    """The bot's one address for Teams."""
    return bot_url if urlsplit(bot_url).path.strip("/") else bot_url.rstrip("/") + "/api/messages"


async def deliver(teams: "FakeTeams", bot_url: str, activity: Json) -> TeamsReply:
    """An activity, vouched for as Teams does; what the bot may not answer is remembered."""
    name = " ".join(str(activity.get(key)) for key in ("type", "name") if activity.get(key))
    delivery = Delivery(with_path(bot_url), json.dumps(activity).encode(), name)
    reply = await send(teams, delivery, teams.authorization(service_url=activity["serviceUrl"]))
    invoke = activity["type"] == "invoke"
    wanted = (
        (200,) if invoke and str(activity.get("name")).startswith(INVOKES) else (*TAKEN, *([501] if invoke else []))
    )
    if not reply.late and reply.status not in wanted:
        teams.refuse(f"ack {name}", "unexpected_status", {"status": reply.status, "body": reply.body})
    return reply


async def send(teams: "FakeTeams", delivery: Delivery, headers: dict[str, str]) -> TeamsReply:
    """Post it and wait as long as Teams waits; no answer or a late one is recorded."""
    seconds = min(EXTENSION_SECONDS, teams.ack_seconds) if "composeExtension" in delivery.name else teams.ack_seconds
    began = time.monotonic()
    sent = {"Content-Type": "application/json; charset=utf-8", **headers}
    limit = aiohttp.ClientTimeout(total=seconds)
    try:
        async with teams.session.post(delivery.url, data=delivery.body, headers=sent, timeout=limit) as response:
            reply = TeamsReply(response.status, opened(await response.read()), 0.0, delivery)
    except TimeoutError:
        teams.late_acks.append(delivery.name)
        reply = TeamsReply(0, None, 0.0, delivery, late=True)
    except aiohttp.ClientError:
        reply = TeamsReply(0, None, 0.0, delivery)
    reply.seconds = time.monotonic() - began
    teams.last = reply
    teams.stir()
    return reply


def opened(body: bytes) -> Any:
    """The body as JSON, else as text; None when empty."""
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
