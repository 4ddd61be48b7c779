"""The gate of the Slack door: who is let in, and that nobody else leaves a trace."""

import json
import sqlite3
import time
from urllib.parse import urlencode

import pytest

from tests.bot.slack.conftest import House
from tests.wires.slack import FakeSlack

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


async def test_another_workspace_is_refused(house: House, slack: FakeSlack) -> None:
    body = body_of(team_id="T9OTHER")
    reply = await slack.raw_post(house.url, body, {"Content-Type": FORM, **slack.sign(body)})
    assert reply.status == 403
    slack.add_user("eve", "eve@elsewhere.example.org", team="T9OTHER")
    slack.channel("risks").members.append(slack.user("eve").id)
    assert (await house.person("eve").mention("risk list", channel="risks")).status == 403
    assert written(house) == 0


async def test_slack_checks_the_certificate_and_the_address(house: House, slack: FakeSlack) -> None:
    assert (await slack.raw_post(house.url, b"ssl_check=1&token=x", {"Content-Type": FORM})).status == 200
    body = json.dumps({"type": "url_verification", "challenge": "c1", "token": "x"}).encode()
    reply = await slack.raw_post(house.url, body, {"Content-Type": "application/json", **slack.sign(body)})
    assert (reply.status, reply.body) == (200, {"challenge": "c1"})
