"""The gate of the Slack door: who is let in, and that nobody else leaves a trace."""

import hashlib
import hmac
import json
import sqlite3
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack.gate import Identity, OnlyOurs, is_ours, is_signed, is_ssl_check
from tests.bot.slack.conftest import House
from tests.wires.slack import FakeSlack
from tests.wires.slack.hooks import new_hook

SLASH = {
    "team_id": "T0CITY", "channel_id": "D1", "user_id": "U1", "command": "/risk", "text": "list",
    "response_url": "http://127.0.0.1:9/x", "trigger_id": "1.2.3",
}  # fmt: skip
FORM = "application/x-www-form-urlencoded"


def body_of(**more: str) -> bytes:
    return urlencode({**SLASH, **more}).encode()


def written(house: House) -> int:
    with sqlite3.connect(house.database.url.removeprefix("sqlite:///")) as database:
        tables = ("people", "accounts", "outbox", "inbox", "risks", "audit", "drafts")
        return sum(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)  # noqa: S608


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=1"},
        {"X-Slack-Request-Timestamp": "9" * 400, "X-Slack-Signature": "v0=1"},
        {"X-Slack-Request-Timestamp": "-5", "X-Slack-Signature": "v0=1"},
        {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=\u00e9\u00e9"},
        {"X-Slack-Request-Timestamp": "1700000000", "X-Slack-Signature": "v0=" + "0" * 64},
    ],
)
async def test_what_slack_did_not_sign_is_refused(house: House, slack: FakeSlack, headers: dict[str, str]) -> None:
    reply = await slack.raw_post(house.url, body_of(), {"Content-Type": FORM, **headers})
    assert (reply.status, reply.body) == (401, {"error": "invalid request"})
    assert written(house) == 0


async def test_a_forged_or_stale_signature_is_refused(house: House, slack: FakeSlack) -> None:
    body = body_of()
    for headers in (slack.sign(body, secret="another"), slack.sign(body, timestamp=1_700_000_000)):
        reply = await slack.raw_post(house.url, body, {"Content-Type": FORM, **headers})
        assert reply.status == 401
    assert written(house) == 0


@pytest.mark.parametrize("days", [30, -30])
async def test_a_machine_with_a_wrong_clock_goes_by_the_right_time(house: House, slack: FakeSlack, days: int) -> None:
    house.runtime.clock.now()
    house.clock.step_wall(days=days)
    wrong = int(time.time()) + days * 86_400
    stale = await slack.raw_post(house.url, body_of(), {"Content-Type": FORM, **slack.sign(body_of(), timestamp=wrong)})
    assert stale.status == 401
    fresh = await slack.raw_post(house.url, body_of(), {"Content-Type": FORM, **slack.sign(body_of())})
    assert fresh.status == 200


@pytest.mark.parametrize("body", [b"payload=\xff\xfe", b'{"type": '])
async def test_a_body_that_slack_never_sends_is_refused(house: House, slack: FakeSlack, body: bytes) -> None:
    unsigned = await slack.raw_post(house.url, body, {"Content-Type": FORM})
    signed = await slack.raw_post(house.url, body, {"Content-Type": FORM, **slack.sign(body)})
    assert unsigned.status == 401
    assert signed.status in (400, 401)


OURS: Any = {"team_id": "T0CITY", "user": {"id": "U1"}, "trigger_id": "1.2"}
VIEW: Any = {"type": "modal", "id": "V1", "callback_id": "form", "blocks": [], "private_metadata": "{}"}
EVENT: Any = {**OURS, "type": "event_callback", "event_id": "Ev1"}
PRESS: Any = {**OURS, "type": "block_actions"}
SUBMISSION: Any = {**OURS, "type": "view_submission"}
ENTRY: Any = {**OURS, "type": "message_action", "callback_id": "risk add", "message_ts": "1.2"}


@pytest.mark.parametrize(
    "event",
    [
        [], [1], "type", None, {}, {"type": []}, {"type": "message", "channel_type": "im", "user": "U1"},
        {"type": "message", "channel": "D1", "message": [1]}, {"type": "message", "channel": "D1", "text": [1]},
        {"type": "user_change"}, {"type": "team_join", "user": "U1"}, {"type": "app_home_opened", "tab": "home"},
    ],
)  # fmt: skip
async def test_an_event_that_cannot_be_read_is_refused_without_a_fuss(
    house: House, slack: FakeSlack, caplog: pytest.LogCaptureFixture, event: Any
) -> None:
    await _is_refused(house, slack, caplog, json.dumps({**EVENT, "event": event}).encode(), "application/json")


