"""Schema: brings a database to the newest shape, and says which shape it has."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage.database import Database

NEWEST = "0022"  # the newest migration; a test holds it to the files in migrations/versions
_LOCK = 0x63697479  # "city": two processes that start at once upgrade one after the other


def version(database: Database) -> str | None:
    """The shape the database has, or None when it is empty; raises DatabaseUnavailable."""

    def read(connection: Connection) -> str | None:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    return database.read(lambda store: read(store.connection))


def upgrade(database: Database) -> bool:
    """Bring the database to the newest shape; True when there was something to do.

    Alembic takes most of a second to import, so it is imported only then.
    """
    if version(database) == NEWEST:
        return False
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
    return True
