"""Commits: works that wait for the one writer together share one commit, each behind a savepoint of its own.

To wait for the disk takes longer than most works' statements. Nobody learns what became of a work before the commit
that holds it. When the engine loses the transaction, or the commit fails, each work of it runs again alone.
"""

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from storage.savepoint import savepoint
from storage.trouble import DatabaseUnavailable

log = logging.getLogger("cityops.database")
T = TypeVar("T")
Begin = Callable[[Callable[[Connection], None]], bool]  # one transaction; whether it leaves something to do
LONGEST = (
    0.010  # seconds within which works are begun that share a commit: the first of them waits no longer for others
)


@dataclass
class Waiting(Generic[T]):
    """A work that waits for the writer. Works of a ``kind`` may share a commit, and run twice; None shares none."""

    work: Callable[[Connection], T]
    kind: str | None
    future: "Future[T]" = field(default_factory=Future)


@dataclass
class Ended:
    """A work that has run within a transaction that is not committed yet, and what came of it."""

    waiting: Waiting[Any]
    result: Any = None
    problem: Exception | None = None

    def tell(self) -> None:
        """Let go who waits for it: the commit has happened."""
        if self.problem is None:
            self.waiting.future.set_result(self.result)
        else:
            self.waiting.future.set_exception(self.problem)


class Commits:
    """The queue of one writer's thread; ``begin`` runs a function in a transaction, ``wake`` is called after the commit
    of one that leaves something to be done at once."""

    def __init__(self, begin: Begin, wake: Callable[[], None]) -> None:
        self._begin, self._wake = begin, wake
        self._threads = ThreadPoolExecutor(1, "writer")
        self._waiting = deque[Waiting[Any]]()
        self._lock = Lock()
        self._long = set[str]()  # kinds that took too long last time

    def submit(self, work: Callable[[Connection], T], kind: str | None) -> "Future[T]":
        """Queue a work; the order is kept. Raises RuntimeError when this is closed."""
        waiting = Waiting(work, kind)
        with self._lock:
            self._threads.submit(self._write_next)
            self._waiting.append(waiting)
        return waiting.future

    def close(self) -> None:
        """Do what waits, and take nothing new."""
        self._threads.shutdown(wait=True)

    def _write_next(self) -> None:
        """Write what waits first, with what may share its commit; nothing when others have written it already."""
        if waiting := self._take():
            self._write(waiting, alone=not self._shares(waiting))

    def _take(self, *, sharing: bool = False) -> Waiting[Any] | None:
        """The next work that nobody has given up; ``sharing`` only when it may share a commit."""
        with self._lock:
            while self._waiting and (not sharing or self._shares(self._waiting[0])):
                waiting = self._waiting.popleft()
                if waiting.future.set_running_or_notify_cancel():
                    return waiting
        return None

    def _shares(self, waiting: Waiting[Any]) -> bool:
        return waiting.kind is not None and waiting.kind not in self._long

    def _write(self, first: Waiting[Any], *, alone: bool) -> None:
        """One transaction. When it is lost, the works of it run again, each in one of its own."""
        ended = list[Ended]()
        try:
            queued = self._begin(lambda connection: self._run(first, connection, ended, alone=alone))
        except BaseException as problem:
            if len(ended) < 2:
                first.future.set_exception(problem)
                return
            log.warning("works that shared a commit run again alone", extra={"count": len(ended), "why": str(problem)})
            for lost in ended:
                self._write(lost.waiting, alone=True)
            return
        if queued:
            self._wake_others()
        for kept in ended:
            kept.tell()

    def _wake_others(self) -> None:
        try:
            self._wake()
        except Exception:  # what was written is kept all the same
            log.exception("those who wait for work could not be woken")

    def _run(self, first: Waiting[Any], connection: Connection, ended: list[Ended], *, alone: bool) -> None:
        """Run works until one has to be alone, or the time is over. The first needs no savepoint: when it raises,
        there is nothing else to be kept."""
        begun = monotonic()
        ended.append(Ended(first))
        ended[0].result = self._timed(first, connection)
        while not alone and monotonic() - begun < LONGEST and (following := self._take(sharing=True)):
            ended.append(Ended(following))
            self._behind_savepoint(ended[-1], connection)

    def _behind_savepoint(self, ended: Ended, connection: Connection) -> None:
        """Run a work; what it raises is its own, unless the database is in trouble."""
        try:
            with savepoint(connection):
                ended.result = self._timed(ended.waiting, connection)
        except DatabaseUnavailable:
            raise
        except Exception as problem:
            ended.problem = problem

    def _timed(self, waiting: Waiting[T], connection: Connection) -> T:
        """Run a work, and remember whether works of its kind let others wait too long."""
        begun = monotonic()
        try:
            return waiting.work(connection)
        finally:
            if waiting.kind is not None:
                remember = self._long.add if monotonic() - begun > LONGEST else self._long.discard
                remember(waiting.kind)
