"""The Slack app's manifest: taken by Slack's own schema, over HTTP and with Socket Mode."""

import json

import pytest

import handlers
from bot.slack.manifest import SCOPES, slack_manifest
from handlers.kit.city.reading import read_city
from handlers.kit.registry import load
from tests.chat.bot import RIVERTON
from tests.schemas import schema_problems


@pytest.mark.parametrize("socket", [False, True])
def test_it_fits_slacks_own_schema(socket: bool) -> None:
    manifest = json.loads(slack_manifest(load(handlers), read_city(RIVERTON), "https://bot.example.org", socket=socket))
    assert schema_problems("slack-manifest.schema.json", manifest) == []


def test_over_http_every_request_comes_to_one_address() -> None:
    text = slack_manifest(load(handlers), read_city(RIVERTON), "https://bot.example.org/", socket=False)
    manifest = json.loads(text)
    address = "https://bot.example.org/slack/events"
    assert {command["url"] for command in manifest["features"]["slash_commands"]} == {address}
    assert manifest["settings"]["event_subscriptions"]["request_url"] == address
    assert manifest["settings"]["interactivity"]["request_url"] == address


def test_with_socket_mode_there_is_no_address_in_it() -> None:
    text = slack_manifest(load(handlers), read_city(RIVERTON), "https://bot.example.org", socket=True)
    assert "https://" not in text
    assert json.loads(text)["settings"]["socket_mode_enabled"] is True


NEEDS = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "app_home_opened": None,
    **{f"channel_{what}": "channels:read" for what in ("archive", "deleted", "left", "rename", "unarchive")},
    **{f"group_{what}": "groups:read" for what in ("archive", "deleted", "left", "rename", "unarchive")},
    "member_joined_channel": "channels:read",
    "team_join": "users:read",
    "user_change": "users:read",
}  # which scope each event needs (Events API)


def test_it_may_hear_every_event_it_asks_for() -> None:
    manifest = json.loads(slack_manifest(load(handlers), read_city(RIVERTON), None, socket=True))
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert {NEEDS[event] for event in events} - {None} <= set(SCOPES)


def test_the_reader_of_the_readme_learns_of_every_scope() -> None:
    readme = (RIVERTON.parent / "README.md").read_text()
    assert [scope for scope in SCOPES if f"| `{scope}` |" not in readme] == []


def test_every_scope_says_what_it_is_for() -> None:
    text = slack_manifest(load(handlers), read_city(RIVERTON), None, socket=False)
    assert json.loads(text)["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert all(reason for reason in SCOPES.values())
