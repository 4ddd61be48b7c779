"""Checks: whether Microsoft knows this bot, for the doctor."""

from bot.clock import RealClock
from bot.findings import Finding
from bot.settings import Settings
from bot.teams.client import Ended, Unreached, client_of
from bot.teams.gate import published
from bot.teams.trouble import trouble


async def check(settings: Settings) -> list[Finding]:
    """Ask Microsoft for a token, which takes a right secret, and for the keys that requests are signed with."""
    client = client_of(settings, RealClock())
    try:
        findings = [(True, "Teams: Microsoft gives this bot tokens")]
        try:
            await client.token()
        except Ended as ended:
            findings = [(False, f"Teams: {trouble(ended)}")]
        try:
            await published(client, settings.teams_openid_url)
        except Unreached as problem:
            findings.append((False, f"Teams: the Bot Connector's keys cannot be fetched: {problem}"))
        return findings
    finally:
        await client.close()
