"""Socket: Slack over connections that the bot itself opens, for a city whose firewall lets nobody in."""

import asyncio
import json
import logging
from datetime import timedelta

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.clock import Clock
from bot.complaints import Complaint
from bot.retry_after import retry_after
from bot.slack.client import CREDENTIALS, Client, code_of, status_of
from bot.slack.trouble import NOT_SLACK, unreadable
from bot.tasks import Tasks

log = logging.getLogger("cityops.slack")
CONNECTIONS = 2  # while Slack has one renewed, the other hears; Slack allows ten for all replicas together
OPEN_SECONDS = 5  # for one try: the address, then the connection
PING_SECONDS = 5  # a connection that answers no ping for four times as long is opened again
LOOK = timedelta(seconds=30)  # the library mends a connection by itself; one found lost twice is begun again
FIRST_RETRY, LONGEST_RETRY = 2, 60  # seconds between tries
REFUSED = (*CREDENTIALS, "missing_scope")  # what Slack says of a token
ACK_SECONDS = 3  # how long Slack waits for an answer


class NotOpened(Exception):
    """A connection could not be opened, in words for IT; ``wait`` is how long Slack wants us to, in seconds."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


class Socket:
    """Socket Mode: several connections, each kept open; any of them may bring the next payload."""

    def __init__(self, app: AsyncApp, client: Client, token: str, clock: Clock) -> None:
        self.connections = [Connection(app, client, token, clock) for _ in range(CONNECTIONS)]

    @property
    def connected(self) -> bool:
        """Whether Slack can reach us."""
        return any(connection.connected for connection in self.connections)

    async def open(self) -> None:
        """Try once to connect; what does not succeed is tried again in the background until :meth:`close`."""
        await asyncio.gather(*(connection.begin() for connection in self.connections))

    async def close(self) -> None:
        await asyncio.gather(*(connection.end() for connection in self.connections))


class Connection:
    """One connection, opened again whenever it is lost."""

    def __init__(self, app: AsyncApp, client: Client, token: str, clock: Clock) -> None:
        self.app, self.client, self.token, self.clock = app, client, token, clock
        self.open_seconds: float = OPEN_SECONDS
        self._handler: Handler | None = None
        self._tried = asyncio.Event()
        self._keeping = Tasks()
        self._complaint = Complaint(
            log.error, "Slack's Socket Mode is not connected: %s. It is tried again until it is."
        )

    @property
    def connected(self) -> bool:
        session = self._handler.client.current_session if self._handler else None
        return session is not None and not session.closed

    async def begin(self) -> None:
        self._keeping.begin(self._keep())
        await self._tried.wait()

    async def end(self) -> None:
        await self._keeping.cancel()
        await self._let_go()

    async def _keep(self) -> None:
        tries = 0
        while True:
            wait: float = min(FIRST_RETRY * 2**tries, LONGEST_RETRY)
            try:
                await self._open()
            except Exception as problem:  # a bot that stops trying would be deaf until somebody notices
                self._complaint.say(str(problem) or type(problem).__name__)
                tries, wait = min(tries + 1, 10), getattr(problem, "wait", None) or wait
            else:
                tries = 0
                if self._complaint.over():
                    log.info("Slack's Socket Mode is connected")
                self._tried.set()
                await self._until_lost()
                wait = 0
            self._tried.set()
            await self._let_go()
            await self.clock.until(self.clock.now() + timedelta(seconds=wait))

    async def _open(self) -> None:
        """A new connection at a new address (each is good for one); raises NotOpened."""
        try:
            async with asyncio.timeout(self.open_seconds):
                url = await address(self.client, self.token)
                self._handler = Handler(self.app, self.client, self.token)
                self._handler.client.wss_uri = url
                await self._handler.client.connect()  # type: ignore[no-untyped-call]
        except TimeoutError:
            raise NotOpened("Slack cannot be reached; check the firewall: wss on port 443 to outside") from None

    async def _until_lost(self) -> None:
        looks_without = 0
        while looks_without < 2:
            await self.clock.until(self.clock.now() + LOOK)
            looks_without = 0 if self.connected else looks_without + 1

    async def _let_go(self) -> None:
        handler, self._handler = self._handler, None
        if handler:
            await handler.finish()


async def address(client: Client, token: str) -> str:
    """The address of one new connection, good for one use; raises NotOpened."""
    try:
        said = await client.api.apps_connections_open(app_token=token)
    except SlackApiError as problem:
        wait, code = retry_after(getattr(problem.response, "headers", {})), code_of(problem)
        if code in REFUSED:
            why = f"SLACK_APP_TOKEN is refused ({code}); make one with the scope connections:write"
        else:
            why = f"Slack answered {code}" if code else unreadable(status_of(problem), wait)
        raise NotOpened(why, wait) from problem
    except (aiohttp.ClientError, OSError) as problem:
        raise NotOpened(f"Slack cannot be reached ({type(problem).__name__})") from problem
    if not said.get("url"):
        raise NotOpened(NOT_SLACK)
    return str(said["url"])


class Handler(AsyncSocketModeHandler):
    """Hands what arrives to bolt, and acknowledges it."""

    def __init__(self, app: AsyncApp, client: Client, token: str) -> None:
        quiet = logging.getLogger("cityops.slack.sdk")
        quiet.setLevel(logging.CRITICAL)  # it logs every try with a traceback; a Connection says it in one line
        super().__init__(app, token, quiet, client.client, ping_interval=PING_SECONDS)
        self.client.proxy = client.client.proxy  # else the library takes HTTPS_PROXY, even for loopback
        self._busy: set[asyncio.Task[None]] = set()

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Acknowledge everything, except what broke or came too early, so that Slack sends it again."""
        task = asyncio.current_task()
        assert task is not None, "the library calls this in a task of its own, to which it keeps no reference"
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        try:
            answer = await run_async_bolt_app(self.app, req)
            if answer.status >= 500:
                log.warning("an envelope was left to Slack to repeat", extra={"status": answer.status})
                return
            payload = json.loads(answer.body) if answer.status == 200 and answer.body else None
            await client.send_socket_mode_response(SocketModeResponse(req.envelope_id, payload))
        except Exception:
            log.exception("an envelope was not acknowledged")

    async def finish(self) -> None:
        """Answer what has arrived, as long as Slack waits for it, and close."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=ACK_SECONDS)
        try:
            await self.close_async()  # type: ignore[no-untyped-call]
        except Exception:  # it is let go all the same, or no other would be opened
            log.exception("a connection to Slack did not close")
