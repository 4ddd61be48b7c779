"""The command line in a folder of its own, a bot in the middle of a crisis, and a delivery by itself."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.settings import Settings
from tests.bot.breaking import says
from tests.bot.postroom import Post
from tests.chat.bot import Bot, settings_for
from tests.sqlite import migrated

ROOT = Path(__file__).parents[2]
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with Riverton in it, without the environment of the person who runs the tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    shutil.copytree(ROOT / "city", tmp_path / "city")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ready(folder: Path) -> None:
    """An empty database in the folder: making it is what takes longest in a first command."""
    (folder / "data").mkdir(mode=0o700)
    migrated(folder / "data" / "cityops.db")


@pytest.fixture
def call(folder: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run one command here; gives the exit code and what was printed to standard output and standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
        return (code, *capsys.readouterr())

    return run


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """A bot on a Monday with a crisis whose pages are pending."""
    bot = Bot(settings_for(tmp_path))
    await bot.start()
    await says(bot, "olga", "/crisis activate Water main burst; level 2")
    await bot.settle()
    yield bot
    await bot.stop()


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    """One delivery, and a place for the messages that it sends."""
    made = Post(tmp_path)
    await made.bind("risks", "C1")
    yield made
    await made.delivery.stop()
    await asyncio.to_thread(made.runtime.database.close)
