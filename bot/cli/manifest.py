"""Manifest: what to upload to a platform so that it knows the bot."""

import argparse
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import handlers
import scheduler
from bot.settings import Settings, read_settings
from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.errors import ConfigurationError
from handlers.kit.registry import load

FIRST_VERSION = "0.1.0"  # when cityops runs from its checkout and is not installed


def manifest(options: argparse.Namespace) -> int:
    """Print the manifest, or write what is to be uploaded into a folder."""
    settings = read_settings()
    city, catalogue = read_city(settings.city_dir), load(handlers, scheduler)
    written = _slack if options.platform == "slack" else _teams
    text, name, content, way = written(catalogue, city, settings)
    if options.out is None:
        print(text)
        return 0
    folder = Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    print(f"Written: {folder / name}. {way}")
    return 0


def _slack(catalogue: Catalogue, city: City, settings: Settings) -> tuple[str, str, bytes, str]:
    from bot.slack.manifest import slack_manifest

    text = slack_manifest(catalogue, city, settings.public_url, socket=settings.slack_app_token is not None)
    way = "Upload it at Slack: Your Apps, Create New App, From a manifest."
    return text, "slack-manifest.json", f"{text}\n".encode(), way


def _teams(catalogue: Catalogue, city: City, settings: Settings) -> tuple[str, str, bytes, str]:
    from bot.teams.manifest import app_package, teams_manifest

    if settings.teams_app_id is None:
        raise ConfigurationError(".env", "TEAMS_APP_ID", "the package names the bot by it; set it first (README.md)")
    text = teams_manifest(catalogue, city, settings.teams_app_id, settings.public_url, _version())
    way = "Upload it in the Teams admin center: Teams apps, Manage apps, Upload new app."
    return text, "cityops-teams.zip", app_package(text), way


def _version() -> str:
    try:
        return version("cityops")
    except PackageNotFoundError:
        return FIRST_VERSION
