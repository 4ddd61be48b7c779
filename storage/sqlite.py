"""SQLite: one writer and several readers of one file, which must be there before and after each write.

SQLite goes on writing into a file that was removed or moved away, and all of it is lost at the next start. So the file
under the database's name must be the one that was opened. Connections to a lost file stay open: as long as they are,
the system gives its number to no other file, and when it is moved back the bot goes on.
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from storage.sqlitefile import SqliteFile
from storage.trouble import DatabaseUnavailable

BUSY_SECONDS = 2.0  # how long SQLite waits for another process's write; a request is withdrawn after as long
CHECKPOINT_PAGES = 4000  # of 4 KB: the log grows to 16 MB before it is worked in, and fewer writes wait for it
READER_KB = 256  # pages that a reader keeps; each commit makes them useless, and with 2 MB each they grew with the file


class Sqlite:
    """The connections to one file."""

    def __init__(self, url: str, readers: int) -> None:
        self.file = SqliteFile(url)
        self.writer = _engine(url, self.file, "BEGIN IMMEDIATE", query_only=False, poolclass=StaticPool)
        self.reader = _engine(url, self.file, "BEGIN", query_only=True, pool_size=readers, max_overflow=0)
        self._kept: Connection | None = None
        self._one_writes = Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, beside the writer."""
        self.file.check()
        with self.reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A writing transaction. The one writer keeps its connection until something goes wrong with it: to take it
        from the pool and give it back takes longer than most transactions' statements."""
        with self._one_writes:
            self.file.check()
            if not self.file.is_whole():
                self._work_in()
            elif self.file.log_is_shorter():
                self._check_log()
            connection = self._kept = self._kept or self.writer.connect()
            try:
                with connection.begin():
                    self.file.in_use()
                    yield connection
                    self.file.check()
                self.file.written()
            except BaseException:
                self._let_go()
                raise

    def _work_in(self) -> None:
        """Somebody has removed a file beside the database: work what it holds into the database while it is open, or
        all of it would be lost with the process, and open the database again."""
        with closing(self.writer.raw_connection()) as connection:  # which begins no transaction
            [busy, *_] = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise DatabaseUnavailable("a file beside it was removed; what it held is being saved")
        self.close()

    def _check_log(self) -> None:
        """Somebody has emptied the log: ask SQLite, which knows without it how many pages it should hold."""
        with closing(self.writer.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            [page] = cursor.execute("PRAGMA page_size").fetchone()
            try:
                [_, frames, _] = cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            except sqlite3.OperationalError:  # it could not read what should be there
                frames = sys.maxsize
        self.file.check_log(frames, page)

    def _let_go(self) -> None:
        if self._kept is not None:
            driver: Any = self._kept.connection.dbapi_connection
            if driver.in_transaction:  # SQLite leaves it open when the commit fails, and then none could begin
                driver.rollback()
            self._kept.close()
        self._kept = None

    def close(self) -> None:
        """Close every connection; the next transaction opens one again."""
        self._let_go()
        self.writer.dispose()
        self.reader.dispose()
        self.file.forget()


def _engine(url: str, file: SqliteFile, begin: str, *, query_only: bool, **pool: Any) -> Engine:
    """The engine for a file that is there; ``begin`` is the statement with which its transactions begin."""
    address = f"{file.path.as_uri()}?mode=rw"
    engine = create_engine(
        url,
        **pool,
        creator=lambda: sqlite3.connect(address, uri=True, check_same_thread=False),
        pool_reset_on_return=None,  # every transaction ends in a commit or a rollback of its own
        hide_parameters=True,  # errors go to the log, what people typed does not
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        file.opened()
        connection.isolation_level = None  # the driver begins nothing by itself; the line below does
        for pragma in (
            f"busy_timeout={int(BUSY_SECONDS * 1000)}",
            "journal_mode=WAL",
            "synchronous=FULL",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
            "foreign_keys=ON",
            f"query_only={'ON' if query_only else 'OFF'}",
            *([f"cache_size=-{READER_KB}"] if query_only else []),
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.connection.cursor().execute(begin)

    return engine
