"""Storage fixtures: two real databases for every test, a SQLite file and a PostgreSQL that pip installed."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.postgresql import run
from tests.sqlite import migrated, unhurried

_numbers = itertools.count(1)


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
    """The address of a database with the newest tables."""
    if request.param == "sqlite":
        return f"sqlite:///{migrated(tmp_path / 'cityops.db')}"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = unhurried(Database(url))
    yield opened
    opened.close()
