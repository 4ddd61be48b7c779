"""Keeping: the audit, backups and the database itself at the command line, with their formats and exit codes."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.runlock import take_run_lock
from tests.bot.conftest import Call
from tests.bot.test_command_line import DAM, say
from tests.sqlite import migrated


def test_a_whole_audit_is_0_and_a_tampered_row_is_1_and_named(call: Call, folder: Path) -> None:
    for number in range(2):
        call("say", "sam", DAM.replace("Dam", f"Dam {number}"))
    assert call("audit", "verify")[:2] == (0, "The audit is whole: 2 rows.\n")
    with closing(sqlite3.connect(folder / "data" / "cityops.db")) as database:
        database.execute("DROP TRIGGER audit_no_UPDATE")
        database.execute("UPDATE audit SET person = 'tom' WHERE number = 2")
        database.commit()
    code, _, error = call("audit", "verify")
    assert (code, error.startswith("Row 2 of the audit does not follow")) == (1, True)


def test_a_backup_put_back_brings_the_old_state(call: Call, folder: Path) -> None:
    call("say", "sam", DAM)
    (folder / "kept").mkdir()
    assert call("backup", "kept/monday.db")[0] == 0
    code, _, error = call("backup", "kept/monday.db")
    assert (code, "backup: kept/monday.db: this file is there already" in error) == (2, True)
    call("say", "sam", DAM)
    code, out, _ = call("restore", "kept/monday.db")
    assert (code, "The one before it is" in out) == (0, True)
    assert "Open risks: 1" in say(call, "sam", "risk list")[1]["text"]


@pytest.mark.parametrize("arguments", [("restore", "nothing.db"), ("backup", "x.db")])
def test_what_cannot_be_kept_or_put_back_is_one_line_and_2(call: Call, arguments: tuple[str, str]) -> None:
    code, out, error = call(*arguments)
    assert (code, out) == (2, "")
    assert error.startswith(f"{arguments[0]}: {arguments[1]}: ")
    assert error.count("\n") == 1


def test_a_backup_of_an_audit_that_is_not_whole_is_made_and_exits_with_1(call: Call, folder: Path) -> None:
    call("say", "sam", DAM)
    with closing(sqlite3.connect(folder / "data" / "cityops.db")) as database, database:
        database.execute("DROP TRIGGER audit_no_UPDATE")
        database.execute("UPDATE audit SET person = 'tom'")
    code, out, error = call("backup", "kept.db")
    assert (code, out) == (1, "The database was copied to kept.db.\n")
    assert error == "Row 1 of the audit does not follow from the one before it. Compare it with a backup.\n"


def test_a_disk_without_room_is_one_line_and_1(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call("say", "sam", "help")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert call("backup", "kept.db") == (1, "", "backup: kept.db: No space left on device\n")
    assert not list(folder.glob("*kept.db*"))


def test_a_backup_makes_no_folder_by_itself(call: Call, folder: Path) -> None:
    say(call, "sam", DAM)
    code, out, error = call("backup", "kep/monday.db")
    assert (code, out) == (2, "")
    assert error == "backup: kep/monday.db: there is no folder kep; make it first, or name another one\n"
    assert not (folder / "kep").exists()


def test_nothing_is_put_back_under_a_running_bot(call: Call, folder: Path) -> None:
    call("say", "sam", DAM)
    call("backup", "monday.db")
    lock = take_run_lock("sqlite:///data/cityops.db")
    assert lock is not None
    with lock:
        code, _, error = call("restore", "monday.db")
        assert (code, "the bot is running; stop it first" in error) == (2, True)
        assert say(call, "sam", "risk list")[0] == 0


@pytest.mark.parametrize("line", ["say sam help", "send morning-check", "export risks", "audit verify", "db upgrade"])
def test_where_the_database_is_gone_no_command_makes_an_empty_one(call: Call, folder: Path, line: str) -> None:
    (folder / "data").mkdir()
    file = migrated(folder / "data" / "cityops.db")
    call("db", "upgrade")
    file.unlink()
    code, out, error = call(*line.split())
    assert (code, out, error.count("\n")) == (2, "", 1)
    assert "data/cityops.db: the database is gone, and no empty one is made in its place; put the file back" in error
    assert not file.exists()


@pytest.mark.parametrize("line", ["export risks", "audit verify", "backup x.db", "doctor", "schedule"])
def test_what_only_reads_makes_no_database(call: Call, folder: Path, line: str) -> None:
    code, out, error = call(*line.split())
    assert code == (0 if line == "schedule" else 1 if line == "doctor" else 2)
    assert line == "schedule" or "there is no database yet; start the bot once" in out + error
    assert not (folder / "data").exists()


def test_upgrading_says_whether_there_was_something_to_do(call: Call) -> None:
    assert call("db", "upgrade")[:2] == (0, "The database was brought to the newest schema.\n")
    assert call("db", "upgrade")[:2] == (0, "The database has the newest schema.\n")
