"""SQLite: databases for tests, migrated once per process and in no hurry for the disk."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from storage import schema
from storage.database import Database


def new_database(folder: Path) -> Database:
    """A database of the newest shape with nothing in it."""
    return unhurried(Database(f"sqlite:///{migrated(folder / 'cityops.db')}"))


def migrated(file: Path) -> Path:
    """The file of such a database, if there is none there yet."""
    if not file.exists():
        file.write_bytes(_newest_shape())
    return file


def unhurried(database: Database) -> Database:
    """The same database; it need not survive a power cut, so it does not wait for the disk."""
    if database.is_sqlite:
        connection = database.writer.raw_connection()
        connection.cursor().execute("PRAGMA synchronous=OFF")
        connection.close()
    return database


@cache
def _newest_shape() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "cityops.db"
        database = Database(f"sqlite:///{file}")
        schema.upgrade(database)
        database.close()
        return file.read_bytes()
