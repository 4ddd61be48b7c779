"""Savepoint: a part of a transaction that is taken back alone, while the rest goes on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from storage.prepared import Prepared
from storage.trouble import DatabaseUnavailable, trouble

T = TypeVar("T")
_BEGIN, _KEEP = Prepared(text("SAVEPOINT part")), Prepared(text("RELEASE part"))
_TAKE_BACK = Prepared(text("ROLLBACK TO part"))


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Take back what is written inside when it raises, and let the error pass; what was written before stays.

    Raises DatabaseUnavailable when the database is in trouble. Then nothing of the whole transaction can be kept:
    SQLite rolls all of it back when its disk is full, and what is written afterwards would stand alone.
    """
    must_be_whole(connection)
    _BEGIN.run(connection, {})
    try:
        yield
        must_be_whole(connection)
        _KEEP.run(connection, {})
    except DatabaseUnavailable:
        raise
    except BaseException as problem:
        if said := trouble(problem):
            raise said from problem
        _take_back(connection)
        raise


def attempt(connection: Connection, work: Callable[[], T]) -> T:
    """What ``work`` gives, behind a savepoint; raises what it raises.

    When another replica has just written the same unique key, it runs once more and sees what that one wrote.
    """
    try:
        with savepoint(connection):
            return work()
    except IntegrityError:
        if connection.dialect.name == "sqlite":  # one writer at a time: this was no conflict but a bug
            raise
    with savepoint(connection):
        return work()


def must_be_whole(connection: Connection) -> None:
    """Raise DatabaseUnavailable when SQLite has ended this transaction by itself."""
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite" and not driver.in_transaction:
        raise DatabaseUnavailable("the database has rolled the transaction back")


def _take_back(connection: Connection) -> None:
    must_be_whole(connection)
    try:
        _TAKE_BACK.run(connection, {})
        _KEEP.run(connection, {})
    except Exception as problem:
        raise DatabaseUnavailable(f"a part could not be taken back: {problem}") from problem
