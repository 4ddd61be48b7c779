"""Web: the aiohttp application: the doors' routes, and how the bot is."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.about import About
from bot.delivery import Delivery
from bot.door import Door
from bot.downloads import Downloads
from bot.forwarded import is_forwarded
from bot.heartbeat import Heartbeat
from bot.links import Links
from bot.metrics import OutboxCollector
from bot.runtime import Runtime
from bot.settings import Settings
from storage.database import DatabaseUnavailable

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


def web_application(served: Served) -> web.Application:
    """The routes of every door that is open, /files, /privacy and /terms, and /healthz, /readyz, /metrics."""
    health, runtime = Health(served), served.runtime
    routes = [web.get("/healthz", health.alive), web.get("/readyz", health.ready), web.get("/metrics", health.metrics)]
    routes += [*Downloads(runtime, Links(served.settings, runtime.clock)).routes(), *About(runtime.city).routes()]
    routes += [route for door in served.doors for route in door.routes()]
    if not any(route.path == "/" for route in routes):
        routes.append(web.get("/", health.front))
    application = web.Application(client_max_size=BODY_LIMIT)
    application.add_routes(routes)
    return application


class Health:
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
        """The database answers and the city's files make sense; else 503 and one line why.

        What silences the heartbeat is named and is no 503: in a crisis a proxy must not take the bot away for it.
        """
        if problem := getattr(self.served.runtime.city, "problem", None):
            return web.Response(status=503, text=f"{problem}\n")
        try:
            await self.served.runtime.read(lambda store: store.outbox.counts(self.served.runtime.clock.now()))
        except DatabaseUnavailable as problem:
            return web.Response(status=503, text=f"the database does not answer: {problem}\n")
        closed = [door.platform for door in self.served.doors if not door.ready]
        if closed:
            return web.Response(status=503, text=f"not connected: {', '.join(closed)}\n")
        return web.Response(text="".join(f"{line}\n" for line in ("ready", *self.served.heartbeat.problems)))

    async def metrics(self, request: web.Request) -> web.Response:
        """Prometheus text, for this machine or for who has METRICS_TOKEN."""
        if not self._may_measure(request):
            return web.Response(status=403, text="set METRICS_TOKEN and send it as a bearer token\n")
        now = self.served.runtime.clock.now()
        try:
            self.collector.waiting, self.collector.people = await self.served.runtime.read(
                lambda store: (store.outbox.counts(now), store.messages.per_person(now - DAY))
            )
        except DatabaseUnavailable as problem:
            return web.Response(status=503, text=f"the database does not answer: {problem}\n")
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
