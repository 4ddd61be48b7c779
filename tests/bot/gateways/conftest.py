"""What the gateways' tests share: a page as delivery hands it over, and a gateway that takes pages."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.post import Outgoing
from handlers.kit.messages import Card, Text


class Gateway:
    """A gateway that keeps what it was sent."""

    def __init__(self) -> None:
        self.status, self.headers, self.url = 200, dict[str, str](), ""
        self.hangs_up = self.says_nothing = self.never_ends = False
        self.got: list[tuple[dict[str, Any], dict[str, str]]] = []
        self.came, self.over = asyncio.Queue[None](), asyncio.Event()

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.got.append((await request.json(), dict(request.headers)))
        self.came.put_nowait(None)
        if self.says_nothing:
            await self.over.wait()
        if self.hangs_up and request.transport:
            request.transport.abort()
        if self.never_ends:
            return await self._talk(request)
        return web.Response(status=self.status, headers=self.headers)

    async def _talk(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        with contextlib.suppress(ConnectionError):
            while not self.over.is_set():
                await answer.write(b"yes " * 10_000)
        return answer


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    server, application = Gateway(), web.Application()
    application.router.add_post("/page", server.take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/page"
    yield server
    server.over.set()
    await runner.cleanup()


@pytest.fixture
def page() -> Outgoing:
    """A page to Tom."""
    payload = {"person": "tom", "name": "Tom Okafor", "phone": "555-0111", "about": "CR-2026-01 tom"}
    card = Card("Crisis CR-2026-01: you are needed", Text("Water main burst"))
    return Outgoing("k1", "post", card, payload, None, email="tom@riverton.example.org")
