"""Server: the fake Slack on loopback, as the bot's Web API client meets it."""

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import Any

import aiohttp
from aiohttp import web

from tests.wires.garbled import GARBLED, garbled

from . import chat, conversations, views  # noqa: F401  (they fill METHODS)
from .clients import SlackPerson
from .delivery import Delivery, SlackReply, event_payload, send, signed, with_path
from .faults import AFTER, BEFORE, Fault, Pace
from .hooks import Hook, use
from .methods import ALL_SCOPES, METHODS, Args, Slack, as_user
from .socket import APP_TOKEN, OPEN_METHOD, SOCKET, Sockets
from .workspace import Call, Json, Refused

BOT_TOKEN = "xoxb-test"
SIGNING_SECRET = "signing-secret"
ORDINARY = frozenset(
    {
        "name_taken",
        "users_not_found",
        "already_in_channel",
        "already_pinned",
        "already_archived",
        "message_not_found",
        "hash_conflict",
    }
)  # answers a correct bot can get


class Dropped(Exception):
    """The connection goes down without an answer."""


class FakeSlack(Slack):
    """A Slack workspace with its Web API, its clients and its faults."""

    def __init__(
        self,
        *,
        bot_token: str = BOT_TOKEN,
        signing_secret: str = SIGNING_SECRET,
        team_id: str = "T0CITY",
        enterprise_id: str | None = None,
        scopes: Iterable[str] = ALL_SCOPES,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(team_id=team_id, enterprise_id=enterprise_id, now=now)
        self.bot_token = bot_token
        self.signing_secret = signing_secret
        self.scopes = frozenset(scopes)
        self.date = now  # what the Date of its answers says
        self.pace = True
        self.down = False
        self.ack_seconds = 3.0
        self.hooks: dict[str, Hook] = {}
        self.sockets = Sockets(self)
        self.last: SlackReply | None = None
        self._faults: list[Fault] = []
        self._pace = Pace(now)
        self._released = asyncio.Event()
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connection pool of Slack's own clients."""
        assert self._session is not None, "await slack.start() first"
        return self._session

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1; `api_url` names it from then on."""
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_route("*", "/api/{method}", self._guarded(self._api))
        app.router.add_post("/upload/{file}", self._guarded(self._upload))
        app.router.add_post("/actions/{hook}", self._guarded(self._hook))
        app.router.add_get("/link", self._guarded(self.sockets.connect))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.api_url = f"http://{host}:{port}/api/"
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def stop(self) -> None:
        """Release the requests that are held, and close the port."""
        self.release()
        await self.sockets.stop()
        if self._session:
            await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    def fail(
        self,
        method: str,
        *,
        times: int = 1,
        how: str,
        retry_after: int | str = 1,
        when: Callable[[Json], bool] | None = None,
    ) -> None:
        """Break the next calls of a method (also `upload`, `response_url`, `*`) for which `when(args)` holds.

        `how`: drop, 500, 429, one of GARBLED (no effect); lost_reply, 500_after, hang (effect, no reply); else an error
        code.
        """
        self._faults.append(Fault(method, times, how, retry_after, when))

    def fix(self) -> None:
        """Break nothing any more."""
        self._faults.clear()

    def release(self) -> None:
        """Release the requests that are held now: their connections drop."""
        self._released.set()
        self._released = asyncio.Event()

    async def until(self, condition: Callable[[], Any], *, seconds: float = 5.0) -> None:
        """Wait until what the bot did makes the condition true; AssertionError after `seconds` real ones."""
        end = time.monotonic() + seconds
        while not condition():
            try:
                await asyncio.wait_for(self._changed.wait(), max(0.0, end - time.monotonic()))
            except TimeoutError:
                recent = [(call.method, call.result) for call in self.calls[-5:]]
                raise AssertionError(f"nothing of the kind within {seconds} s; last calls: {recent}") from None

    def stir(self) -> None:
        """Wake everyone who waits in `until`."""
        self._changed.set()
        self._changed = asyncio.Event()

    def person(self, user: str, bot_url: str = "", *, via_socket: bool = False) -> SlackPerson:
        """Someone (id or name) at their Slack client; ``via_socket`` reaches the bot over its own connections."""
        return SlackPerson(self, self.user(user).id, SOCKET if via_socket else bot_url)

    async def event(self, bot_url: str, event: Json, *, team: str | None = None) -> SlackReply:
        """Any event, in the Events API's wrapper."""
        body = json.dumps(event_payload(self, event, team=team)).encode()
        return await send(self, Delivery(with_path(bot_url), body, "application/json", f"event {event['type']}"))

    async def user_event(self, bot_url: str, user: str, kind: str = "user_change") -> SlackReply:
        """The event about somebody (id or name) who is new, or about whom something has changed."""
        return await self.event(bot_url, {"type": kind, "user": as_user(self, self.user(user)), "cache_ts": 0})

    async def redeliver(self, reply: SlackReply, *, num: int = 1, reason: str = "http_timeout") -> SlackReply:
        """The same body once more, as Slack repeats it, freshly signed; its ack changes no screen."""
        headers = {"X-Slack-Retry-Num": str(num), "X-Slack-Retry-Reason": reason}
        return await send(self, reply.delivery, headers)

    def sign(self, body: bytes, *, timestamp: int | None = None, secret: str | None = None) -> dict[str, str]:
        """The two headers that vouch for this body."""
        return signed(secret or self.signing_secret, body, int(time.time()) if timestamp is None else timestamp)

    async def raw_post(self, bot_url: str, body: bytes, headers: dict[str, str]) -> SlackReply:
        """Any bytes and headers, unsigned unless you sign them."""
        delivery = Delivery(with_path(bot_url), body, headers.get("Content-Type", ""), "raw")
        return await send(self, delivery, headers, sign=False)

    def _guarded(self, handle: Callable[[web.Request], Any]) -> Callable[[web.Request], Any]:
        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                if self.down:
                    raise Dropped
                response: web.StreamResponse = await handle(request)
                response.headers["Date"] = formatdate(self.date(), usegmt=True)
                return response
            except Dropped:
                if request.transport:
                    request.transport.abort()
                return web.Response()
            finally:
                self.stir()

        return guarded

    async def _faulty(self, method: str, args: Json, act: Callable[[], web.Response]) -> web.Response:
        """Act; a fault that a test ordered for this call may prevent it, or lose its reply."""
        fault = next((candidate for candidate in self._faults if candidate.strikes(method, args)), None)
        if fault is None:
            return act()
        if fault.how in AFTER:
            act()
        self.calls.append(Call(method, args, f"fault: {fault.how}"))
        if fault.how == "hang":
            self.stir()
            await self._released.wait()
        if fault.how in ("drop", "lost_reply", "hang"):
            raise Dropped
        if fault.how in GARBLED:
            return garbled(fault.how)
        if fault.how == "429":
            return limited(fault.retry_after)
        if fault.how in BEFORE or fault.how in AFTER:
            return web.Response(status=500, text="Internal Server Error")
        return web.json_response({"ok": False, "error": fault.how})

    async def _api(self, request: web.Request) -> web.Response:
        method, args = request.match_info["method"], await arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or args.pop("token", "")
        args.pop("token", None)
        return await self._faulty(method, args, lambda: self._perform(method, args, token))

    def _perform(self, method: str, args: Args, token: str) -> web.Response:
        try:
            wait = self._admit(method, args, token)
            if wait:
                self.calls.append(Call(method, args, {"ok": False, "error": "ratelimited"}))
                return limited(wait)
            result: Json = {"ok": True, **METHODS[method][0](self, args)}
        except Refused as no:
            result = {"ok": False, "error": no.error, **no.extra}
            if no.error not in ORDINARY:
                self.refuse(method, no.error, no.extra or dict(args))
        self.calls.append(Call(method, args, result))
        return web.json_response(result, headers={"X-OAuth-Scopes": ",".join(sorted(self.scopes))})

    def _admit(self, method: str, args: Args, token: str) -> int:
        """Token, method and scope; gives the seconds to wait when the channel has had too many posts."""
        if not token:
            raise Refused("not_authed")
        if token != (APP_TOKEN if method == OPEN_METHOD else self.bot_token):
            raise Refused("invalid_auth")
        if method not in METHODS:
            raise Refused("unknown_method", req_method=method)
        if METHODS[method][1]:
            self.need(*METHODS[method][1])
        if not self.pace or method != "chat.postMessage":
            return 0
        return self._pace.wait(chat.target(self, args.required("channel")).id)

    async def _upload(self, request: web.Request) -> web.Response:
        file, content = request.match_info["file"], await uploaded(request)

        def act() -> web.Response:
            known = self.files.get(file)
            if known is None or len(content) != known["size"]:
                self.refuse("upload", "wrong_length" if known else "file_not_found", file)
                return web.Response(status=400, text="bad upload")
            known["content"] = content
            self.calls.append(Call("upload", {"file": file}, {"ok": True}))
            return web.Response(text=f"OK - {len(content)}")

        return await self._faulty("upload", {"file": file}, act)

    async def _hook(self, request: web.Request) -> web.Response:
        said, hook = await arguments(request), request.match_info["hook"]

        def act() -> web.Response:
            status, answer = use(self, self.hooks.get(hook), said)
            self.calls.append(Call("response_url", said, answer))
            return web.json_response(answer, status=status)

        return await self._faulty("response_url", said, act)


def limited(seconds: int | str) -> web.Response:
    """Too fast."""
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)})


async def arguments(request: web.Request) -> Args:
    """Query, form and JSON body in one."""
    args = Args(request.query)
    if request.content_type == "application/json":
        said = await request.json()
        args.update(said if isinstance(said, dict) else {})
    elif request.method == "POST":
        args.update(dict(await request.post()))
    return args


async def uploaded(request: web.Request) -> bytes:
    """The bytes, sent plainly or as the one file of a form."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    for value in (await request.post()).values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""
