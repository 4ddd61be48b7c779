"""The gate of the Teams door: who is let in, and that nobody else leaves a trace."""

import json
import sqlite3
from typing import Any

import pytest

from bot.settings import Settings
from bot.teams.app import TeamsDoor
from bot.teams.gate import Gate, Outside, _readable, check_times
from tests.bot.house import Clock
from tests.bot.teams.conftest import House
from tests.wires.teams import FORGERIES, FakeTeams
from tests.wires.teams.activities import envelope

LOOPBACK_ONLY = {"serviceUrl": "https://smba.trafficmanager.net/teams/"}


def activity(teams: FakeTeams, **more: Any) -> dict[str, Any]:
    teams.install_for("sam")
    said = envelope(teams, teams.user("sam"), teams.personal("sam"), "message")
    return {**said, "text": "risk add Dam gate stuck; likelihood 2; impact 3", **more}


def written(house: House) -> int:
    with sqlite3.connect(house.database.url.removeprefix("sqlite:///")) as database:
        tables = ("people", "accounts", "outbox", "inbox", "risks", "audit", "drafts")
        return sum(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)  # noqa: S608


@pytest.mark.parametrize("how", FORGERIES)
async def test_what_the_connector_did_not_sign_is_refused(house: House, teams: FakeTeams, how: str) -> None:
    body = json.dumps(activity(teams)).encode()
    reply = await teams.raw_post(house.url, body, teams.authorization(how))
    assert (reply.status, reply.body) == (401, {"error": "not let in"})
    assert written(house) == 0


@pytest.mark.parametrize("days", [30, -30])
async def test_a_machine_with_a_wrong_clock_goes_by_the_right_time(house: House, teams: FakeTeams, days: int) -> None:
    body = json.dumps(activity(teams)).encode()
    house.runtime.clock.now()
    house.clock.step_wall(days=days)
    assert (await teams.raw_post(house.url, body, teams.authorization("expired"))).status == 401
    assert (await teams.raw_post(house.url, body, teams.authorization())).status == 200


@pytest.fixture
def slow_clock(clock: Clock) -> Clock:
    """A machine whose clock has been two hours slow since before the bot was started."""
    clock.step_wall(hours=-2)
    return clock


async def test_only_the_bots_own_time_says_whether_a_token_has_ended(
    slow_clock: Clock, house: House, teams: FakeTeams
) -> None:
    body = json.dumps(activity(teams)).encode()
    assert (await teams.raw_post(house.url, body, teams.authorization("expired"))).status == 200
    assert (await teams.raw_post(house.url, body, teams.authorization())).status == 401  # not valid yet, two hours ago


@pytest.mark.parametrize(
    "token",
    ["", "a", "a.b.c", ".", "e30.e30.e30", "\u00e9.\u00e9.\u00e9", "x" * 8_000, "W10.W10.W10", "bnVsbA.bnVsbA.x"],
)
async def test_a_token_that_is_none_is_refused(house: House, teams: FakeTeams, token: str) -> None:
    reply = await teams.raw_post(house.url, json.dumps(activity(teams)).encode(), {"Authorization": f"Bearer {token}"})
    assert reply.status == 401
    assert written(house) == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"[" * 50_000, b"\xff\xfe", b'{"type": 7}', b"{}"])
async def test_a_body_that_is_no_activity_is_refused(house: House, teams: FakeTeams, body: bytes) -> None:
    assert (await teams.raw_post(house.url, body, {})).status == 401
    assert (await teams.raw_post(house.url, body, teams.authorization())).status in (400, 401)
    assert written(house) == 0


@pytest.mark.parametrize(
    "strange",
    [{"from": "sam"}, {"from": None}, {"conversation": 7}, {"conversation": None}, {"entities": "x"},
     {"entities": [7, None, {}]}, {"text": 7}, {"text": None, "value": []}, {"timestamp": "soon"}, {"id": None},
     {"type": "invoke"}, {"type": "invoke", "name": 7, "value": "x"}, {"membersAdded": 7, "type": "conversationUpdate"},
     {"type": "installationUpdate", "action": 7}],
)  # fmt: skip
async def test_an_activity_with_strange_fields_breaks_nothing(
    house: House, teams: FakeTeams, strange: dict[str, Any]
) -> None:
    body = json.dumps(activity(teams, **strange)).encode()
    reply = await teams.raw_post(house.url, body, teams.authorization())
    assert reply.status in (200, 400, 501)


