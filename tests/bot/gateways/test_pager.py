"""Pager: each page is one JSON object, and what the gateway answers decides what becomes of it."""

import asyncio
from dataclasses import replace

import pytest
from pydantic import SecretStr

from bot.gateways.pager import Pager
from bot.post import Outgoing, Refused, Sent, Silence, Wait
from tests.bot.gateways.conftest import Gateway


async def test_a_page_says_whom_to_call_and_why(gateway: Gateway, page: Outgoing) -> None:
    assert isinstance(await Pager(gateway.url, SecretStr("word")).post(page), Sent)
    [(body, headers)] = gateway.got
    assert body == {
        "key": "k1",
        "to": {"id": "tom", "name": "Tom Okafor", "phone": "555-0111", "email": "tom@riverton.example.org"},
        "title": "Crisis CR-2026-01: you are needed",
        "text": "Crisis CR-2026-01: you are needed\n\nWater main burst",
        "crisis": "CR-2026-01",
        "sent_again": False,
    }
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer word", "k1")


async def test_a_page_that_goes_again_says_so_under_the_same_key(gateway: Gateway, page: Outgoing) -> None:
    await Pager(gateway.url, None).post(replace(page, again=True))
    [(body, headers)] = gateway.got
    assert (body["sent_again"], headers["Idempotency-Key"]) == (True, "k1")
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    ("status", "result"), [(202, Sent), (302, Refused), (404, Refused), (408, Silence), (500, Silence), (503, Silence)]
)
async def test_the_status_decides(gateway: Gateway, page: Outgoing, status: int, result: type) -> None:
    gateway.status = status
    assert isinstance(await Pager(gateway.url, None).post(page), result)


@pytest.mark.parametrize(("said", "seconds"), [("7", 7), ("soon", None), ("", None), ("-1", None), ("9" * 9, 300)])
async def test_a_gateway_that_asks_to_wait_is_waited_for_at_most_five_minutes(
    gateway: Gateway, page: Outgoing, said: str, seconds: float | None
) -> None:
    gateway.status, gateway.headers = 429, {"Retry-After": said}
    result = await Pager(gateway.url, None).post(page)
    assert isinstance(result, Wait)
    assert result.seconds == seconds
    assert ("999999999 seconds" in result.why) == (seconds == 300)


async def test_a_gateway_that_is_not_there_has_no_page_and_is_tried_again(page: Outgoing) -> None:
    assert isinstance(await Pager("http://127.0.0.1:9/page", None).post(page), Wait)


async def test_of_a_page_after_which_the_gateway_hung_up_nobody_can_know(gateway: Gateway, page: Outgoing) -> None:
    gateway.hangs_up = True
    assert isinstance(await Pager(gateway.url, None).post(page), Silence)
    assert len(gateway.got) == 1


async def test_of_a_gateway_that_says_nothing_nobody_can_know(
    gateway: Gateway, page: Outgoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.gateways.pager.SECONDS", 0.2)
    gateway.says_nothing = True
    assert isinstance(await Pager(gateway.url, None).post(page), Silence)
    assert len(gateway.got) == 1


async def test_an_answer_without_an_end_is_not_read(gateway: Gateway, page: Outgoing) -> None:
    gateway.never_ends = True
    async with asyncio.timeout(3):
        assert isinstance(await Pager(gateway.url, None).post(page), Sent)


async def test_a_page_goes_nowhere_but_to_its_gateway(
    gateway: Gateway, page: Outgoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    gateway.status, gateway.headers = 307, {"Location": gateway.url}
    assert isinstance(await Pager(gateway.url, None).post(page), Refused)
    assert len(gateway.got) == 1


async def test_a_page_that_is_about_no_crisis_names_none(gateway: Gateway, page: Outgoing) -> None:
    for about in (None, "R-1"):
        await Pager(gateway.url, None).post(replace(page, payload={**page.payload, "about": about}))
    assert [body["crisis"] for body, _ in gateway.got] == [None, None]
