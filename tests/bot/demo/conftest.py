"""One play for all tests, however many processes they run in: the days from the water main to the newest morning."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from bot.demo.making import play
from bot.settings import Settings
from storage.database import Database
from tests.chat.bot import RIVERTON

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # 15:00 in Riverton, a Monday
DAYS = 26  # the crisis began 24 working days before the newest one


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the play; nobody changes it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    file = tmp_path_factory.getbasetemp().parent / f"riverton-{run}.db"
    with file.with_suffix(".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not file.exists():
            part = file.with_suffix(".part")
            play(Settings.model_construct(city_dir=RIVERTON), part, NOW, DAYS)
            part.rename(file)
    return file


@pytest.fixture
def riverton(played: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of it."""
    database = Database(f"sqlite:///{shutil.copy(played, tmp_path / 'riverton.db')}")
    yield database
    database.close()
