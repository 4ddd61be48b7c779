"""Asking: what Slack and Microsoft say of this bot, for the doctor."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from bot.findings import Finding
from bot.settings import Settings
from handlers.kit.city.model import City
from handlers.kit.registry import load


def asked(settings: Settings) -> list[Finding]:
    """Ask the platforms that are set up whether they know this bot."""
    return asyncio.run(_asked(settings)) if settings.slack or settings.teams_app_id else []


async def _asked(settings: Settings) -> list[Finding]:
    findings: list[Finding] = []
    if settings.slack:
        from bot.slack import checks as slack

        findings += await slack.check(settings)
    if settings.teams_app_id:
        from bot.teams import checks as teams

        findings += await teams.check(settings)
    return findings


def compared(settings: Settings, city: City, file: Path) -> Iterator[Finding]:
    """What the Slack app lacks whose manifest is in a file; raises ConfigurationError."""
    import handlers
    import scheduler
    from bot.slack.checks import compare
    from bot.slack.manifest import slack_manifest

    catalogue = load(handlers, scheduler)
    wanted = slack_manifest(catalogue, city, settings.public_url, socket=settings.slack_app_token is not None)
    yield from compare(file, wanted)
