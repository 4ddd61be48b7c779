"""Held: for how long each piece of work keeps the only writer of SQLite, until its commit is done."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from storage.database import Database, Store

T = TypeVar("T")


class Held:
    """Watches a database; ``longest`` is in milliseconds, by what was going on.

    A work holds the writer from its first line until its transaction has ended, the sync included; where some share a
    commit, the first of them until it is done.
    """

    def __init__(self, database: Database) -> None:
        self.longest: dict[str, float] = defaultdict(float)
        self._during = ""
        self._submit, self._lock = database.submit_write, threading.Lock()
        database.submit_write = self._watched  # type: ignore[method-assign]

    @contextmanager
    def during(self, what: str) -> Iterator[None]:
        """Have what is written meanwhile count for this; for nothing outside."""
        self._during = what
        try:
            yield
        finally:
            self._during = ""

    def _watched(self, work: Callable[[Store], T], kind: str | None = None) -> "Future[T]":
        begun, during = list[float](), self._during

        def timed(store: Store) -> T:
            begun.append(time.perf_counter())
            return work(store)

        def ended(_future: "Future[T]") -> None:
            if begun and during:
                took = (time.perf_counter() - begun[0]) * 1000
                with self._lock:
                    self.longest[during] = max(self.longest[during], took)

        future = self._submit(timed, kind)
        future.add_done_callback(ended)
        return future
