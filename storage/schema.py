"""Schema: brings a database to the newest shape, and says which shape it has."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage.database import Database
from storage.runlock import say_it_is_here, says_it_is_here
from storage.trouble import DatabaseUnusable

NEWEST = "0043"  # the newest migration; a test holds it to the files in migrations/versions
_LOCK = 0x63697479  # "city": two processes that start at once upgrade one after the other


def version(database: Database) -> str | None:
    """The shape the database has, or None when it is empty; raises DatabaseUnavailable."""

    def read(connection: Connection) -> str | None:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    return database.read(lambda store: read(store.connection))


def known_version(database: Database) -> str | None:
    """The same; raises DatabaseUnusable when this program is older than the database."""
    shape = version(database)
    if shape is not None and not is_known(shape):
        raise DatabaseUnusable(f"{database.where}: {newer(shape)}")
    return shape


def is_known(shape: str) -> bool:
    """Whether this program has the migration that made a shape."""
    return shape.isdecimal() and len(shape) == len(NEWEST) and shape <= NEWEST


def newer(shape: str) -> str:
    """Why a database of an unknown shape is refused, and what to do."""
    return (
        f"it has the schema {shape}, and this program knows schemas up to {NEWEST}; start the newer program, "
        "or restore a backup from before the upgrade"
    )


def upgrade(database: Database) -> bool:
    """Bring the database to the newest shape; True when there was something to do.

    Raises DatabaseUnavailable; DatabaseUnusable for a shape that this program does not know, and for an empty database
    where there was one. Alembic takes most of a second to import, so it is imported only when it is needed.
    """
    file = database.file.path if database.file else None
    was_here = file is not None and says_it_is_here(file)  # asked first: another process may just be making it
    shape = known_version(database)
    if shape is None and was_here:
        raise DatabaseUnusable(f"{database.where}: it is empty, though there was a database; restore a backup")
    if shape != NEWEST:
        _migrate(database)
    if file is not None:
        say_it_is_here(file)
    return shape != NEWEST


def _migrate(database: Database) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")

    def run(connection: Connection) -> None:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    database.write(lambda store: run(store.connection))
