"""Backup: a copy while the bot runs, put back only when it is sound and nothing runs."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.backup import BackupError, copy_to, put_back
from storage.database import Database
from storage.runlock import AlreadyRunning, take_run_lock
from tests.sqlite import migrated

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{migrated(tmp_path / 'cityops.db')}"


def remember(url: str, key: str) -> None:
    database = Database(url)
    database.write(lambda store: store.inbox.keep(key, None, NOW))
    database.close()


def remembered(url: str, key: str) -> bool:
    database = Database(url)
    try:
        return database.read(lambda store: store.inbox.answered(key))[0]
    finally:
        database.close()


def test_a_copy_made_while_the_bot_runs_and_writes_holds_what_was_committed(database: Database, tmp_path: Path) -> None:
    database.write(lambda store: store.inbox.keep("before", None, NOW))
    with database.writer.begin() as writing:
        writing.exec_driver_sql("INSERT INTO inbox (key, at) VALUES ('during', '2026-11-23')")
        (tmp_path / "new folder").mkdir()
        copy_to(database.url, tmp_path / "new folder" / "a ?#% copy.db")
    copied = f"sqlite:///{tmp_path}/copied.db"
    (tmp_path / "new folder" / "a ?#% copy.db").rename(tmp_path / "copied.db")
    assert (remembered(copied, "before"), remembered(copied, "during")) == (True, False)


def test_a_backup_put_back_is_the_database_and_the_old_one_is_kept(url: str, tmp_path: Path) -> None:
    remember(url, "before")
    backup = tmp_path / "a ?#% backup.db"
    copy_to(url, backup)
    remember(url, "after")
    kept = put_back(url, backup)
    assert (remembered(url, "before"), remembered(url, "after")) == (True, False)
    assert kept is not None
    assert remembered(f"sqlite:///{kept}", "after")
    assert put_back(url, backup) not in (None, kept)


def test_a_backup_is_put_back_where_nothing_was(url: str, tmp_path: Path) -> None:
    remember(url, "before")
    copy_to(url, tmp_path / "backup.db")
    other = f"sqlite:///{tmp_path}/other.db"
    assert put_back(other, tmp_path / "backup.db") is None
    assert remembered(other, "before")


def test_nothing_is_overwritten_by_a_copy(url: str, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BackupError, match="there already"):
        copy_to(url, tmp_path / "mine.txt")
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_there_is_nothing_to_copy_before_the_first_start(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="start the bot once"):
        copy_to(f"sqlite:///{tmp_path}/nothing.db", tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").exists()


def test_a_running_bot_keeps_its_database(url: str, tmp_path: Path) -> None:
    copy_to(url, tmp_path / "backup.db")
    remember(url, "after")
    lock = take_run_lock(url)
    assert lock is not None
    with lock, pytest.raises(AlreadyRunning):
        put_back(url, tmp_path / "backup.db")
    assert remembered(url, "after")


def test_what_is_no_backup_is_refused_and_the_database_stays(url: str, tmp_path: Path) -> None:
    remember(url, "before")
    (tmp_path / "text.db").write_text("no database at all, only a text that is long enough to be looked at" * 20)
    copy_to(url, tmp_path / "cut.db")
    (tmp_path / "cut.db").write_bytes((tmp_path / "cut.db").read_bytes()[:9000])
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as foreign:
        foreign.execute("CREATE TABLE songs (name TEXT)")
    for name in ("text.db", "cut.db", "foreign.db", "missing.db", "."):
        with pytest.raises(BackupError):
            put_back(url, tmp_path / name)
    assert remembered(url, "before")
    assert not list(tmp_path.glob("*.before-restore-*"))


def test_postgresql_has_its_own_programs_for_this(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="pg_dump"):
        copy_to("postgresql+psycopg://city@db/city", tmp_path / "backup.db")
