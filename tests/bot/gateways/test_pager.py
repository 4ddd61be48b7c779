"""Pager: each page is one JSON object, and what the gateway answers decides what becomes of it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.gateways.pager import Pager
from bot.post import Outgoing, Refused, Sent, Silence, Wait


class Gateway:
    """A gateway that keeps what it was sent."""

    def __init__(self) -> None:
        self.status, self.headers, self.url = 200, dict[str, str](), ""
        self.got: list[tuple[dict[str, Any], dict[str, str]]] = []

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((await request.json(), dict(request.headers)))
        return web.Response(status=self.status, headers=self.headers)


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    one, application = Gateway(), web.Application()
    application.router.add_post("/page", one.take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.url = f"http://127.0.0.1:{runner.addresses[0][1]}/page"
    yield one
    await runner.cleanup()


async def test_a_page_says_whom_to_call_and_why(gateway: Gateway, page: Outgoing) -> None:
    assert isinstance(await Pager(gateway.url, SecretStr("word")).post(page), Sent)
    [(body, headers)] = gateway.got
    assert body == {
        "key": "k1",
        "to": {"id": "tom", "name": "Tom Okafor", "phone": "555-0111", "email": "tom@riverton.example.org"},
        "title": "Crisis CR-2026-01: you are needed",
        "text": "Crisis CR-2026-01: you are needed\n\nWater main burst",
        "about": "CR-2026-01 tom",
        "sent_again": False,
    }
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer word", "k1")


async def test_a_page_that_goes_again_says_so_under_the_same_key(gateway: Gateway, page: Outgoing) -> None:
    await Pager(gateway.url, None).post(replace(page, again=True))
    [(body, headers)] = gateway.got
    assert (body["sent_again"], headers["Idempotency-Key"]) == (True, "k1")
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    ("status", "result"), [(202, Sent), (302, Refused), (404, Refused), (500, Silence), (503, Silence)]
)
async def test_the_status_decides(gateway: Gateway, page: Outgoing, status: int, result: type) -> None:
    gateway.status = status
    assert isinstance(await Pager(gateway.url, None).post(page), result)


async def test_a_gateway_that_asks_to_wait_is_waited_for(gateway: Gateway, page: Outgoing) -> None:
    gateway.status, gateway.headers = 429, {"Retry-After": "7"}
    said = await Pager(gateway.url, None).post(page)
    assert isinstance(said, Wait)
    assert said.seconds == 7


async def test_of_a_gateway_that_is_not_there_nobody_can_know(page: Outgoing) -> None:
    assert isinstance(await Pager("http://127.0.0.1:9/page", None).post(page), Silence)
