"""Manifest: what to upload to a platform so that it knows the bot."""

import argparse
from pathlib import Path

import handlers
import scheduler
from bot.settings import read_settings
from bot.slack.manifest import slack_manifest
from handlers.kit.city import read_city
from handlers.kit.registry import load


def manifest(options: argparse.Namespace) -> int:
    """Print the manifest, or write it into a folder."""
    settings = read_settings()
    city = read_city(settings.city_dir)
    text = slack_manifest(
        load(handlers, scheduler), city, settings.public_url, socket=settings.slack_app_token is not None
    )
    if options.out is None:
        print(text)
        return 0
    folder = Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "slack-manifest.json"
    file.write_text(text + "\n", encoding="utf-8")
    print(f"Written: {file}. Upload it at Slack: Your Apps, Create New App, From a manifest.")
    return 0
