"""Soundness: whether a SQLite database is whole, page by page."""

import sqlite3
from typing import Any

from storage.database import Database
from storage.trouble import DatabaseUnusable


def damage(connection: sqlite3.Connection, *, quick: bool = False) -> str | None:
    """What is wrong with a database, or None; ``quick`` (4 ms a megabyte) does not check what the indexes hold."""
    try:
        [said] = connection.execute(f"PRAGMA {'quick' if quick else 'integrity'}_check(1)").fetchone()
    except sqlite3.DatabaseError as problem:
        return str(problem)
    return None if said == "ok" else str(said).splitlines()[-1]


def check_sound(database: Database, *, quick: bool = True) -> None:
    """Raise DatabaseUnusable when the database is damaged. PostgreSQL looks after itself."""
    if not database.is_sqlite:
        return

    def look(connection: Any) -> str | None:
        return damage(connection, quick=quick)

    if found := database.read(lambda store: look(store.connection.connection.dbapi_connection)):
        raise DatabaseUnusable(f"{database.where}: it is damaged ({found}); restore a backup")
