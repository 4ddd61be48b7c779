"""Files: kept under their id, found by it, and forgotten."""

from datetime import UTC, datetime, timedelta

from storage.database import Database

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
EVERY_BYTE = bytes(range(256))


def keep(database: Database, file: str, at: datetime = NOW) -> None:
    database.write(lambda store: store.chat.files.keep(file, "risks 23.csv", EVERY_BYTE, at))


def find(database: Database, file: str) -> tuple[str, bytes] | None:
    return database.read(lambda store: store.chat.files.find(file))


def test_a_file_comes_back_as_it_was(database: Database) -> None:
    keep(database, "a")
    assert find(database, "a") == ("risks 23.csv", EVERY_BYTE)
    assert find(database, "b") is None


def test_old_files_are_forgotten_and_those_kept_again_stay(database: Database) -> None:
    for file in ("old", "again"):
        keep(database, file, NOW - timedelta(hours=25))
    keep(database, "again")
    database.write(lambda store: store.chat.files.forget(NOW - timedelta(hours=24), 50))
    assert find(database, "old") is None
    assert find(database, "again") == ("risks 23.csv", EVERY_BYTE)
