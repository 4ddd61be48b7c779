"""Socket Mode: the bot opens the connections, Slack sends over them, and nothing reaches it from outside."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.settings import Settings
from bot.slack.socket import CONNECTIONS
from tests.bot.house import MONDAY, PassingClock
from tests.bot.slack.conftest import House
from tests.sqlite import new_database
from tests.wires.slack import APP_TOKEN, FakeSlack, SlackPerson


class SocketHouse(House):
    """A bot that is reached over its own connections."""

    def person(self, name: str) -> SlackPerson:
        return self.slack.person(name, via_socket=True)

    async def connected(self, count: int = CONNECTIONS) -> None:
        await self.slack.until(lambda: len(self.slack.sockets.open) == count)
        assert self.door.socket is not None
        while not all(connection.connected for connection in self.door.socket.connections):
            await self.time_passes(0)

    async def time_passes(self, seconds: float, steps: int = 1) -> None:
        for _ in range(steps):
            self.clock.pass_by(seconds)
            await asyncio.sleep(0)


@pytest.fixture
def clock() -> PassingClock:
    return PassingClock(MONDAY)


@pytest.fixture
async def house(slack: FakeSlack, clock: PassingClock, tmp_path: Path) -> AsyncIterator[SocketHouse]:
    database = new_database(tmp_path)
    settings = Settings(slack_bot_token="xoxb-test", slack_app_token=APP_TOKEN, slack_api_url=slack.api_url)
    house = SocketHouse(slack, clock, database, settings)
    yield house
    slack.release()
    await house.delivery.stop()
    await house.door.stop()
    database.close()


async def test_a_command_is_acknowledged_with_its_answer(house: SocketHouse, slack: FakeSlack) -> None:
    await house.door.start()
    reply = await house.person("sam").slash("/risk", "add Dam gate stuck; likelihood 2; impact 3")
    assert reply.message is not None
    assert "Logged R-1" in reply.message.shown
    assert slack.refusals == []


async def test_a_form_opens_and_is_answered_over_the_socket(house: SocketHouse, slack: FakeSlack) -> None:
    await house.door.start()
    sam = house.person("sam")
    await sam.slash("/risk", "add Dam gate stuck; likelihood 2")
    await sam.submit(values={"impact": "3"})
    assert sam.view is not None
    assert sam.view.title == "Logged R-1"
    assert slack.refusals == []


async def test_everything_is_acknowledged(house: SocketHouse, slack: FakeSlack) -> None:
    await house.door.start()
    sam = house.person("sam")
    url = sam.url
    replies = [
        await sam.shortcut("unknown"),
        await slack.event(url, {"type": "team_join", "user": {"id": "U5"}}),
        await slack.event(url, {"type": "message", "subtype": "message_changed", "channel": "D1"}),
    ]
    assert [reply.status for reply in replies] == [200] * 3
    assert slack.late_acks == []


async def test_every_connection_brings_its_share(house: SocketHouse, slack: FakeSlack) -> None:
    await house.door.start()
    await house.connected()
    for _ in range(4):
        assert (await house.person("sam").slash("/risk", "list")).status == 200
    assert sorted(slack.sockets.carried) == [1, 1, 2, 2]


async def test_a_connection_that_slack_wants_renewed_is_renewed(house: SocketHouse, slack: FakeSlack) -> None:
    await house.door.start()
    await house.connected()
    await slack.sockets.disconnect()
    assert (await house.person("sam").slash("/risk", "list")).status == 200
    await slack.until(lambda: slack.sockets.opened == CONNECTIONS + 1)
    await house.connected()
    for _ in range(4):
        assert (await house.person("sam").slash("/risk", "list")).status == 200
    assert slack.late_acks == []


async def test_connections_that_are_cut_off_are_opened_again(house: SocketHouse, slack: FakeSlack) -> None:
    await house.door.start()
    await house.connected()
    slack.sockets.drop()
    await slack.until(lambda: slack.sockets.ended == CONNECTIONS)
    while house.door.ready:
        await house.time_passes(0)
    while len(slack.sockets.open) < CONNECTIONS:
        await house.time_passes(31)
    await house.connected()
    assert (await house.person("sam").slash("/risk", "list")).status == 200


@pytest.mark.parametrize("how", ["drop", "500", "429", "internal_error"])
async def test_when_slack_gives_no_address_it_is_asked_again_until_it_does(
    house: SocketHouse, slack: FakeSlack, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.fail("apps.connections.open", how=how, times=3 * CONNECTIONS)
    with caplog.at_level(logging.INFO):
        await house.door.start()
        assert not house.door.ready
        while not house.door.ready:
            await house.time_passes(61)
    said = [record.getMessage() for record in caplog.records if "Socket Mode" in record.getMessage()]
    assert len([text for text in said if "not connected" in text]) == CONNECTIONS
    assert (await house.person("sam").slash("/risk", "list")).status == 200


async def test_a_refused_app_token_is_named(
    house: SocketHouse, slack: FakeSlack, caplog: pytest.LogCaptureFixture
) -> None:
    slack.fail("apps.connections.open", how="invalid_auth", times=CONNECTIONS)
    await house.door.start()
    assert not house.door.ready
    assert "SLACK_APP_TOKEN is refused (invalid_auth)" in caplog.text
    assert APP_TOKEN not in caplog.text


async def test_an_address_that_does_not_work_is_not_tried_twice(house: SocketHouse, slack: FakeSlack) -> None:
    slack.sockets.refuse = CONNECTIONS
    assert house.door.socket is not None
    for connection in house.door.socket.connections:
        connection.open_seconds = 0.2
    await house.door.start()
    assert not house.door.ready
    while not house.door.ready:
        await house.time_passes(61)
    await house.connected()


async def test_without_a_signing_secret_http_is_closed(house: SocketHouse, slack: FakeSlack) -> None:
    await house.door.start()
    app = web.Application()
    app.add_routes(house.door.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    url = f"http://{host}:{port}"
    for secret in ("signing-secret", ""):
        body = b"command=%2Frisk&text=list"
        headers = slack.sign(body, secret=secret or " ") | {"Content-Type": "application/x-www-form-urlencoded"}
        assert (await slack.raw_post(url, body, headers)).status == 401
    await runner.cleanup()


async def test_people_of_another_workspace_are_not_heard(house: SocketHouse, slack: FakeSlack) -> None:
    await house.door.start()
    slack.add_user("eve", "eve@elsewhere.example.org", team="T0ELSEWHERE")
    reply = await house.person("eve").slash("/risk", "add Dam gate stuck; likelihood 2; impact 3")
    assert reply.status == 200
    assert "Please ask your contact at the city" in reply.body["text"]
    assert await house.runtime.read(lambda store: store.risk.records.find("R-1")) is None


async def test_before_slack_has_said_who_we_are_an_event_is_left_to_be_repeated(
    house: SocketHouse, slack: FakeSlack
) -> None:
    await house.door.start()
    house.door.people.identity = None
    house.clock.pass_by(10)
    slack.fail("auth.test", how="drop")
    slack.ack_seconds = 0.2
    said = await house.person("sam").direct("risk add Dam gate stuck; likelihood 2; impact 3")
    assert said.late
    house.clock.pass_by(10)
    slack.ack_seconds = 3.0
    assert (await slack.redeliver(said)).status == 200
    await house.deliver()
    assert "Logged R-1" in slack.direct_messages("sam")[-1].shown


async def test_what_has_arrived_is_answered_before_the_door_closes(house: SocketHouse, slack: FakeSlack) -> None:
    await house.door.start()
    asked = asyncio.create_task(house.person("sam").slash("/risk", "add Dam gate stuck; likelihood 2; impact 3"))
    await slack.until(lambda: any(call.method == "users.info" for call in slack.calls))
    await house.door.stop()
    assert (await asked).message is not None


async def test_a_proxy_of_the_machine_is_not_used_for_loopback(
    house: SocketHouse, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    await house.door.start()
    assert house.door.ready
