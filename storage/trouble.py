"""Trouble: the database itself could not keep or say something, which is told apart from a wrong statement."""

import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

# By SQLite's primary codes: what may be over in a moment, and what only a person can fix.
_AWAY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY,
         sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL)  # fmt: skip
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_DEADLOCK = "40P01"  # PostgreSQL's own code


class DatabaseUnavailable(Exception):
    """The database is locked, full, read-only or not there; nothing of the transaction was kept."""


class DatabaseUnusable(DatabaseUnavailable):
    """The database is damaged, lost or newer than this program: waiting does not fix it, only a person can."""


class Deadlocked(DatabaseUnavailable):
    """Each of two transactions waited for the other, and the server has ended this one: it can run again at once."""


def trouble(problem: BaseException) -> DatabaseUnavailable | None:
    """What an error of SQLAlchemy or of a driver says about the database; None when the statement was wrong."""
    said = problem.orig if isinstance(problem, DBAPIError) else problem
    if isinstance(said, sqlite3.Error):
        code = getattr(said, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGED:
            return DatabaseUnusable(f"{said}; restore a backup")
        return DatabaseUnavailable(str(said)) if code in _AWAY else None
    if (
        isinstance(problem, ProgrammingError) and problem.statement is None
    ):  # nothing was asked yet: the address is wrong
        return DatabaseUnusable(f"{_first_line(said)}; fix DATABASE_URL")
    if getattr(said, "sqlstate", None) == _DEADLOCK:
        return Deadlocked(_first_line(said))
    if isinstance(problem, DBAPIError) and (problem.connection_invalidated or isinstance(problem, OperationalError)):
        return DatabaseUnavailable(_first_line(said))
    return None


def _first_line(said: BaseException | None) -> str:
    """A driver's reason without its hints, which stand on lines of their own."""
    return (str(said).strip().splitlines() or [type(said).__name__])[0]
