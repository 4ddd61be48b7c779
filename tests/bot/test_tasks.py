"""Tasks: what goes on in the background is held until it ends, and what breaks there is in the log once."""

import asyncio
import re
from pathlib import Path

import pytest

from bot.tasks import Tasks

BOT = Path(__file__).parents[2] / "bot"


async def _breaks() -> None:
    raise ZeroDivisionError


async def test_what_breaks_in_the_background_is_logged_once_and_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    tasks, done = Tasks(), asyncio.Event()

    async def goes_on() -> None:
        done.set()

    tasks.begin(_breaks())
    tasks.begin(goes_on())
    await tasks.finish()
    assert done.is_set()
    assert [(record.levelname, record.exc_info and record.exc_info[0]) for record in caplog.records] == [
        ("ERROR", ZeroDivisionError)
    ]
    assert len(tasks) == 0


async def test_what_is_ended_on_purpose_is_no_news_and_what_broke_before_does_not_keep_the_rest(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tasks = Tasks()
    tasks.begin(asyncio.sleep(3600))
    tasks.begin(_breaks())
    await asyncio.sleep(0)
    await tasks.cancel()
    assert len(tasks) == 0
    assert len(caplog.records) == 1


# Not in the background: the code that begins these waits for them at once, and hears what breaks.
AWAITED = ("opening.py", "runtime.py")


def test_nothing_is_begun_in_the_background_past_these_tasks() -> None:
    begins = re.compile(r"\b(create_task|ensure_future|run_coroutine_threadsafe)\(")
    found = [file.name for file in BOT.rglob("*.py") if begins.search(file.read_text())]
    assert sorted(found) == sorted(("tasks.py", *AWAITED))
