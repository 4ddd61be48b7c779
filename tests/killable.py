"""Bots in processes of their own, for tests that kill them: ``python -m tests.killable FOLDER SLACK [DATABASE]``.

All is loaded once. For each line it reads, a bot begins in a fork and says its port and its process; when that one
has died, a line says so. Where the folder has a file ``clock``, the bot's time is what is in it, and SIGUSR1 has
the bot look at it. Where it has a file ``teams.json``, those are its settings of Teams; SLACK may be empty.
"""

import asyncio
import json
import os
import signal
import sys
import time
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import SecretStr

import handlers
import scheduler
from bot.application import Application
from bot.timing import Timing
from handlers.kit.registry import load
from tests.chat.bot import settings_for

CLOCK, TEAMS = "clock", "teams.json"
QUICK = Timing(request=0.5, lease=1, settle=1.5)


class FileClock:
    """A clock that another process sets."""

    def __init__(self, file: Path) -> None:
        self.file = file

    boot, is_real = "the-first-boot", False

    def now(self) -> datetime:
        return datetime.fromisoformat(self.file.read_text())

    def monotonic(self) -> float:
        return self.now().timestamp()

    def stamp(self) -> float:
        return time.time()

    async def until(self, moment: datetime) -> None:
        while self.now() < moment:  # noqa: ASYNC110  # the other process says nothing
            await asyncio.sleep(0.01)


def set_clock(folder: Path, moment: datetime) -> None:
    """Write what time it is in one step, so that nobody reads half of it."""
    beside = folder / f"{CLOCK}.new"
    beside.write_text(moment.isoformat())
    beside.replace(folder / CLOCK)


async def _serve(folder: Path, slack_api_url: str, **keys: str) -> None:
    token, secret = SecretStr("xoxb-test"), SecretStr("signing-secret")
    slack = {"slack_bot_token": token, "slack_signing_secret": secret, "slack_api_url": slack_api_url}
    settings = settings_for(folder, **(slack if slack_api_url else {}), **_teams(folder), desk="off", **keys)
    clock = FileClock(folder / CLOCK) if (folder / CLOCK).exists() else None
    application = Application(settings, timing=QUICK, clock=clock)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, application.runtime.due.set)
    for door in application.doors:
        door.messenger.pace = 0.0
    print(await application.start(), os.getpid(), flush=True)
    await asyncio.Event().wait()


def _teams(folder: Path) -> dict[str, Any]:
    """The settings of Teams that the test has written down, if it has."""
    file = folder / TEAMS
    known = json.loads(file.read_text()) if file.exists() else {}
    return {name: SecretStr(value) if name == "teams_app_password" else value for name, value in known.items()}


if __name__ == "__main__":
    import_module("bot.slack.app")  # which the bot itself loads only when it opens
    if _teams(Path(sys.argv[1])):
        import_module("bot.teams.app")
    load(handlers, scheduler)
    database = {"database_url": sys.argv[3]} if sys.argv[3:] else {}
    for _ in sys.stdin:
        bot = os.fork()
        if not bot:
            asyncio.run(_serve(Path(sys.argv[1]), sys.argv[2], **database))
        os.waitpid(bot, 0)
        print("gone", flush=True)
