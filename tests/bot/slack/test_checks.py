"""Checks: the doctor says what Slack will not take."""

import pytest

from bot.settings import Settings
from bot.slack.checks import check
from tests.wires.slack import APP_TOKEN, FakeSlack


def settings(slack: FakeSlack) -> Settings:
    return Settings(slack_bot_token="xoxb-test", slack_app_token=APP_TOKEN, slack_api_url=slack.api_url)


async def test_socket_mode_that_may_connect_is_well(slack: FakeSlack) -> None:
    findings = await check(settings(slack))
    assert all(well for well, _ in findings)
    assert "Socket Mode" in findings[-1][1]


@pytest.mark.parametrize(
    ("how", "words"), [("invalid_auth", "SLACK_APP_TOKEN is refused"), ("drop", "cannot be reached")]
)
async def test_socket_mode_that_cannot_connect_is_to_mend(slack: FakeSlack, how: str, words: str) -> None:
    slack.fail("apps.connections.open", how=how)
    findings = await check(settings(slack))
    [line] = [line for well, line in findings if not well]
    assert words in line
