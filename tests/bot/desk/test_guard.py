"""The desk lets anyone be anyone, so it answers only a browser on this machine, on its own page."""

from typing import Any
from uuid import uuid4

import pytest
from aiohttp import ClientSession

from tests.chat.desk import DeskChat

ROUTES = ["/", "/desk/channel?as=sam&in=risks", "/desk/events?as=sam", "/desk/static/desk.js"]


async def seen(chat: DeskChat, path: str, headers: dict[str, str]) -> tuple[int, str]:
    async with ClientSession() as web, web.get(f"{chat.bot.url}{path}", headers=headers) as response:
        return response.status, "" if response.status == 200 else await response.text()


async def said(chat: DeskChat, headers: dict[str, str], path: str = "say", **more: Any) -> int:
    body = {"as": "sam", "in": "dm:sam", "key": str(uuid4()), "text": "help", **more}
    async with ClientSession() as web, web.post(f"{chat.bot.url}/desk/{path}", json=body, headers=headers) as response:
        return response.status


async def test_this_machines_own_names_are_answered(desk_chat: DeskChat) -> None:
    for host in ("localhost", "127.0.0.1:8080", "[::1]", "[::1]:8080", "LOCALHOST:1"):
        assert (await seen(desk_chat, "/", {"Host": host}))[0] == 200, host


@pytest.mark.parametrize("path", ROUTES)
async def test_any_other_name_is_refused_everywhere(desk_chat: DeskChat, path: str) -> None:
    for host in ("riverton.example.org", "localhost.evil.org", "127.0.0.1.evil.org", "127.0.0.1:80:80", "0.0.0.0"):
        status, why = await seen(desk_chat, path, {"Host": host})
        assert (status, why.split(".")[0]) == (403, "The desk is for this machine alone"), host


@pytest.mark.parametrize("path", ROUTES)
async def test_what_comes_through_a_proxy_is_refused(desk_chat: DeskChat, path: str) -> None:
    for header in ("Forwarded", "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Anything"):
        assert (await seen(desk_chat, path, {header: "127.0.0.1"}))[0] == 403, header


async def test_its_own_page_may_speak(desk_chat: DeskChat) -> None:
    assert await said(desk_chat, {"Origin": desk_chat.bot.url}) == 200
    assert await said(desk_chat, {"Sec-Fetch-Site": "same-origin"}) == 200


@pytest.mark.parametrize("path", ["say", "press", "submit"])
async def test_another_page_may_not_speak(desk_chat: DeskChat, path: str) -> None:
    for origin in ("https://evil.example", "null", "http://localhost", "https://127.0.0.1", ""):
        assert await said(desk_chat, {"Origin": origin}, path) == 403, origin


async def test_who_does_not_say_where_they_speak_from_may_not_speak(desk_chat: DeskChat) -> None:
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}):
        assert await said(desk_chat, headers) == 403, headers


async def test_the_page_fetches_runs_and_frames_nothing_of_others(desk_chat: DeskChat) -> None:
    async with desk_chat.web.get(f"{desk_chat.bot.url}/") as response:
        policy = response.headers["Content-Security-Policy"]
        page = await response.text()
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert "style=" not in page
    assert "onclick" not in page
