"""The client to Teams: one token and one pool of connections, and what follows when there is none."""

import socket

import pytest

from bot.post import Sent, Wait
from bot.teams.client import Client
from bot.teams.messenger import TeamsMessenger
from bot.teams.posting import Bearings, Post
from bot.teams.render import never
from tests.bot.house import Clock
from tests.bot.teams.conftest import messenger_of
from tests.bot.teams.test_messenger import row
from tests.wires.teams import APP_ID, BOT_ID, TENANT, FakeTeams


async def test_where_nobody_listens_nothing_was_sent(teams: FakeTeams, clock: Clock, client: Client) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    messenger = TeamsMessenger(Post(client, Bearings(BOT_ID, TENANT, f"http://127.0.0.1:{port}/"), never))
    assert isinstance(await messenger.post(row(teams)), Wait)


async def test_a_proxy_is_not_asked_about_this_machine(
    teams: FakeTeams, messenger: TeamsMessenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert isinstance(await messenger.post(row(teams)), Sent)


async def test_one_token_and_one_pool_of_connections_serve_every_post(
    teams: FakeTeams, messenger: TeamsMessenger, client: Client
) -> None:
    session = client.session
    for _ in range(5):
        await messenger.post(row(teams))
    assert client.session is session
    assert teams.login.fetches["token"] == 1
    assert session.connector is not None
    assert session.connector.limit == 50


async def test_a_token_is_fetched_anew_before_it_ends_and_when_it_is_refused(
    teams: FakeTeams, messenger: TeamsMessenger, clock: Clock
) -> None:
    await messenger.post(row(teams))
    clock.pass_by(3600 - 299)
    await messenger.post(row(teams))
    assert teams.login.fetches["token"] == 2
    teams.login.expire_tokens()
    assert isinstance(await messenger.post(row(teams)), Wait)
    assert isinstance(await messenger.post(row(teams)), Sent)
    assert teams.login.fetches["token"] == 3


async def test_a_wrong_password_is_logged_once_and_messages_wait(
    teams: FakeTeams, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client(clock, teams.token_url, APP_ID, "wrong")
    for _ in range(2):
        assert await messenger_of(client, teams).post(row(teams)) == Wait(
            "Microsoft refuses TEAMS_APP_ID and its password", 60, until_mended=True
        )
    assert [record.levelname for record in caplog.records if "TEAMS_APP_PASSWORD" in record.message] == ["ERROR"]
    await client.close()


async def test_a_bot_that_is_refused_is_not_ready_until_it_is_let_in_again(
    teams: FakeTeams, messenger: TeamsMessenger, client: Client, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    assert isinstance(await messenger.post(row(teams)), Sent)
    teams.disabled = True
    for _ in range(2):
        waits = await messenger.post(row(teams))
        assert isinstance(waits, Wait)
        assert (waits.until_mended, waits.seconds, client.ready) == (True, 60, False)
    [said] = [record.message for record in caplog.records if record.levelname == "ERROR"]
    assert "allow it in the Teams admin center" in said
    teams.disabled = False
    assert isinstance(await messenger.post(row(teams)), Sent)
    assert client.ready
    teams.login.password = "changed"
    clock.pass_by(3600)
    assert isinstance(await messenger.post(row(teams)), Wait)
    assert not client.ready
    teams.login.password = teams.password
    await client.token()
    assert client.ready


async def test_no_token_for_now_means_that_messages_wait(teams: FakeTeams, messenger: TeamsMessenger) -> None:
    for how in ("500", "drop", "503"):
        teams.fail("token", how=how)
        assert isinstance(await messenger.post(row(teams)), Wait)
    assert teams.posts == []
