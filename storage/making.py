"""Making: a SQLite database that one program makes alone: each work at once, thousands in one transaction.

Nothing in it lasts before it is closed, and a machine that fails meanwhile leaves half of it: it has a name of its own
until it is whole.
"""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from typing import TypeVar

from sqlalchemy import Connection

from storage.base import QUEUED
from storage.database import Database, Store
from storage.left import Works, leaving, write_left
from storage.savepoint import savepoint

T = TypeVar("T")


class InTheMaking(Database):
    """Every work runs on the thread that asks, behind a savepoint, and sees all that was written before."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._open = ExitStack()
        self._connection: Connection | None = None

    def submit_write(self, work: Callable[[Store], T], kind: str | None = None) -> "Future[T]":
        return _done(lambda: self.write(work))

    def submit_read(self, work: Callable[[Store], T]) -> "Future[T]":
        return _done(lambda: self.read(work))

    def write(self, work: Callable[[Store], T]) -> T:
        connection = self._begun()
        with self._in_trouble(), savepoint(connection):
            result = work(Store(connection))
        if connection.info.pop(QUEUED, False):
            self.on_queued()
        return result

    def read(self, work: Callable[[Store], T]) -> T:
        left: Works = []
        result = self.write(leaving(work, left))
        write_left(self.submit_write, left)
        return result

    def keep(self) -> None:
        """Commit what was written until now."""
        self._connection = None
        self._open.close()

    def close(self) -> None:
        self.keep()
        super().close()

    def _begun(self) -> Connection:
        if self._connection is None:
            self._connection = self._open.enter_context(self._engines.writing())
        return self._connection


def _done(work: Callable[[], T]) -> "Future[T]":
    future: Future[T] = Future()
    try:
        future.set_result(work())
    except BaseException as problem:
        future.set_exception(problem)
    return future
