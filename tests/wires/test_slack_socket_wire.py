"""The fake Slack's Socket Mode: what it refuses, and what it notices."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSServerHandshakeError

from tests.wires.slack import APP_TOKEN, FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    slack = FakeSlack()
    slack.add_user("sam", "sam@riverton.example.org")
    slack.ack_seconds = 0.2
    await slack.start()
    yield slack
    await slack.stop()


@pytest.fixture
async def web() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def address(slack: FakeSlack, web: ClientSession, token: str = APP_TOKEN) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    async with web.post(f"{slack.api_url}apps.connections.open", headers=headers) as response:
        return dict(await response.json())


async def connected(slack: FakeSlack, web: ClientSession) -> ClientWebSocketResponse:
    socket = await web.ws_connect((await address(slack, web))["url"])
    assert (await socket.receive_json())["type"] == "hello"
    return socket


async def test_only_the_token_of_the_app_opens_a_connection(slack: FakeSlack, web: ClientSession) -> None:
    assert (await address(slack, web, "xoxb-test"))["error"] == "invalid_auth"


async def test_an_address_is_good_for_one_connection(slack: FakeSlack, web: ClientSession) -> None:
    url = (await address(slack, web))["url"]
    await web.ws_connect(url)
    with pytest.raises(WSServerHandshakeError):
        await web.ws_connect(url)


async def test_an_eleventh_connection_is_sent_away(slack: FakeSlack, web: ClientSession) -> None:
    kept = [await connected(slack, web) for _ in range(10)]
    socket = await web.ws_connect((await address(slack, web))["url"])
    assert (await socket.receive_json())["reason"] == "too_many_websockets"
    assert not any(connection.closed for connection in kept)


async def test_an_envelope_without_an_ack_is_late(slack: FakeSlack, web: ClientSession) -> None:
    socket = await connected(slack, web)
    reply = await slack.person("sam", via_socket=True).slash("/risk", "list")
    sent = await socket.receive_json()
    assert (sent["type"], sent["accepts_response_payload"], sent["payload"]["text"]) == ("slash_commands", True, "list")
    assert reply.late
    assert slack.late_acks == ["/risk"]


async def test_an_event_takes_no_answer_in_its_ack(slack: FakeSlack, web: ClientSession) -> None:
    socket = await connected(slack, web)
    slack.ack_seconds = 3

    async def answer() -> None:
        sent = await socket.receive_json()
        await socket.send_json({"envelope_id": sent["envelope_id"], "payload": {"text": "hello"}})

    _, reply = await asyncio.gather(answer(), slack.person("sam", via_socket=True).direct("help"))
    assert reply.status == 200
    assert [refusal.error for refusal in slack.refusals] == ["payload_not_accepted"]


async def test_an_ack_of_nothing_is_noticed(slack: FakeSlack, web: ClientSession) -> None:
    socket = await connected(slack, web)
    await socket.send_json({"envelope_id": "made up"})
    await slack.until(lambda: slack.refusals)
    assert slack.refusals[0].error == "unknown_envelope"
