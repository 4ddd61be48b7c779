"""Web: the aiohttp application: the doors' routes, and how the bot is."""

import hmac
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.delivery import Delivery
from bot.door import Door
from bot.downloads import Downloads
from bot.forwarded import is_forwarded
from bot.health import Health
from bot.heartbeat import Heartbeat
from bot.legal import About
from bot.links import Links
from bot.metrics import OutboxCollector
from bot.runtime import Runtime
from bot.settings import Settings
from storage.database import DatabaseUnavailable
from storage.faults import Fault

log = logging.getLogger("cityops.web")
DAY = timedelta(hours=24)
BODY_LIMIT = 1024 * 1024  # bytes; Slack's largest payload is a view of 250 KB, form-encoded


@dataclass(frozen=True)
class Served:
    """What the web application shows to the outside."""

    settings: Settings
    runtime: Runtime
    delivery: Delivery
    doors: Sequence[Door]
    heartbeat: Heartbeat
    health: Health


def web_application(served: Served) -> web.Application:
    """The routes of every door that is open, /files, /privacy and /terms, and /healthz, /readyz, /metrics."""
    watched, runtime = Watched(served), served.runtime
    routes = [
        web.get("/healthz", watched.alive),
        web.get("/readyz", watched.ready),
        web.get("/metrics", watched.metrics),
    ]
    routes += [*Downloads(runtime, Links(served.settings, runtime.clock)).routes(), *About(runtime.city).routes()]
    routes += [route for door in served.doors for route in door.routes()]
    if not any(route.path == "/" for route in routes):
        routes.append(web.get("/", watched.front))
    application = web.Application(client_max_size=BODY_LIMIT, middlewares=[until_hung_up])
    application.add_routes(routes)
    return application


@web.middleware
async def until_hung_up(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A client that closes the connection too soon gets no answer, and one that garbles its words is told so; neither
    is an error of ours."""
    try:
        return await handler(request)
    except ConnectionError as problem:
        if request.transport is not None:
            raise
        log.info("a client hung up before its request had arrived", extra={"why": type(problem).__name__})
    except web.RequestPayloadError as problem:
        log.info("a client's request could not be read", extra={"why": type(problem).__name__})
    return web.Response(status=400, text="the request did not arrive whole\n")


class Watched:
    """What watches the bot from outside."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.registry = CollectorRegistry()
        self.collector = OutboxCollector()
        self.registry.register(self.collector)

    async def front(self, _request: web.Request) -> web.Response:
        return web.Response(text="cityops is running. It listens to Slack and Teams; there is nothing to see here.\n")

    async def alive(self, _request: web.Request) -> web.Response:
        """The process answers."""
        return web.Response(text="ok\n")

    async def ready(self, _request: web.Request) -> web.Response:
        """What people ask of the bot is done, and what it does by itself has succeeded within the last minute; else
        503 and a line for each thing that does not.

        What is set aside, or silences the heartbeat, is named and is no 503: all else goes on. Nothing is written here.
        """
        runtime = self.served.runtime
        problems = self.served.health.problems(runtime.city().calendar)
        aside: list[Fault] = []
        try:
            aside = await runtime.read(lambda store: store.faults.all())
        except DatabaseUnavailable as problem:
            problems.append(f"the database does not answer: {problem}")
        if closed := [door.platform for door in self.served.doors if not door.ready]:
            problems.append(f"not connected: {', '.join(closed)}")
        if problems:
            return web.Response(status=503, text=_lines(problems))
        city = [line] if (line := getattr(runtime.city, "problem", None)) else []
        named = dict.fromkeys(
            [*city, *self.served.heartbeat.problems, *(f"set aside: {fault.part}" for fault in aside)]
        )
        return web.Response(text=_lines(["ready", *named]))

    async def metrics(self, request: web.Request) -> web.Response:
        """Prometheus text, for this machine or for a caller with METRICS_TOKEN."""
        if not self._may_measure(request):
            return web.Response(status=403, text="set METRICS_TOKEN and send it as a bearer token\n")
        now = self.served.runtime.clock.now()
        try:
            counted = await self.served.runtime.read(
                lambda store: (
                    store.chat.outbox.counts(now),
                    store.chat.messages.per_person(now - DAY),
                    len(store.faults.all()),
                )
            )
        except DatabaseUnavailable:
            counted = None
        self.collector.counted = counted
        self.collector.ages = self.served.health.ages
        self.collector.requests = dict(self.served.runtime.counted)
        self.collector.deliveries = dict(self.served.delivery.counted)
        return web.Response(body=generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _may_measure(self, request: web.Request) -> bool:
        token = self.served.settings.metrics_token
        if token and hmac.compare_digest(
            request.headers.get("Authorization", "").encode(), f"Bearer {token.get_secret_value()}".encode()
        ):
            return True
        return request.remote in ("127.0.0.1", "::1") and not is_forwarded(request)


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
