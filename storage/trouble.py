"""Trouble: the database itself could not keep or say something, which is told apart from a wrong statement."""

import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError


class DatabaseUnavailable(Exception):
    """The database is locked, full, read-only or not there; nothing of the transaction was kept."""


def unavailable(problem: DBAPIError) -> bool:
    """Whether the database itself is in trouble, rather than the statement wrong."""
    if isinstance(problem.orig, sqlite3.OperationalError):
        code = getattr(problem.orig, "sqlite_errorcode", 0) & 0xFF
        return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
                        sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)  # fmt: skip
    return problem.connection_invalidated or isinstance(problem, OperationalError)
