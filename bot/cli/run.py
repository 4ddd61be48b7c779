"""Run: the bot itself, until it is told to stop."""

import argparse
import asyncio
import logging
import signal

from bot.application import Application
from bot.interpreter import prepare_to_serve
from bot.invented import EMPTY, FILE, URL
from bot.logs import start_logging
from bot.opening import wait_for_database
from bot.settings import Settings, read_settings
from handlers.kit.errors import ConfigurationError
from storage.database import is_there

log = logging.getLogger("cityops.run")


def run(options: argparse.Namespace) -> int:
    """Start the bot once the database answers; it ends, with everything committed, on SIGTERM or Ctrl-C."""
    own = {key: value for key in ("host", "port") if (value := getattr(options, key)) is not None}
    settings = read_settings(**own)
    start_logging(settings.log_level)
    if not settings.platforms:
        raise ConfigurationError(
            "environment",
            "SLACK_BOT_TOKEN",
            "no platform is set up; set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET for Slack, TEAMS_APP_ID, "
            "TEAMS_APP_PASSWORD and TEAMS_TENANT_ID for Teams, or DESK=on with HOST=127.0.0.1 for the desk",
        )
    if settings.is_for_a_try:
        _make_demo(settings)
        settings = read_settings(**own)
    return asyncio.run(_serve(settings))


def _make_demo(settings: Settings) -> None:
    """Make the invented weeks, so that somebody who tries the bot sees a city that is alive."""
    from bot.demo.making import make

    log.info("making ten invented weeks of Riverton in %s, once; it takes about 15 seconds", FILE)
    make(settings)


async def _serve(settings: Settings) -> int:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    if not is_there(settings.database_url):
        log.info("there is no database yet; one is made, which takes a few seconds")
    database = await wait_for_database(settings, stopping)
    if database is None:
        return 0
    application = Application(settings, database=database)
    prepare_to_serve()
    try:
        try:
            port = await application.start()
        except OSError as problem:
            raise ConfigurationError(
                "environment", "PORT", f"{problem.strerror or problem}; set another PORT"
            ) from None
        _greet(settings, application, port)
        await stopping.wait()
    finally:
        await application.stop()
    return 0


def _greet(settings: Settings, application: Application, port: int) -> None:
    """Say that all is well, and where the desk is."""
    doors = ", ".join(settings.platforms)
    log.info("running for %s; stop it with Ctrl-C", application.runtime.city().name, extra={"doors": doors})
    if settings.desk_is_open:
        log.info("open this address in your browser: http://%s:%s", settings.host, port)
    if settings.database_url == URL:
        log.info("all that you see there is invented; to begin with an empty city: %s", EMPTY)
