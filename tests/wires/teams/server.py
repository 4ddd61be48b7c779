"""Server: the fake Teams on loopback, as the bot's connector client and its login meet it."""

import asyncio
import socket
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import aiohttp
from aiohttp import web

from tests.wires.garbled import GARBLED, garbled

from .activities import TeamEvents
from .connector import OPERATIONS, STATUS
from .delivery import Delivery, TeamsReply, deliver, send, with_path
from .faults import Fault, Pace
from .login import Login
from .people import TeamsPerson
from .records import APP_ID, TENANT, Call, Json, Refused

APP_PASSWORD = "app-password"
ORDINARY = frozenset({code for code, status in STATUS.items() if status in (403, 404)})  # a correct bot can get these
CONVERSATION = "/{region}/v3/conversations/{conversation}"
ROUTES = (
    ("POST", "/{region}/v3/conversations", "create"),
    ("POST", f"{CONVERSATION}/activities", "send"),
    ("POST", f"{CONVERSATION}/activities/{{activity}}", "reply"),
    ("PUT", f"{CONVERSATION}/activities/{{activity}}", "update"),
    ("DELETE", f"{CONVERSATION}/activities/{{activity}}", "delete"),
    ("GET", f"{CONVERSATION}/pagedmembers", "members"),
    ("GET", f"{CONVERSATION}/members/{{member}}", "member"),
    ("GET", "/{region}/v3/teams/{team}", "team"),
    ("GET", "/{region}/v3/teams/{team}/conversations", "channels"),
)


class Dropped(Exception):
    """The connection goes down without an answer."""