async def test_a_key_may_only_sign_for_its_channels(house: House, teams: FakeTeams) -> None:
    body = json.dumps(activity(teams, channelId="skype")).encode()
    assert (await teams.raw_post(house.url, body, teams.authorization())).status == 401


@pytest.mark.parametrize("tenant", ["bbbbbbbb-0000-4000-8000-000000000002", "", None])
async def test_another_tenant_is_refused(house: House, teams: FakeTeams, tenant: str | None) -> None:
    said = activity(teams)
    said["channelData"]["tenant"]["id"] = tenant
    said["conversation"]["tenantId"] = tenant
    reply = await teams.raw_post(house.url, json.dumps(said).encode(), teams.authorization())
    assert reply.status == (200 if tenant else 403)  # somebody of another tenant reads why
    assert written(house) == 0


async def test_new_keys_are_fetched_when_they_are_used_but_not_with_every_request(
    house: House, teams: FakeTeams
) -> None:
    teams.install_for("sam")
    assert teams.login.fetches["keys"] == 1
    for _ in range(3):
        await teams.raw_post(house.url, json.dumps(activity(teams)).encode(), teams.authorization("unknown_kid"))
    assert teams.login.fetches["keys"] == 1
    house.clock.pass_by(6)
    teams.rotate_keys()
    assert (await house.person("sam").message("risk list")).status == 200
    assert (await house.person("sam").message("risk list")).status == 200
    assert teams.login.fetches["keys"] == 2


async def test_known_keys_are_not_fetched_again_within_the_day(house: House, teams: FakeTeams) -> None:
    for _ in range(5):
        assert (await house.person("sam").message("risk list")).status == 200
        house.clock.pass_by(3600)
    assert teams.login.fetches["keys"] == 1


async def test_keys_that_were_withdrawn_are_forgotten_after_a_day(house: House, teams: FakeTeams) -> None:
    body, old = json.dumps(activity(teams)).encode(), teams.authorization()
    assert (await teams.raw_post(house.url, body, old)).status == 200
    teams.rotate_keys()
    house.clock.pass_by(25 * 3600)
    assert (await teams.raw_post(house.url, body, old)).status == 401


async def test_an_unknown_key_is_asked_for_every_five_seconds_and_known_ones_once_a_day(
    house: House, teams: FakeTeams
) -> None:
    async def status() -> int:
        return (await teams.raw_post(house.url, body, token)).status

    body, token = json.dumps(activity(teams)).encode(), teams.authorization()
    teams.rotate_keys()
    house.clock.pass_by(24 * 3600 - 1)
    assert await status() == 200
    house.clock.pass_by(1)
    assert await status() == 401
    assert teams.login.fetches["keys"] == 2
    for seconds, fetches in ((4, 2), (1, 3), (4, 3)):
        house.clock.pass_by(seconds)
        assert await status() == 401
        assert teams.login.fetches["keys"] == fetches


@pytest.mark.parametrize(
    ("claims", "holds"),
    [
        ({"exp": 701}, True),
        ({"exp": 700}, False),
        ({"exp": 1000, "nbf": 1300, "iat": 1300}, True),
        ({"exp": 1000, "nbf": 1301}, False),
        ({"exp": 1000, "iat": 1301}, False),
    ],
)
def test_a_token_holds_from_five_minutes_before_its_time_to_five_minutes_after(
    claims: dict[str, int], holds: bool
) -> None:
    if holds:
        check_times(claims, 1000)
        return
    with pytest.raises(Outside) as outside:
        check_times(claims, 1000)
    assert abs(outside.value.ahead or 0) >= 300