@pytest.mark.parametrize(
    "payload",
    [
        {**PRESS, "actions": []}, {**PRESS, "actions": [1]}, {**PRESS, "actions": {}}, {**PRESS, "actions": [{}]},
        {**PRESS, "actions": [{"action_id": "a#1", "type": "button"}], "user": "U1"},
        {**PRESS, "actions": [{"action_id": "a#1", "type": "button"}], "trigger_id": None},
        {**PRESS, "actions": [{"action_id": "a#1", "type": "button"}], "view": {"id": "V1"}},
        {**PRESS, "actions": [{"action_id": "a#1", "type": "button"}], "container": [1]},
        SUBMISSION, {**SUBMISSION, "view": {}}, {**SUBMISSION, "view": {**VIEW, "type": None}},
        {**SUBMISSION, "view": {**VIEW, "state": []}}, {**SUBMISSION, "view": {**VIEW, "state": {"values": {"a": 1}}}},
        {**SUBMISSION, "view": {**VIEW, "private_metadata": 7}}, {**SUBMISSION, "view": VIEW, "user": {}},
        {**SUBMISSION, "view": {**VIEW, "blocks": [1]}}, {**OURS, "type": "view_closed"},
        {**ENTRY, "trigger_id": 7}, {**ENTRY, "channel": "C1"}, {**ENTRY, "message": [1]}, {**OURS, "type": "shortcut"},
        {**OURS, "type": "block_suggestion"},
    ],
)  # fmt: skip
async def test_a_gesture_that_cannot_be_read_is_refused_without_a_fuss(
    house: House, slack: FakeSlack, caplog: pytest.LogCaptureFixture, payload: Any
) -> None:
    await _is_refused(house, slack, caplog, urlencode({"payload": json.dumps(payload)}).encode(), FORM)


@pytest.mark.parametrize("field", ["trigger_id", "channel_id", "user_id"])
async def test_a_command_that_lacks_something_is_refused_without_a_fuss(
    house: House, slack: FakeSlack, caplog: pytest.LogCaptureFixture, field: str
) -> None:
    body = urlencode({name: said for name, said in SLASH.items() if name != field}).encode()
    await _is_refused(house, slack, caplog, body, FORM)


async def _is_refused(house: House, slack: FakeSlack, caplog: pytest.LogCaptureFixture, body: bytes, kind: str) -> None:
    reply = await slack.raw_post(house.url, body, {"Content-Type": kind, **slack.sign(body)})
    assert reply.status == 400
    assert [record for record in caplog.records if record.exc_info or record.levelname == "ERROR"] == []
    assert written(house) == 0


async def test_another_workspace_is_refused(house: House, slack: FakeSlack) -> None:
    body = body_of(team_id="T9OTHER")
    reply = await slack.raw_post(house.url, body, {"Content-Type": FORM, **slack.sign(body)})
    assert reply.status == 200
    assert "Please ask your contact at the city" in reply.body["text"]
    event = json.dumps(
        {
            "type": "event_callback",
            "team_id": "T9OTHER",
            "event_id": "Ev1",
            "event": {"type": "message", "channel": "C1"},
        }
    ).encode()
    reply = await slack.raw_post(house.url, event, {"Content-Type": "application/json", **slack.sign(event)})
    assert reply.status == 403
    assert written(house) == 0


async def test_somebody_of_another_workspace_in_a_channel_of_ours_is_refused_politely(
    house: House, slack: FakeSlack
) -> None:
    slack.add_user("eve", "eve@elsewhere.example.org", team="T9OTHER")
    slack.channel("risks").members.append(slack.user("eve").id)
    assert (await house.person("eve").mention("risk add Flood; likelihood 1; impact 1", channel="risks")).status == 200
    await house.deliver()
    assert "Please ask your contact at the city" in slack.messages("risks")[-1].shown
    assert house.database.read(lambda store: store.risk.records.find("R-1")) is None


async def test_a_button_pressed_from_another_workspace_is_answered_in_words(house: House, slack: FakeSlack) -> None:
    slack.add_user("eve", "eve@elsewhere.example.org", team="T9OTHER")
    risks = slack.channel("risks")
    risks.members.append(slack.user("eve").id)
    payload = json.dumps({
        "type": "block_actions", "team": {"id": "T9OTHER"}, "user": {"id": slack.user("eve").id, "team_id": "T9OTHER"},
        "response_url": new_hook(slack, slack.hooks, risks.id, slack.user("eve").id), "trigger_id": "1.2",
        "actions": [{"action_id": "say 1"}],
    })  # fmt: skip
    body = urlencode({"payload": payload}).encode()
    reply = await slack.raw_post(house.url, body, {"Content-Type": FORM, **slack.sign(body)})
    assert reply.status == 200
    await house.door.afterwards.finish()
    [told] = [message for message in slack.messages("risks") if message.ephemeral_to == slack.user("eve").id]
    assert "Please ask your contact at the city" in told.text
    assert written(house) == 0


async def test_slack_checks_the_certificate_and_the_address(house: House, slack: FakeSlack) -> None:
    assert (await slack.raw_post(house.url, b"ssl_check=1&token=x", {"Content-Type": FORM})).status == 200
    body = json.dumps({"type": "url_verification", "challenge": "c1", "token": "x"}).encode()
    reply = await slack.raw_post(house.url, body, {"Content-Type": "application/json", **slack.sign(body)})
    assert (reply.status, reply.body) == (200, {"challenge": "c1"})


