"""Bots in processes of their own, for tests that kill them: ``python -m tests.killable FOLDER SLACK [DATABASE]``.

All is loaded once. For each line it reads, a bot begins in a fork and says its port and its process; when that one
has died, a line says so.
"""

import asyncio
import os
import sys
from importlib import import_module
from pathlib import Path

from pydantic import SecretStr

import handlers
import scheduler
from bot.application import Application
from bot.delivery import Timing
from handlers.kit.registry import load
from tests.chat.bot import settings_for

QUICK = Timing(request=0.5, lease=1, settle=1.5)


async def _serve(folder: Path, slack_api_url: str, **keys: str) -> None:
    token, secret = SecretStr("xoxb-test"), SecretStr("signing-secret")
    slack = {"slack_bot_token": token, "slack_signing_secret": secret, "slack_api_url": slack_api_url}
    settings = settings_for(folder, **slack, desk="off", **keys)
    application = Application(settings, timing=QUICK)
    for door in application.doors:
        door.messenger.pace = 0.0
    print(await application.start(), os.getpid(), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    import_module("bot.slack.app")  # which the bot itself loads only when it opens
    load(handlers, scheduler)
    database = {"database_url": sys.argv[3]} if sys.argv[3:] else {}
    for _ in sys.stdin:
        bot = os.fork()
        if not bot:
            asyncio.run(_serve(Path(sys.argv[1]), sys.argv[2], **database))
        os.waitpid(bot, 0)
        print("gone", flush=True)
