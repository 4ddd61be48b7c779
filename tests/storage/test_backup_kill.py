"""Backup kill: a backup or restore killed before any of its steps, or at any moment, leaves a whole database."""

import itertools
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.settings import Settings
from storage.backup import copy_to
from tests.bot.conftest import ROOT
from tests.sqlite import new_database
from tests.storage.test_backup import remember

KILLED, ALARMED = -9, -14
CHANCE = random.Random(20261123)
FEWEST = 20  # the fewest steps that either command has
MOMENTS = [f"after {CHANCE.uniform(0, 0.1):.4f}" for _ in range(4)]


class Dying:
    """The process that runs commands and dies where it is told to."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def run(self, step: str, command: str) -> int:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{step}: {command}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A database that a killed bot left: "old" is in its backup.db as well, "new" is only in the database's log."""
    shutil.copytree(ROOT / "city", tmp_path / "city")
    (tmp_path / "live").mkdir()
    url = f"sqlite:///{tmp_path}/live/cityops.db"
    database = new_database(tmp_path / "live")
    remember(url, "old")
    copy_to(url, tmp_path / "backup.db")
    database.write(
        lambda store: store.connection.exec_driver_sql("INSERT INTO inbox VALUES ('new', NULL, '2026-11-23')")
    )
    shutil.copytree(tmp_path / "live", tmp_path / "data")
    database.close()
    return tmp_path


@pytest.fixture
def dying(folder: Path) -> Iterator[Dying]:
    command = (sys.executable, "-m", "tests.dying", str(folder))
    own = {key: value for key, value in os.environ.items() if key.lower() not in Settings.model_fields}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=own, stdin=pipe, stdout=pipe, text=True) as process:
        yield Dying(process)
        assert process.stdin
        process.stdin.close()
        assert process.wait(10) == 0


def deaths(dying: Dying, command: str) -> Iterator[str]:
    """Kill a command before each of its steps in turn, to the last one, and then at some random moments."""
    for step in itertools.count(1):
        ended = dying.run(str(step), command)
        yield f"step {step}"
        if ended == 0:
            break
        assert ended == KILLED
    assert step > FEWEST
    for moment in MOMENTS:
        assert dying.run(moment, command) in (0, ALARMED)
        yield moment


def held(database: Path, probe: Path) -> list[str]:
    """What a database would hold now, after checking that it is whole; the database itself is not changed."""
    shutil.rmtree(probe, ignore_errors=True)
    probe.mkdir()
    for ending in ("", "-wal", "-journal"):
        if (file := Path(f"{database}{ending}")).exists():
            shutil.copy(file, f"{probe}/probe.db{ending}")
    with closing(sqlite3.connect(f"file:{probe}/probe.db?mode=rw", uri=True)) as found:
        assert found.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [key for (key,) in found.execute("SELECT key FROM inbox ORDER BY key")]


@pytest.mark.doors
def test_a_restore_that_is_killed_leaves_the_old_database_or_the_new_one(folder: Path, dying: Dying) -> None:
    """Each one finds what the one before it has left."""
    data, database = folder / "data", folder / "data" / "cityops.db"
    for step in deaths(dying, "restore backup.db"):
        now = held(database, folder / "probe")
        assert now in (["new", "old"], ["old"]), step
        if now == ["old"]:
            for file in (folder / "live").iterdir():
                (data / file.name).unlink(missing_ok=True)
                shutil.copy(file, data)
    assert dying.run("0", "restore backup.db") == 0
    assert held(database, folder / "probe") == ["old"]
    kept = sorted(data.glob("cityops.db.before-restore-*"))
    assert all(held(path, folder / "probe") == ["new", "old"] for path in kept)
    assert sorted(data.iterdir()) == sorted([database, data / "cityops.db.lock", *kept])
    assert [path.stat().st_nlink for path in kept] == [1] * len(kept)


@pytest.mark.doors
def test_a_backup_that_is_killed_leaves_nothing_under_its_name_or_a_whole_one(folder: Path, dying: Dying) -> None:
    """Each one finds what the one before it has left."""
    (folder / "kept").mkdir()
    copy = folder / "kept" / "monday.db"
    for step in deaths(dying, "backup kept/monday.db"):
        assert held(folder / "data" / "cityops.db", folder / "probe") == ["new", "old"], step
        if copy.exists():
            assert held(copy, folder / "probe") == ["new", "old"], step
            copy.unlink()
    assert dying.run("0", "backup kept/monday.db") == 0
    assert held(copy, folder / "probe") == ["new", "old"]
    assert list((folder / "kept").iterdir()) == [copy]
