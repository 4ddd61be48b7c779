"""Socket: Slack's side of Socket Mode: connections that the bot opens, and envelopes that it acknowledges."""

import asyncio
import contextlib
import json
import secrets
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from aiohttp import WSMsgType, web

from .methods import Args, Slack, method
from .workspace import APP_ID, Json, Refused

if TYPE_CHECKING:
    from .delivery import Delivery, SlackReply
    from .server import FakeSlack

SOCKET = "socket:"  # the address of a bot that is reached over its own connections
APP_TOKEN = "xapp-test"
OPEN_METHOD = "apps.connections.open"
AT_MOST = 10  # connections of one app
TAKES_PAYLOAD = ("view_submission", "block_suggestion")  # interactive payloads whose ack may carry an answer


class Sockets:
    """The connections of one app; each payload goes to one of them in turn."""

    def __init__(self, slack: "FakeSlack") -> None:
        self.slack = slack
        self.open: list[web.WebSocketResponse] = []
        self.opened = self.ended = 0  # how many connections there have been, and how many of them are over
        self.refuse = 0  # how many of the next connections fail although their address is good
        self.carried: list[int] = []  # by which connection each payload went, counted from 1
        self.tickets: set[str] = set()
        self._numbers: dict[int, int] = {}
        self._acks: dict[str, asyncio.Future[Any]] = {}

    def ticket(self) -> str:
        """The address of one new connection, good for one use."""
        name = secrets.token_hex(12)
        self.tickets.add(name)
        return self.slack.api_url.replace("http://", "ws://").replace("/api/", f"/link?ticket={name}")

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        name = request.query.get("ticket", "")
        if name not in self.tickets:
            return web.Response(status=403, text="this address was used or never given")
        self.tickets.discard(name)
        if self.refuse:
            self.refuse -= 1
            return web.Response(status=503, text="the link does not open")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self.open) >= AT_MOST:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.open.append(socket)
        self.opened += 1
        self._numbers[id(socket)] = self.opened
        await socket.send_json(self._hello())
        self.slack.stir()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acked(json.loads(message.data))
        finally:
            if socket in self.open:
                self.open.remove(socket)
            self.ended += 1
            self.slack.stir()
        return socket

    def _hello(self) -> Json:
        info = {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060}
        connection = {"app_id": APP_ID}
        return {
            "type": "hello",
            "num_connections": len(self.open),
            "debug_info": info,
            "connection_info": connection,
        }

    def _acked(self, said: Json) -> None:
        waiting = self._acks.pop(str(said.get("envelope_id")), None)
        if waiting is None:
            self.slack.refuse("socket ack", "unknown_envelope", said)
            self.slack.stir()
        elif not waiting.done():
            waiting.set_result(said.get("payload"))

    async def send(self, delivery: "Delivery", headers: Mapping[str, str]) -> "SlackReply":
        """Bring a payload over one connection, and wait for its ack as long as Slack does."""
        from .delivery import SlackReply

        began = time.monotonic()
        while not self.open:
            await self.slack.until(lambda: self.open, seconds=self.slack.ack_seconds)
        socket = self.open[len(self.carried) % len(self.open)]
        self.carried.append(self._numbers[id(socket)])
        sent = envelope(delivery, headers)
        waiting = self._acks[sent["envelope_id"]] = asyncio.get_running_loop().create_future()
        await socket.send_json(sent)
        reply = SlackReply(0, None, 0.0, delivery)
        try:
            async with asyncio.timeout(self.slack.ack_seconds):
                reply.status, reply.body = 200, await waiting
        except TimeoutError:
            self._acks.pop(sent["envelope_id"], None)
            self.slack.late_acks.append(delivery.name)
            reply.status, reply.late = 0, True
        if reply.body is not None and not sent["accepts_response_payload"]:
            self.slack.refuse(f"ack {delivery.name}", "payload_not_accepted", reply.body)
        reply.seconds = time.monotonic() - began
        return reply

    async def disconnect(self, reason: str = "refresh_requested", *, which: int = 0) -> None:
        """Ask the bot to open a new connection in the place of one."""
        socket = self.open[which]
        await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}})

    def drop(self) -> None:
        """Cut all connections off without a word."""
        for socket in list(self.open):
            self.open.remove(socket)
            if socket._req and socket._req.transport:
                socket._req.transport.abort()

    async def stop(self) -> None:
        for socket in list(self.open):
            with contextlib.suppress(ConnectionError, RuntimeError):
                await socket.close()


def envelope(delivery: "Delivery", headers: Mapping[str, str]) -> Json:
    """What HTTP would have brought, as an envelope."""
    kind, payload = unpacked(delivery)
    takes = kind == "slash_commands" or payload.get("type") in TAKES_PAYLOAD
    sent: Json = {
        "envelope_id": secrets.token_hex(16),
        "type": kind,
        "payload": payload,
        "accepts_response_payload": takes,
    }
    if kind == "events_api":
        sent["retry_attempt"] = int(headers.get("X-Slack-Retry-Num", 0))
        sent["retry_reason"] = headers.get("X-Slack-Retry-Reason", "")
    return sent


def unpacked(delivery: "Delivery") -> tuple[str, Json]:
    """The kind of an envelope and its payload."""
    if delivery.content_type == "application/json":
        return "events_api", dict(json.loads(delivery.body))
    form = dict(parse_qsl(delivery.body.decode(), keep_blank_values=True))
    if "payload" in form:
        return "interactive", dict(json.loads(form["payload"]))
    return "slash_commands", form


@method(OPEN_METHOD)
def open_connection(slack: Slack, args: Args) -> Json:
    """The address of a new connection; asked for with the token of the app, not the bot's."""
    sockets = getattr(slack, "sockets", None)
    if sockets is None:
        raise Refused("not_allowed_token_type")
    return {"url": sockets.ticket()}
