"""A bot in a process of its own, for tests that kill it: ``python -m tests.killable FOLDER SLACK [DATABASE]``.

It begins when it reads a line, so that a test can have the next one ready while the last one dies.
"""

import asyncio
import sys
from pathlib import Path

from pydantic import SecretStr

from bot.application import Application
from bot.delivery import Timing
from tests.chat.bot import settings_for

QUICK = Timing(request=0.5, lease=1, settle=1.5)


async def _serve(folder: Path, slack_api_url: str, **keys: str) -> None:
    token, secret = SecretStr("xoxb-test"), SecretStr("signing-secret")
    slack = {"slack_bot_token": token, "slack_signing_secret": secret, "slack_api_url": slack_api_url}
    settings = settings_for(folder, **slack, desk="off", **keys)
    application = Application(settings, timing=QUICK)
    for door in application.doors:
        door.messenger.pace = 0.0
    print(await application.start(), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    sys.stdin.readline()
    database = {"database_url": sys.argv[3]} if sys.argv[3:] else {}
    asyncio.run(_serve(Path(sys.argv[1]), sys.argv[2], **database))