class FakeTeams(TeamEvents):
    """A Teams tenant with its login service, its connector, its clients and its faults."""

    def __init__(
        self,
        *,
        app_id: str = APP_ID,
        password: str = APP_PASSWORD,
        tenant: str = TENANT,
        token_seconds: int = 3600,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(tenant=tenant, app_id=app_id, now=now)
        self.password = password
        self.login = Login(app_id=app_id, password=password, tenant=tenant, token_seconds=token_seconds)
        self.date = now  # what the Date of its answers says
        self.pace = True
        self.down = False
        self.ack_seconds = 15.0
        self.last: TeamsReply | None = None
        self._faults: list[Fault] = []
        self._pace = Pace(now)
        self._released = asyncio.Event()
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connection pool of Teams' own services."""
        assert self._session is not None, "await teams.start() first"
        return self._session

    async def start(self, port: socket.socket | None = None) -> None:
        """Listen on this bound port, which stays the caller's, or on a free one of 127.0.0.1.

        `service_url`, `openid_url` and `token_url` name it from then on.
        """
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_get("/v1/.well-known/openidconfiguration", self._guarded(self._openid))
        app.router.add_get("/v1/.well-known/keys", self._guarded(self._keys))
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._guarded(self._token))
        for method, path, operation in ROUTES:
            app.router.add_route(method, path, self._guarded(self._connector(operation)))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.SockSite(self._runner, port.dup()) if port else web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}"
        self.service_url = f"{self.base}/emea/"
        self.openid_url = f"{self.base}/v1/.well-known/openidconfiguration"
        self.token_url = f"{self.base}/{self.tenant}/oauth2/v2.0/token"
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def stop(self) -> None:
        """Release the requests that are held, and close the port."""
        self.release()
        if self._session:
            await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    def rotate_keys(self, *, keep: bool = False) -> None:
        """Sign with a new key; the old ones vanish from the JWKS unless `keep`."""
        self.login.rotate(keep=keep)

    def fail(
        self,
        operation: str,
        *,
        times: int = 1,
        how: str,
        retry_after: int | str | None = 1,
        when: Callable[[Json], bool] | None = None,
    ) -> None:
        """Break the next calls of an operation for which `when(args)` holds.

        Operations: create, send, reply, update, delete, members, member, team, channels; token, openid, keys;
        `post` (create, send or reply) and `*`. `how`: drop, a status such as 503, one of GARBLED (no effect);
        lost_reply, hang, 500_after (effect, no proper reply); else an error code. `retry_after` goes with 429; None
        leaves it out.
        """
        self._faults.append(Fault(operation, times, how, retry_after, when))

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
                recent = [(call.operation, call.result) for call in self.calls[-5:]]
                raise AssertionError(f"nothing of the kind within {seconds} s; last calls: {recent}") from None

    def stir(self) -> None:
        """Wake everyone who waits in `until`."""
        self._changed.set()
        self._changed = asyncio.Event()

    def person(self, user: str, bot_url: str) -> TeamsPerson:
        """Someone (id or name) at their Teams client."""
        return TeamsPerson(self, self.user(user).id, bot_url)

    def authorization(self, how: str = "good", *, service_url: str | None = None) -> dict[str, str]:
        """The header that vouches for a request, or one of `login.FORGERIES`."""
        return self.login.header(service_url or self.service_url, how)

    async def deliver(self, bot_url: str, activity: Json) -> TeamsReply:
        """Any activity, properly signed."""
        return await deliver(self, bot_url, activity)

    async def redeliver(self, reply: TeamsReply, *, new_id: bool = False) -> TeamsReply:
        """The same activity once more, freshly signed, as Teams repeats it; its answer changes no screen."""
        activity = reply.activity
        if new_id:
            activity["id"] = self.next_id()
        return await deliver(self, reply.delivery.url, activity)

    async def raw_post(self, bot_url: str, body: bytes, headers: dict[str, str]) -> TeamsReply:
        """Any bytes and headers, unsigned unless you add `authorization()`."""
        return await send(self, Delivery(with_path(bot_url), body, "raw"), headers)

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

    async def _faulty(self, operation: str, args: Json, act: Callable[[], web.Response]) -> web.Response:
        """Act; a fault that a test ordered for this call may prevent it, or lose its reply."""
        fault = next((candidate for candidate in self._faults if candidate.strikes(operation, args)), None)
        if fault is None:
            return act()
        if fault.acts:
            act()
        self.calls.append(Call(operation, args, f"fault: {fault.how}"))
        if fault.how == "hang":
            self.stir()
            await self._released.wait()
        if fault.how in ("drop", "lost_reply", "hang"):
            raise Dropped
        if fault.how in GARBLED:
            return garbled(fault.how)
        if fault.status == 429:
            return limited(fault.retry_after)
        if fault.status:
            return failed(fault.status, "ServiceError", "fault")
        return failed(STATUS.get(fault.how, 400), fault.how, "fault")

    async def _openid(self, request: web.Request) -> web.Response:
        self.login.fetches["openid"] += 1
        return await self._faulty("openid", {}, lambda: web.json_response(self.login.openid(self.base)))

    async def _keys(self, request: web.Request) -> web.Response:
        self.login.fetches["keys"] += 1
        return await self._faulty("keys", {}, lambda: web.json_response(self.login.jwks()))

    async def _token(self, request: web.Request) -> web.Response:
        self.login.fetches["token"] += 1
        form = dict(await request.post())

        def act() -> web.Response:
            status, answer = self.login.grant(request.match_info["tenant"], form)
            if status != 200:
                self.refuse("token", answer["error"], answer["error_description"])
            return web.json_response(answer, status=status)

        return await self._faulty("token", {"grant_type": form.get("grant_type")}, act)

    def _connector(self, operation: str) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.Response:
            args: Json = {**request.query, **request.match_info}
            if request.method in ("POST", "PUT"):
                try:
                    args["body"] = await request.json()
                except ValueError:
                    args["body"] = None
            authorization = request.headers.get("Authorization", "")
            return await self._faulty(operation, args, lambda: self._perform(operation, args, authorization))

        return handle

    def _perform(self, operation: str, args: Json, authorization: str) -> web.Response:
        try:
            wait = self._admit(operation, args, authorization)
            if wait:
                self.calls.append(Call(operation, args, {"status": 429}))
                return limited(wait)
            status, answer = OPERATIONS[operation](self, args)
        except Refused as no:
            if no.code not in ORDINARY and no.code != "TokenExpired":
                self.refuse(operation, no.code, {"words": no.words, "args": args})
            self.calls.append(Call(operation, args, {"status": no.status, "code": no.code}))
            return failed(no.status, no.code, no.words)
        self.calls.append(Call(operation, args, {"status": status, "body": answer}))
        return web.Response(status=status) if answer is None else web.json_response(answer, status=status)

    def _admit(self, operation: str, args: Json, authorization: str) -> int:
        """The token; gives the seconds to wait when the conversation has had too many calls."""
        if not self.login.holds(authorization):
            once = authorization.removeprefix("Bearer ") in self.login.issued
            raise Refused(401, "TokenExpired" if once else "Unauthorized", "Authorization has been denied.")
        return self._pace.wait(operation, place_of(args)) if self.pace else 0


def place_of(args: Json) -> str:
    """The conversation whose pace a call takes part in."""
    if "conversation" in args:
        return str(args["conversation"]).partition(";")[0]
    body: Json = args["body"] if isinstance(args.get("body"), dict) else {}
    channel = ((body.get("channelData") or {}).get("channel") or {}).get("id")
    return str(args.get("team") or channel or [member.get("id") for member in body.get("members") or []])


def limited(seconds: int | str | None) -> web.Response:
    """Too fast."""
    headers = {} if seconds is None else {"Retry-After": str(seconds)}
    return failed(429, "TooManyRequests", "API calls quota exceeded", headers)


def failed(status: int, code: str, words: str, headers: dict[str, str] | None = None) -> web.Response:
    """An error as the connector words it."""
    return web.json_response({"error": {"code": code, "message": words}}, status=status, headers=headers or {})
