"""Piecework killed: a process is killed with no warning between and within batches, and everybody is told once."""

import asyncio
import os
import random
import signal
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from bot.assembly import build_runtime
from bot.runtime import Runtime
from bot.settings import Settings
from scheduler import batch
from storage.database import Store
from storage.time.occurrences import Occurrence
from tests.chat.bot import settings_for
from tests.chat.clock import SetClock
from tests.scheduler.cut import Cut, begun
from tests.scheduler.told import at

T = TypeVar("T")
KILLS = 6
MANY = 80


def city_of_many(folder: Path, url: str | None) -> Settings:
    settings = settings_for(folder, desk="on", **({"database_url": url} if url else {}))
    with (settings.city_dir / "people.toml").open("a", encoding="utf-8") as file:
        for number in range(MANY):
            file.write(f'\n[[person]]\nid = "p{number}"\nname = "P {number}"\nemail = "p{number}@example.org"\n')
    return settings


def opened(settings: Settings) -> Runtime:
    return build_runtime(settings, SetClock(at("08:30")))


def goes_on(settings: Settings, planned: Occurrence, told: int) -> None:
    """Go on with the occurrence in a process of its own, which says one byte before each of its transactions."""
    runtime = opened(settings)
    submit = runtime.database.submit_write

    def saying(work: Callable[[Store], T], kind: str | None = None) -> "Future[T]":
        def said(store: Store) -> T:
            os.write(told, b".")
            return work(store)

        return submit(said, kind)

    runtime.database.submit_write = saying  # type: ignore[method-assign]
    asyncio.run(Cut(runtime, planned).goes_on())


def killed_after(batches: int, run: partial[None]) -> bool:
    """Run it in a fork that is killed when it has begun so many transactions; whether it was."""
    heard, told = os.pipe()
    child = os.fork()
    if not child:
        os.close(heard)
        try:
            run(told)
        finally:
            os._exit(0)
    os.close(told)
    for _ in range(batches):
        if not os.read(heard, 1):
            break
    else:
        os.kill(child, signal.SIGKILL)
    os.close(heard)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.doors
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_bot_that_is_killed_at_any_moment_tells_everybody_once(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "LONGEST", 0.0)
    settings = city_of_many(tmp_path, request.getfixturevalue("postgresql_url") if kind == "postgresql" else None)
    cut = begun(opened(settings))
    cut.runtime.database.close()
    run, chance = partial(goes_on, settings, cut.planned), random.Random(7)
    kills, counts = list[bool](), list[int]()
    for _ in range(KILLS):
        kills.append(killed_after(chance.randrange(1, 20), run))
        counts.append(greeted(settings, cut.planned))
    assert any(kills)
    assert counts == sorted(counts)
    assert counts[-1] > 0
    assert not killed_after(10 * MANY, run)
    after = Cut(opened(settings), cut.planned)
    assert sorted(after.greeted) == sorted(after.runtime.city().people)
    assert (after.state, len(after.audited)) == ("sent", 1)
    after.runtime.database.close()


def greeted(settings: Settings, planned: Occurrence) -> int:
    """How many have a greeting by now."""
    cut = Cut(opened(settings), planned)
    count = len(cut.greeted)
    cut.runtime.database.close()
    return count
