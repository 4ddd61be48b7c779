"""A bot in a process of its own, for tests that kill it: ``FOLDER PAGER_URL [page]``; with ``page`` it pages Tom."""

import asyncio
import sys
from pathlib import Path

from bot.application import Application
from bot.timing import Timing
from handlers.kit.messages import Card, Text
from storage.database import Store
from tests.chat.bot import settings_for

QUICK = Timing(request=5, lease=6, settle=7)


async def _run(folder: Path, pager_url: str, *, page: bool) -> None:
    application = Application(settings_for(folder, pager_url=pager_url), timing=QUICK)
    runtime = application.runtime

    def ring(store: Store) -> None:
        runtime.context(store).page("tom", Card("You are needed", Text("Water main burst")), ref="T-1")

    if page:
        await runtime.write(ring)
    await application.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1]), sys.argv[2], page=sys.argv[3:] == ["page"]))
