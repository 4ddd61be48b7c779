"""Backup: a copy is made while the bot runs, and put back only when it is sound and nothing runs."""

import errno
import os
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage.backup import BackupError, copy_to, put_back
from storage.copies import Unsound, copy_whole
from storage.database import Database
from storage.private import keep_names
from storage.runlock import AlreadyRunning, take_run_lock
from tests.sqlite import migrated

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{migrated(tmp_path / 'cityops.db')}"


def remember(url: str, key: str) -> None:
    database = Database(url)
    database.write(lambda store: store.chat.inbox.keep(key, None, NOW))
    database.close()


def remembered(url: str, key: str) -> bool:
    database = Database(url)
    try:
        return database.read(lambda store: store.chat.inbox.answered(key))[0]
    finally:
        database.close()


def test_a_copy_made_while_the_bot_runs_and_writes_holds_what_was_committed(database: Database, tmp_path: Path) -> None:
    database.write(lambda store: store.chat.inbox.keep("before", None, NOW))
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


def test_what_is_put_back_is_on_the_disk_before_it_is_the_database(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(url, "before")
    copy_to(url, tmp_path / "backup.db")
    target = Path(url.removeprefix("sqlite:///"))
    old, folder, fsync = target.stat().st_ino, target.parent.stat().st_ino, os.fsync
    synced: list[tuple[str, bool]] = []  # what was brought to the disk, and whether the new database stood by then

    def spy(handle: int) -> None:
        fsync(handle)
        what = "names" if os.fstat(handle).st_ino == folder else "database"
        synced.append((what, target.stat().st_ino != old))

    monkeypatch.setattr("os.fsync", spy)
    put_back(url, tmp_path / "backup.db")
    assert synced[:3] == [("database", False), ("names", False), ("names", True)]


def test_where_the_disk_fails_while_a_backup_is_put_back_the_old_database_stands(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(url, "before")
    copy_to(url, tmp_path / "backup.db")
    remember(url, "after")

    def full(_handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(OSError, match="Input/output error"):
            put_back(url, tmp_path / "backup.db")
    assert remembered(url, "after")
    assert sorted(file.name for file in tmp_path.glob("*restor*")) == []


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


def spoil(file: Path) -> None:
    """Destroy one page in the middle of the file."""
    with file.open("r+b") as pages:
        pages.seek(50 * 4096)
        pages.write(b"\xff" * 4096)


def run_sql(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as there, there:
        for statement in statements:
            there.execute(statement)


def last_act(url: str) -> tuple[str, str, str, int | None]:
    """The person, act and facts of the newest audit row, and the number of the first bad row."""
    database = Database(url)
    sql = "SELECT person, act, facts FROM audit ORDER BY number DESC LIMIT 1"
    try:
        row = database.read(lambda store: store.connection.exec_driver_sql(sql).one())
        return row.person, row.act, row.facts, database.read(lambda store: store.audit.first_bad_row())[1]
    finally:
        database.close()


def test_a_restore_stands_in_the_audit_of_the_database_that_was_put_back(url: str, tmp_path: Path) -> None:
    audit_row(url)
    copy_to(url, tmp_path / "backup.db")
    put_back(url, tmp_path / "backup.db", "command line: ines", NOW)
    kept = '{"kept": "cityops.db.before-restore-1"}'
    assert last_act(url) == ("command line: ines", "restore", kept, None)


def audit_row(url: str) -> None:
    database = Database(url)
    database.write(lambda store: store.audit.add(NOW, "sam", "risk add", "R-1", {"score": 20}))
    database.close()


def test_a_damaged_database_is_not_copied_and_nothing_is_left(url: str, tmp_path: Path) -> None:
    spoil(tmp_path / "cityops.db")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(BackupError, match=r"cityops.db: it is damaged \(.*\); use an older backup"):
        copy_to(url, tmp_path / "backup.db")
    assert sorted(tmp_path.iterdir()) == before


def test_one_that_is_newer_than_the_program_is_neither_copied_nor_put_back(url: str, tmp_path: Path) -> None:
    copy_to(url, tmp_path / "backup.db")
    for file in ("cityops.db", "backup.db"):
        run_sql(tmp_path / file, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BackupError, match="it has the schema 9999, and this program knows schemas up to"):
        copy_to(url, tmp_path / "newer.db")
    with pytest.raises(BackupError, match="it has the schema 9999"):
        put_back(url, tmp_path / "backup.db")
    assert not list(tmp_path.glob("*.before-restore-*"))


def test_an_audit_that_is_not_whole_is_copied_and_named(url: str, tmp_path: Path) -> None:
    audit_row(url)
    run_sql(tmp_path / "cityops.db", "DROP TRIGGER audit_no_UPDATE", "UPDATE audit SET person = 'tom'")
    assert copy_to(url, tmp_path / "backup.db") == 1
    assert (tmp_path / "backup.db").exists()


def test_a_copy_that_does_not_hold_the_same_rows_is_not_kept(url: str, tmp_path: Path) -> None:
    class Lossy(sqlite3.Connection):
        """A disk that forgets."""

        def backup(self, target: sqlite3.Connection, **options: Any) -> None:
            super().backup(target, **options)
            target.execute("DELETE FROM inbox")

    remember(url, "before")
    live = sqlite3.connect(tmp_path / "cityops.db", factory=Lossy, isolation_level=None)
    with closing(live), pytest.raises(Unsound, match="the copy does not hold the same rows"):
        copy_whole(live, tmp_path / "copy.db")


def test_a_backup_is_one_file_that_only_its_owner_reads_and_that_needs_nothing_beside_it(
    url: str, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    before = os.umask(0)
    try:
        copy_to(url, kept / "monday.db")
    finally:
        os.umask(before)
    assert [(file.name, stat.S_IMODE(file.stat().st_mode)) for file in kept.iterdir()] == [("monday.db", 0o600)]
    put_back(url, kept / "monday.db")
    assert [file.name for file in kept.iterdir()] == ["monday.db"]


def test_a_log_that_a_lost_database_has_left_is_not_worked_into_the_one_put_back(url: str, tmp_path: Path) -> None:
    copy_to(url, tmp_path / "backup.db")
    database = Database(url)
    database.write(lambda store: store.chat.inbox.keep("after", None, NOW))
    log = (tmp_path / "cityops.db-wal").read_bytes()
    database.close()
    (tmp_path / "cityops.db").unlink()
    (tmp_path / "cityops.db-wal").write_bytes(log)
    assert put_back(url, tmp_path / "backup.db") is None
    assert not remembered(url, "after")
    assert (tmp_path / "cityops.db.before-restore-1-wal").read_bytes() == log


def test_a_damaged_database_is_replaced_and_kept_with_its_log(url: str, tmp_path: Path) -> None:
    remember(url, "before")
    copy_to(url, tmp_path / "backup.db")
    (tmp_path / "cityops.db").write_text("no database " * 1000)
    (tmp_path / "cityops.db-wal").write_text("no log")
    kept = put_back(url, tmp_path / "backup.db")
    assert kept is not None
    assert remembered(url, "before")
    assert [file.read_text()[:2] for file in sorted(tmp_path.glob("*.before-restore-1*"))] == ["no", "no"]


def test_while_another_program_has_the_database_open_it_stays(url: str, tmp_path: Path) -> None:
    remember(url, "before")
    copy_to(url, tmp_path / "backup.db")
    with closing(sqlite3.connect(tmp_path / "cityops.db")) as other:
        other.execute("SELECT count(*) FROM inbox").fetchone()
        with pytest.raises(
            BackupError, match=r"another program has the database open \(database is locked\); close it"
        ):
            put_back(url, tmp_path / "backup.db")
    assert remembered(url, "before")
    assert not list(tmp_path.glob("*.restoring*"))


def test_nobody_gets_in_while_one_takes_the_place_of_the_other(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def somebody_tries(folder: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "cityops.db", timeout=0)) as other:
            try:
                found.append(other.execute("SELECT count(*) FROM inbox WHERE key = 'after'").fetchone())
            except sqlite3.OperationalError as problem:
                found.append(str(problem))
        keep_names(folder)

    found: list[Any] = []
    monkeypatch.setattr("storage.aside.keep_names", somebody_tries)
    copy_to(url, tmp_path / "backup.db")
    remember(url, "after")
    put_back(url, tmp_path / "backup.db")
    assert found == ["database is locked", (0,)]


def test_where_a_file_has_one_name_only_the_database_of_before_is_kept_all_the_same(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_one: Path, _other: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    remember(url, "before")
    copy_to(url, tmp_path / "backup.db")
    remember(url, "after")
    kept = put_back(url, tmp_path / "backup.db")
    assert kept is not None
    assert (remembered(url, "after"), remembered(f"sqlite:///{kept}", "after")) == (False, True)


def test_the_database_is_put_back_where_a_link_leads(url: str, tmp_path: Path) -> None:
    copy_to(url, tmp_path / "backup.db")
    (tmp_path / "link.db").symlink_to(tmp_path / "cityops.db")
    kept = put_back(f"sqlite:///{tmp_path}/link.db", tmp_path / "backup.db")
    assert kept == tmp_path / "cityops.db.before-restore-1"
    assert (tmp_path / "link.db").is_symlink()
    with pytest.raises(BackupError, match="this is the database itself"):
        put_back(url, tmp_path / "link.db")


def test_postgresql_has_its_own_programs_for_this(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="pg_dump"):
        copy_to("postgresql+psycopg://city@db/city", tmp_path / "backup.db")
