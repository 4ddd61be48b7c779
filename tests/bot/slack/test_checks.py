"""Checks: what Slack will not take is one line that says what to do, at the doctor and at the start."""

import json
import logging
from pathlib import Path

import pytest

import handlers
import scheduler
from bot.post import Failed
from bot.settings import Settings
from bot.slack.checks import check, compare
from bot.slack.client import Client, Ended
from bot.slack.manifest import SCOPES, slack_manifest
from bot.slack.people import Registry
from handlers.kit.city.reading import read_city
from handlers.kit.errors import ConfigurationError
from handlers.kit.registry import load
from tests.bot.house import Clock
from tests.chat.bot import RIVERTON
from tests.wires.garbled import GARBLED
from tests.wires.slack import APP_TOKEN, FakeSlack

PROXY = "what answers is not Slack, but perhaps a proxy or a sign-in page"
TROUBLE = {
    **dict.fromkeys(GARBLED, PROXY),
    "429": "wait 1 second and ask again",
    "500": "it has trouble of its own (HTTP 500)",
    "drop": "it cannot be reached from here",
    "token_revoked": "the token was revoked: install the app again and copy the new token",
    "invalid_auth": "no such token: copy it again from OAuth & Permissions",
    "account_inactive": "the app was removed from the workspace",
    "missing_scope": "it refuses what it was asked (missing_scope)",
}


def settings(slack: FakeSlack) -> Settings:
    return Settings(slack_bot_token="xoxb-test", slack_app_token=APP_TOKEN, slack_api_url=slack.api_url)


async def to_mend(slack: FakeSlack) -> list[str]:
    return [line for well, line in await check(settings(slack)) if not well]


async def test_socket_mode_that_may_connect_is_well(slack: FakeSlack) -> None:
    findings = await check(settings(slack))
    assert all(well for well, _ in findings)
    assert "Socket Mode" in findings[-1][1]


async def test_socket_mode_that_cannot_connect_is_to_mend(slack: FakeSlack) -> None:
    wrong = {"invalid_auth": "SLACK_APP_TOKEN is refused", "drop": "cannot be reached", "500": "trouble of its own"}
    for how, words in {**wrong, **dict.fromkeys(GARBLED, PROXY)}.items():
        slack.fail("apps.connections.open", how=how)
        [line] = await to_mend(slack)
        assert words in line, how


async def test_why_slack_does_not_know_the_bot_is_one_line_with_the_fix(slack: FakeSlack) -> None:
    for how, words in TROUBLE.items():
        slack.fail("auth.test", how=how)
        [line] = await to_mend(slack)
        assert words in line, how
        assert "\n" not in line, how


async def test_the_start_says_the_same_once_and_goes_on_trying(
    slack: FakeSlack, client: Client, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for how, words in TROUBLE.items():
        registry = Registry(client, clock)
        caplog.clear()
        slack.fail("auth.test", how=how, times=2)
        for _ in range(2):
            assert await registry.ask() is None, how
            clock.pass_by(6)
        errors = [record.message for record in caplog.records if record.levelno >= logging.ERROR]
        assert [words in said for said in errors] == [True], how
        assert not any(record.exc_info for record in caplog.records), how
        assert await registry.ask() is not None, how


async def test_the_start_waits_as_long_as_slack_asks(slack: FakeSlack, client: Client, clock: Clock) -> None:
    registry = Registry(client, clock)
    slack.fail("auth.test", how="429", retry_after=40)
    for known in (False, False, True):
        assert (await registry.ask() is not None) == known
        clock.pass_by(20.5)


async def test_what_is_not_slacks_is_no_answer_to_a_message(slack: FakeSlack, client: Client) -> None:
    for how in GARBLED.keys() - {"JSON of somebody else"}:
        slack.fail("chat.getPermalink", how=how)
        with pytest.raises(Ended) as ended:
            await client.done(client.api.chat_getPermalink(channel="C1", message_ts="1.1"))
        assert isinstance(ended.value.result, Failed), how


async def test_an_older_app_is_told_which_scopes_events_and_commands_it_lacks(
    slack: FakeSlack, client: Client, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    slack.scopes = frozenset(SCOPES) - {"pins:write"}
    [line] = await to_mend(slack)
    assert line.startswith("Slack: scopes missing: pins:write; give the app the new manifest")
    slack.scopes = frozenset(SCOPES) - {"groups:history", "commands"}
    scopes, events, commands = await to_mend(slack)
    assert "scopes missing: commands, groups:history;" in scopes
    assert "events missing for want of a scope: message.groups;" in events
    assert "every slash command" in commands
    assert await Registry(client, clock).ask() is not None
    assert [record.message for record in caplog.records if "missing" in record.message] == [scopes, events, commands]


def manifest() -> dict[str, dict[str, object]]:
    text = slack_manifest(load(handlers, scheduler), read_city(RIVERTON), None, socket=True)
    return dict(json.loads(text))


def test_the_manifest_of_the_app_is_compared_with_the_one_it_should_have(tmp_path: Path) -> None:
    file, installed = tmp_path / "manifest.json", manifest()
    file.write_text(json.dumps(installed))
    assert [well for well, _ in compare(file, json.dumps(manifest()))] == [True]
    del installed["oauth_config"]
    installed["settings"]["event_subscriptions"] = {"bot_events": ["message.im", "one_of_theirs"]}
    installed["features"] = {"slash_commands": [{"command": "/city"}], "shortcuts": None}
    file.write_text(json.dumps(installed))
    scopes, events, commands, entries = [line for _, line in compare(file, json.dumps(manifest()))]
    assert "scopes missing: app_mentions:read, " in scopes
    assert "events missing: app_home_opened, app_mention, channel_archive, " in events
    assert "message.channels, message.groups, team_join" in events
    assert "slash commands missing: /risk, " in commands
    assert "/city," not in commands
    assert "entries in the menu of a message missing: " in entries


@pytest.mark.parametrize("text", ["", "[]", '{"features": 7}', '{"features": {"slash_commands": [{}]}}', None])
def test_a_file_that_is_no_manifest_is_one_line(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "manifest.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(ConfigurationError, match="copy the JSON of the page App Manifest"):
        list(compare(file, json.dumps(manifest())))