CLAIMS = {"serviceurl": "https://smba.example.org/teams", "endorsements": frozenset({"msteams"})}
SAID = {"serviceUrl": "https://smba.example.org/teams/", "channelId": "msteams"}
OURS, THEIRS = {"tenant": {"id": "AAAA"}}, {"tenant": {"id": "bbbb"}}


@pytest.mark.parametrize(
    ("activity", "claims", "status"),
    [
        ({**SAID, "channelData": OURS}, CLAIMS, None),
        ({**SAID, "conversation": {"tenantId": "aaaa"}}, CLAIMS, None),
        ({**SAID, "channelData": THEIRS, "conversation": {"tenantId": "aaaa"}}, CLAIMS, 403),
        ({**SAID, "channelData": OURS, "channelId": "skype"}, CLAIMS, 401),
        ({**SAID, "channelData": OURS}, {**CLAIMS, "serviceurl": "https://smba.example.org/other"}, 401),
        ({**SAID, "channelData": OURS, "serviceUrl": ""}, {**CLAIMS, "serviceurl": ""}, 401),
        ({**SAID, "channelData": OURS}, None, 401),
        ({"serviceUrl": "http://127.0.0.1:3978/"}, None, None),
    ],
)
def test_a_token_is_for_one_channel_one_address_and_our_tenant(
    house: House, activity: dict[str, Any], claims: dict[str, Any] | None, status: int | None
) -> None:
    gate = Gate("app", "aaaa", house.door.gate.keys)
    if status is None:
        gate.check(activity, claims)
        return
    with pytest.raises(Outside) as refused:
        gate.check(activity, claims)
    assert refused.value.status == status


def test_a_door_that_knows_no_tenant_lets_nobody_in(house: House) -> None:
    with pytest.raises(Outside, match="another tenant"):
        Gate("app", None, house.door.gate.keys).check({**SAID, "channelData": OURS}, CLAIMS)


async def test_without_keys_nothing_is_let_in_and_the_door_is_not_ready(
    teams: FakeTeams, house: House, clock: Any
) -> None:
    house.door.gate.keys.known = {}
    house.clock.pass_by(25 * 3600)
    teams.fail("openid", how="500")
    reply = await teams.raw_post(house.url, json.dumps(activity(teams)).encode(), teams.authorization())
    assert reply.status == 503
    assert not house.door.ready


async def test_without_an_app_id_only_this_machines_own_client_is_let_in(open_house: House, teams: FakeTeams) -> None:
    body = json.dumps(activity(teams)).encode()
    far = json.dumps(activity(teams, **LOOPBACK_ONLY)).encode()
    assert (await teams.raw_post(open_house.url, far, {})).status == 401
    assert (await teams.raw_post(open_house.url, body, {"X-Forwarded-For": "1.2.3.4"})).status == 401
    assert written(open_house) == 0
    assert (await teams.raw_post(open_house.url, body, {})).status == 200
    assert open_house.door.ready


def test_an_empty_app_id_never_opens_the_door(house: House) -> None:
    with pytest.raises(AssertionError, match="TEAMS_APP_ID"):
        TeamsDoor(house.runtime, Settings(teams_app_id="", teams_unauthenticated=False))


async def test_a_key_that_cannot_be_read_keeps_no_other_out_and_both_troubles_are_in_the_log(
    house: House, teams: FakeTeams, caplog: pytest.LogCaptureFixture
) -> None:
    keys = _readable([{"kid": "k1", "kty": "RSA"}, None, {"kty": "oct"}])
    assert keys == {}
    assert [record.message for record in caplog.records] == ["a key of the Bot Connector cannot be read"] * 3
    caplog.clear()
    house.clock.pass_by(25 * 3600)
    teams.fail("openid", how="500")
    await house.door.gate.keys.refresh("k9")
    assert [record.getMessage().partition(":")[0] for record in caplog.records if record.name == "cityops.teams"] == [
        "the Bot Connector's keys cannot be fetched"
    ]


@pytest.mark.parametrize("status", [401, 403, 503])
def test_who_is_not_let_in_gets_a_status_and_the_log_a_word(status: int) -> None:
    refused = Outside(status, "no token")
    assert (refused.status, str(refused)) == (status, "no token")
