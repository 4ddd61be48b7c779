"""Checks: whether Slack knows this bot, and what the installed app lacks, for the doctor."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from bot.findings import Finding
from bot.settings import Settings
from bot.slack.client import Client, Ended
from bot.slack.manifest import differences, lacking
from bot.slack.people import who_am_i
from bot.slack.socket import NotOpened, address
from bot.slack.trouble import trouble
from handlers.kit.errors import ConfigurationError


async def check(settings: Settings) -> list[Finding]:
    """Ask Slack who we are, with which scopes, and for Socket Mode."""
    assert settings.slack_bot_token is not None, "only asked when Slack is configured"
    client = Client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    try:
        return [finding async for finding in _asked(client, settings)]
    finally:
        await client.close()


async def _asked(client: Client, settings: Settings) -> AsyncIterator[Finding]:
    try:
        said, granted = await who_am_i(client)
    except Ended as ended:
        yield False, f"Slack: {trouble(ended)}"
        return
    yield True, f"Slack: it knows this bot as {said.get('user')} in {said.get('team')}"
    for line in lacking(granted):
        yield False, f"Slack: {line}"
    if settings.slack_app_token is not None:
        yield await _socket(client, settings.slack_app_token.get_secret_value())


async def _socket(client: Client, token: str) -> Finding:
    try:
        await address(client, token)
    except NotOpened as problem:
        return False, f"Slack: Socket Mode cannot connect: {problem}"
    return True, "Slack: it lets this bot connect by Socket Mode"


def compare(file: Path, wanted: str) -> Iterator[Finding]:
    """What the app lacks whose manifest was copied from its page into a file; raises ConfigurationError."""
    try:
        installed = json.loads(file.read_text(encoding="utf-8-sig"))
        lines = differences(json.loads(wanted), installed)
    except (OSError, ValueError, RecursionError, TypeError, KeyError, AttributeError):
        fix = "it cannot be read as a manifest; copy the JSON of the page App Manifest of the Slack app into it"
        raise ConfigurationError(str(file), "--manifest", fix) from None
    for line in lines:
        yield False, f"Slack: {line}"
    if not lines:
        yield True, f"Slack: the manifest in {file} has all that this bot needs"
