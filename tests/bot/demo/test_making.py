"""Making the invented weeks: a file that is whole or not there, and nobody else's."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.demo import making
from bot.demo.stage import OffScript, Stage
from bot.invented import FILE, URL, is_invented
from bot.settings import read_settings
from storage.database import Database
from storage.runlock import take_run_lock
from tests.bot.conftest import ROOT, Call
from tests.bot.terminal import refused
from tests.bot.test_invented import invented

SHORT = 1  # day
MADE = f"from bot.demo.making import make; from bot.settings import read_settings; make(read_settings(), days={SHORT})"


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making.make, "__kwdefaults__", {"again": False, "days": SHORT})


def names(folder: Path) -> list[str]:
    data = folder / "data"
    return sorted(path.name for path in data.iterdir()) if data.exists() else []


@pytest.mark.usefixtures("_short")
def test_it_is_made_once_and_again_only_when_that_is_asked(call: Call, folder: Path) -> None:
    code, out, _ = call("demo")
    assert (code, "Ten invented weeks of Riverton are in data/riverton.db." in out) == (0, True)
    assert names(folder) == ["riverton.db", "riverton.db.lock"]
    assert FILE.stat().st_mode & 0o777 == 0o600
    first = FILE.stat().st_ino
    assert refused(call, "demo") == (
        "demo: data/riverton.db: it is there already; to make it again, up to today: demo --again\n"
    )
    assert FILE.stat().st_ino == first
    assert call("demo", "--again")[0] == 0
    assert FILE.stat().st_ino != first
    assert names(folder) == ["riverton.db", "riverton.db.lock"]
    database = Database(URL, new=False)
    assert database.read(is_invented)
    database.close()


@pytest.mark.usefixtures("_short")
def test_every_command_uses_it_until_somebody_has_a_database_of_their_own(call: Call, folder: Path) -> None:
    (folder / "data").mkdir(mode=0o700)
    invented(FILE)
    assert "invented" in call("doctor")[1]
    assert read_settings().database_url == URL
    (folder / "data" / "cityops.db").touch()
    assert read_settings().database_url == "sqlite:///data/cityops.db"
    assert "make run uses data/cityops.db, as long as it is there." in call("demo", "--again")[1]


def test_it_is_not_made_of_the_files_of_another_city(call: Call, folder: Path) -> None:
    file = folder / "city" / "city.toml"
    file.write_text(file.read_text().replace("Riverton", "Springfield"))
    assert "somebody has changed these" in refused(call, "demo")
    assert names(folder) == []


def test_a_bot_that_runs_on_it_is_not_disturbed(call: Call, folder: Path) -> None:
    lock = take_run_lock(URL)
    assert lock is not None
    with lock:
        assert "a bot uses it, or is just making it; stop that one first" in refused(call, "demo")
    assert names(folder) == ["riverton.db.lock"]


def test_nothing_is_left_of_one_that_broke(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(*_given: object) -> None:
        raise OffScript("sam has no button Done")

    monkeypatch.setattr(Stage, "play", breaks)
    with pytest.raises(OffScript):
        call("demo")
    assert names(folder) == ["riverton.db.lock"]


@pytest.mark.doors
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_one_that_is_killed_half_way_is_never_used(folder: Path, number: signal.Signals) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-m", "bot", "demo"], cwd=folder, env=environment) as running:
        half_made = folder / "data" / ".riverton.db.making" / "riverton.db-wal"
        while not half_made.exists():
            assert running.poll() is None
        running.send_signal(number)
        assert running.wait(20) != 0
    left = [".riverton.db.making"] if number == signal.SIGKILL else []
    assert names(folder) == [*left, "riverton.db.lock"]
    assert read_settings().database_url != URL
    subprocess.run([sys.executable, "-c", MADE], cwd=folder, env=environment, check=True)
    assert names(folder) == ["riverton.db", "riverton.db.lock"]
