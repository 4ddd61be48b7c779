"""Checks: whether Slack knows this bot, for the doctor."""

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.settings import Settings
from bot.slack.client import Client
from bot.slack.manifest import SCOPES
from bot.slack.socket import NotOpened, address


async def check(settings: Settings) -> list[tuple[bool, str]]:
    """Ask Slack who we are, with which scopes, and for Socket Mode; each finding is (is it well, the line)."""
    assert settings.slack_bot_token is not None, "only asked when Slack is configured"
    client = Client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    try:
        said = await client.api.auth_test()
        socket = await _socket(client, settings)
    except SlackApiError as problem:
        return [(False, f"Slack: it refuses this bot ({problem.response['error']}); check SLACK_BOT_TOKEN")]
    except (ClientError, TimeoutError, OSError):
        return [(False, "Slack: it cannot be reached from here; check the firewall and SLACK_API_URL")]
    finally:
        await client.close()
    granted = {scope.strip() for scope in said.headers.get("x-oauth-scopes", "").split(",")} - {""}
    missing = [scope for scope in SCOPES if granted and scope not in granted]
    findings = [(True, f"Slack: it knows this bot as {said['user']} in {said['team']}"), *socket]
    if missing:
        findings.append((False, f"Slack: scopes missing: {', '.join(missing)}; add them and install the app again"))
    return findings


async def _socket(client: Client, settings: Settings) -> list[tuple[bool, str]]:
    if settings.slack_app_token is None:
        return []
    try:
        await address(client, settings.slack_app_token.get_secret_value())
    except NotOpened as problem:
        return [(False, f"Slack: Socket Mode cannot connect: {problem}")]
    return [(True, "Slack: it lets this bot connect by Socket Mode")]
