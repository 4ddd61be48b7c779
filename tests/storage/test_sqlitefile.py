"""SQLite file: when lost, replaced or emptied under a running bot, that is noticed before anything is confirmed."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import schema
from storage.database import Database, Store
from storage.soundness import check_sound
from storage.trouble import DatabaseUnavailable, DatabaseUnusable
from tests.sqlite import migrated, new_database

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "cityops.db"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    opened = new_database(file.parent)
    opened.write(remember("first"))
    yield opened
    opened.close()


def remember(key: str) -> Callable[[Store], None]:
    return lambda store: store.chat.inbox.keep(key, None, NOW)


def remembered(database: Database, key: str) -> bool:
    return database.read(lambda store: store.chat.inbox.answered(key))[0]


def refused(database: Database, why: str) -> None:
    for work in (database.write, database.read):
        with pytest.raises(DatabaseUnavailable, match=why):
            work(remember("lost"))


def test_a_removed_file_is_noticed_and_not_made_again(database: Database, file: Path) -> None:
    file.unlink()
    refused(database, r"cityops\.db: the file is gone .* put it back, or stop the bot and restore a backup")
    assert not file.exists()


def test_a_removed_folder_is_noticed_and_not_made_again(database: Database, file: Path) -> None:
    shutil.rmtree(file.parent)
    refused(database, "gone")
    assert not file.parent.exists()


def test_a_file_that_is_moved_away_and_back_goes_on(database: Database, file: Path) -> None:
    file.parent.rename(file.parent.with_name("away"))
    refused(database, "gone")
    file.parent.with_name("away").rename(file.parent)
    database.write(remember("second"))
    assert [remembered(database, key) for key in ("first", "second", "lost")] == [True, True, False]


def test_another_file_in_its_place_is_noticed_and_left_alone(database: Database, file: Path) -> None:
    file.unlink()
    before = migrated(file).read_bytes()
    refused(database, "another file has taken its place; if that is the right one, start the bot again")
    assert file.read_bytes() == before


def test_a_file_that_is_cut_short_is_noticed_and_goes_on_when_it_is_whole_again(database: Database, file: Path) -> None:
    whole = file.read_bytes()
    os.truncate(file, len(whole) // 2)
    refused(database, r"cityops\.db: the file has become shorter; start the bot again if VACUUM did that")
    file.write_bytes(whole)
    database.write(remember("second"))
    assert [remembered(database, key) for key in ("first", "second", "lost")] == [True, True, False]


def test_a_log_that_another_program_has_worked_in_and_emptied_is_no_trouble(database: Database, file: Path) -> None:
    database.write(remember("second"))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)
    assert Path(f"{file}-wal").stat().st_size == 0
    database.write(remember("third"))
    assert [remembered(database, key) for key in ("first", "second", "third")] == [True, True, True]


def test_readers_beside_a_writer_are_not_alarmed(database: Database) -> None:
    with ThreadPoolExecutor(4) as readers:
        looks = [readers.submit(remembered, database, "first") for _ in range(200)]
        for number in range(100):
            database.write(remember(f"more {number}"))
        assert all(look.result() for look in looks)


def test_a_log_that_is_cut_short_is_noticed_and_the_database_stays_whole(database: Database, file: Path) -> None:
    """Somebody freed space on the disk; what was merged into the database before that is there at the next start."""
    database.close()
    database.write(remember("second"))
    os.truncate(f"{file}-wal", 0)
    with pytest.raises(DatabaseUnavailable, match=r"cityops\.db-wal was cut short: the newest entries are lost"):
        database.write(remember("lost"))
    database.close()
    again = Database(f"sqlite:///{file}")
    check_sound(again, quick=False)
    assert [remembered(again, key) for key in ("first", "second", "lost")] == [True, False, False]
    again.write(remember("third"))
    assert remembered(again, "third")
    again.close()


def test_a_link_that_leads_to_another_file_is_noticed(tmp_path: Path) -> None:
    link = tmp_path / "cityops.db"
    link.symlink_to(migrated(tmp_path / "monday.db"))
    database = new_database(tmp_path)
    database.write(remember("first"))
    link.unlink()
    link.symlink_to(migrated(tmp_path / "tuesday.db"))
    refused(database, "another file")
    database.close()


def test_an_emptied_file_is_noticed(database: Database, file: Path) -> None:
    os.truncate(file, 0)
    refused(database, "emptied")


def test_what_is_lost_while_it_is_written_is_not_kept(database: Database, file: Path) -> None:
    def work(store: Store) -> None:
        remember("lost")(store)
        file.unlink()

    with pytest.raises(DatabaseUnavailable, match="gone"):
        database.write(work)


def test_when_the_log_beside_it_is_removed_nothing_is_lost_with_the_process(
    database: Database, file: Path, tmp_path: Path
) -> None:
    remembered(database, "first")
    Path(f"{file}-wal").unlink()
    database.write(remember("second"))
    found = tmp_path / "found"  # what would be on the disk if the process were killed now
    shutil.copytree(file.parent, found)
    assert [remembered(database, key) for key in ("first", "second")] == [True, True]
    after = new_database(found)
    assert [remembered(after, key) for key in ("first", "second")] == [True, True]
    after.close()


def test_when_the_index_of_the_log_is_removed_other_programs_are_still_heard(database: Database, file: Path) -> None:
    Path(f"{file}-shm").unlink()
    database.write(remember("second"))
    program = (
        "import sqlite3, sys; there = sqlite3.connect(sys.argv[1]); "
        "there.execute(\"INSERT INTO inbox (key, at) VALUES ('third', '2026-11-23')\"); there.commit()"
    )
    subprocess.run([sys.executable, "-S", "-c", program, str(file)], check=True)
    database.write(remember("fourth"))
    assert [remembered(database, key) for key in ("first", "second", "third", "fourth")] == [True] * 4


def test_an_empty_one_is_made_only_where_none_was_expected(file: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="there is no database yet; start the bot once"):
        Database(f"sqlite:///{file}", new=False)
    assert not file.exists()
    database = Database(f"sqlite:///{file}")
    assert schema.upgrade(database)
    database.close()
    file.unlink()
    with pytest.raises(DatabaseUnusable, match="gone, and no empty one is made"):
        Database(f"sqlite:///{file}")
    file.touch()
    emptied = Database(f"sqlite:///{file}")
    with pytest.raises(DatabaseUnusable, match="empty, though there was a database"):
        schema.upgrade(emptied)
    emptied.close()


@pytest.mark.parametrize("left", ["-wal", "-shm", ".before-restore-1"])
def test_what_was_left_behind_says_that_there_was_a_database(file: Path, left: str) -> None:
    Path(f"{file}{left}").touch()
    with pytest.raises(DatabaseUnusable, match="gone"):
        Database(f"sqlite:///{file}")


def test_only_the_bot_s_own_user_may_read_what_it_makes(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        database = Database(f"sqlite:///{tmp_path}/data/cityops.db")
        schema.upgrade(database)
        database.run_alone()
        database.write(remember("first"))
        made = sorted((tmp_path / "data").iterdir())
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [tmp_path / "data", *made]}
        database.close()
    finally:
        os.umask(before)
    assert modes == {"data": 0o700} | {f"cityops.db{ending}": 0o600 for ending in ("", "-shm", "-wal", ".lock")}


def test_files_that_others_could_read_are_narrowed_and_named(database: Database, file: Path) -> None:
    file.chmod(0o664)
    kept = file.with_name("cityops.db.before-restore-1")
    kept.touch(0o644)
    assert database.file is not None
    narrowed = [path.name for path in database.file.narrow()]
    assert narrowed[0] == "cityops.db"
    assert kept.name in narrowed
    assert {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()} == {0o600}
    assert database.file.narrow() == []
