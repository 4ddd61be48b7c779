"""Copies: a SQLite database copied whole into a new file, and checked before anybody relies on it."""

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from storage.audit import Audit
from storage.private import keep_file, make_file
from storage.schema import is_known, newer
from storage.soundness import damage

DAMAGED = "it is damaged ({}); use an older backup"
BESIDE = ("", "-journal", "-wal", "-shm")  # the endings of what SQLite makes for one database


class Unsound(Exception):
    """Why a database is not fit to be copied, or a copy to be used."""


@dataclass(frozen=True)
class Contents:
    """What a database and its copy must have in common: the shape, and how many rows each table has."""

    shape: str
    rows: Mapping[str, int]


def connect(file: Path, mode: str) -> sqlite3.Connection:
    """Open a file that is there; ``mode`` is what SQLite's address takes, such as ``mode=ro``."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?{mode}", uri=True, isolation_level=None)


def read_only(file: Path) -> sqlite3.Connection:
    """Open a backup to be read, also where nothing can be written: a whole one has no log beside it."""
    beside = [Path(f"{file.resolve()}{ending}") for ending in BESIDE[1:3]]
    in_use = any(path.exists() and path.stat().st_size for path in beside)
    return connect(file, "mode=ro" if in_use else "immutable=1")


def copy_whole(source: sqlite3.Connection, file: Path, add: Callable[[Audit], None] | None = None) -> int | None:
    """Copy what a database holds at this moment into a new file, add to its audit, and have it on the disk.

    Gives the first row of the audit that does not follow from the one before it. Raises Unsound, sqlite3.Error and
    FileExistsError.
    """
    os.close(make_file(file))
    with closing(connect(file, "mode=rw")) as copy:
        copy.execute("PRAGMA synchronous=OFF")  # it is brought to the disk once, when all of it is written
        source.execute("BEGIN")
        there = _contents(source)
        source.backup(copy)
        source.execute("COMMIT")
        copy.execute("PRAGMA journal_mode=DELETE")
        if found := damage(copy):
            raise Unsound(DAMAGED.format(found))
        if _contents(copy) != there:
            raise Unsound("the copy does not hold the same rows; try again, onto another disk")
        bad = _audited(copy, add)
    keep_file(file)
    return bad


def remove(file: Path) -> None:
    """Remove a copy that was not finished, with what SQLite may have left beside it."""
    for ending in BESIDE:
        Path(f"{file}{ending}").unlink(missing_ok=True)


def _contents(connection: sqlite3.Connection) -> Contents:
    named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    tables = sorted(name for (name,) in named)
    if "alembic_version" not in tables:
        raise Unsound("it is not a cityops database; name another one")
    [shape] = connection.execute("SELECT version_num FROM alembic_version").fetchone() or [""]
    if not is_known(shape):
        raise Unsound(newer(shape))
    counts = " UNION ALL ".join(f"""SELECT '{table}', count(*) FROM "{table}" """ for table in tables)  # noqa: S608
    return Contents(shape, dict(connection.execute(counts).fetchall()))


def _audited(connection: sqlite3.Connection, add: Callable[[Audit], None] | None) -> int | None:
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool, hide_parameters=True)
    with engine.connect() as asked:
        if add:
            connection.execute("BEGIN")
            add(Audit(asked))
            connection.execute("COMMIT")
        return Audit(asked).first_bad_row()[1]