@pytest.mark.parametrize(("seconds", "signed"), [(0, True), (300, True), (301, False), (-300, True), (-301, False)])
def test_a_signature_holds_for_five_minutes_before_and_after(seconds: int, signed: bool) -> None:
    stamp = 1_764_000_000
    made = hmac.new(b"secret", f"v0:{stamp}:a=1".encode(), hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": str(stamp), "X-Slack-Signature": f"v0={made}"}
    assert is_signed("secret", headers, "a=1", stamp + seconds) == signed
    assert not is_signed("secret", headers, "a=2", stamp + seconds)
    assert not is_signed("another", headers, "a=1", stamp + seconds)


def test_without_a_secret_nothing_is_signed() -> None:
    made = hmac.new(b"", b"v0:1764000000:a=1", hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": "1764000000", "X-Slack-Signature": f"v0={made}"}
    assert not is_signed("", headers, "a=1", 1_764_000_000)


def test_only_a_field_of_its_own_asks_about_the_certificate() -> None:
    assert [is_ssl_check(text) for text in ("ssl_check=1", "token=x&ssl_check=1")] == [True, True]
    assert [is_ssl_check(text) for text in ("text=ssl_check=1", "ssl_check=10", "")] == [False] * 3


HOME: Any = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "team_rename"}}
CITY, GRID = Identity("T1", None, "U0", None), Identity("T1", "E1", "U0", None)


@pytest.mark.parametrize(
    ("body", "city", "grid"),
    [
        ({"team_id": "T1"}, True, True),
        ({"team": {"id": "T1"}}, True, True),
        ({"team": "T1"}, True, True),
        ({"team_id": "T9"}, False, False),
        ({"team_id": "T9", "team": "T1"}, False, False),
        ({}, False, False),
        ({"team_id": "T1", "event": {"user_team": "T9", "team": "T1"}}, True, True),
        ({"team_id": "T1", "event": {"team": "T9"}}, True, True),
        ({"team_id": "T1", "user": {"id": "U9", "team_id": "T9"}}, True, True),
        ({"team_id": "T1", "event": {"user_team": "T1"}, "user": {"id": "U1", "team_id": "T9"}}, True, True),
        ({"team_id": "T1", "user": "U1"}, True, True),
        ({"team_id": "T2", "enterprise_id": "E1"}, False, True),
        ({"team_id": "T2", "enterprise": {"id": "E1"}}, False, True),
        ({"team_id": "T2", "enterprise": "E1"}, False, True),
        ({"team_id": "T2", "context_enterprise_id": "E1"}, False, True),
        ({"team_id": "T2", "enterprise_id": "E9"}, False, False),
        ({"team_id": "T2", "enterprise": {"id": "E9"}, "enterprise_id": "E1"}, False, False),
        ({"team_id": "T2", "enterprise_id": "E1", "event": {"user_team": "T9"}}, False, True),
        ({"team_id": "T2", "enterprise_id": "E1", "is_ext_shared_channel": True}, False, True),
        ({"team_id": "T2", "enterprise_id": "E1", "is_ext_shared_channel": True, "event": {"team": "E1"}}, False, True),
        (
            {"team_id": "T1", "enterprise_id": "E1", "is_ext_shared_channel": True, "event": {"team": "T9"}},
            True,
            True,
        ),
    ],
)
def test_what_is_about_our_workspace_or_our_grid_is_ours(body: dict[str, Any], city: bool, grid: bool) -> None:
    assert (is_ours(body, CITY), is_ours(body, GRID)) == (city, grid)


@pytest.mark.parametrize(
    ("body", "identity", "status", "said"),
    [
        ({**HOME, "team_id": "T1"}, CITY, 200, []),
        ({**HOME, "team_id": "T9"}, CITY, 403, ["something of another workspace was refused"]),
        ({**HOME, "team_id": "T1"}, None, 503, []),
        ({"type": "url_verification", "team_id": "T9"}, None, 200, []),
    ],
)
async def test_only_what_is_ours_goes_on_and_nothing_before_slack_has_said_who_the_bot_is(
    caplog: pytest.LogCaptureFixture, body: dict[str, Any], identity: Identity | None, status: int, said: list[str]
) -> None:
    async def ask() -> Identity | None:
        return identity

    async def goes_on() -> BoltResponse:
        return BoltResponse(status=200)

    request = AsyncBoltRequest(body=body, mode="socket_mode")
    answer = await OnlyOurs(ask, lambda: None, lambda *_: None).async_process(
        req=request, resp=BoltResponse(status=404), next=goes_on
    )
    assert answer is not None
    assert answer.status == status
    assert ("1" in answer.headers.get("x-slack-no-retry", [])) == (status == 403)
    assert [record.message for record in caplog.records] == said
