"""Database: the engine, its threads and one transaction at a time.

A transaction is a plain function of a :class:`Store`, handed over in one hop. SQLite has one writer thread with
``BEGIN IMMEDIATE`` (a deferred transaction that reads and then writes fails at once when another has written), where
what waits together may share a commit (storage/commits.py), and readers beside it; PostgreSQL has a pool, and tells
other replicas of what was queued.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from storage.actions.store import ActionStore
from storage.address import parts, place
from storage.allowances import Allowances
from storage.audit import Audit
from storage.base import LEFT, QUEUED
from storage.chat.store import ChatStore
from storage.checkin.store import CheckinStore
from storage.checklist.store import ChecklistStore
from storage.city_texts import CityTexts
from storage.commits import Commits
from storage.crisis.store import CrisisStore
from storage.faults import Faults
from storage.feedback.store import FeedbackStore
from storage.left import Works, leaving, write_left
from storage.links import Links
from storage.morning_checks import MorningChecks
from storage.risk.store import RiskStore
from storage.runlock import take_run_lock
from storage.savepoint import attempt, must_be_whole, savepoint
from storage.server import Server
from storage.sqlite import Sqlite
from storage.sqlitefile import SqliteFile
from storage.standings import Standings
from storage.standup.store import StandupStore
from storage.tidied import Tidied
from storage.time.store import TimeStore
from storage.trouble import DatabaseUnavailable, Deadlocked, trouble
from storage.turns import Turns
from storage.undos import Undos

__all__ = ["Database", "DatabaseUnavailable", "Store", "is_there"]
T = TypeVar("T")
POOL = 8
READERS = 4


def is_there(url: str) -> bool:
    """Whether there may be a database at this address: for SQLite, whether there is such a file."""
    path = parts(url).database if parts(url).get_backend_name() == "sqlite" else None
    return path is None or Path(path).exists()


class Store:
    """All that is remembered, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @property
    def may_write(self) -> bool:
        """Whether this transaction may write; what others may not is left to be written later (storage/left.py)."""
        return LEFT not in self.connection.info

    def savepoint(self) -> AbstractContextManager[None]:
        """Take back what is written inside when it raises, and go on with the rest (see storage/savepoint.py)."""
        return savepoint(self.connection)

    def attempt(self, work: Callable[[], T]) -> T:
        """What ``work`` gives, behind a savepoint; run once more when another replica wrote the same key; may raise."""
        return attempt(self.connection, work)

    actions = cached_property(lambda store: ActionStore(store.connection))
    chat = cached_property(lambda store: ChatStore(store.connection))
    checkin = cached_property(lambda store: CheckinStore(store.connection))
    checklist = cached_property(lambda store: ChecklistStore(store.connection))
    crisis = cached_property(lambda store: CrisisStore(store.connection))
    feedback = cached_property(lambda store: FeedbackStore(store.connection))
    risk = cached_property(lambda store: RiskStore(store.connection))
    standup = cached_property(lambda store: StandupStore(store.connection))
    time = cached_property(lambda store: TimeStore(store.connection))
    undos = cached_property(lambda store: Undos(store.connection))
    allowances = cached_property(lambda store: Allowances(store.connection))
    audit = cached_property(lambda store: Audit(store.connection))
    city_texts = cached_property(lambda store: CityTexts(store.connection))
    faults = cached_property(lambda store: Faults(store.connection))
    links = cached_property(lambda store: Links(store.connection))
    morning_checks = cached_property(lambda store: MorningChecks(store.connection))
    standings = cached_property(lambda store: Standings(store.connection))
    tidied = cached_property(lambda store: Tidied(store.connection))
    turns = cached_property(lambda store: Turns(store.connection))


class Database:
    """One database; ``submit_write`` and ``submit_read`` run a function of a Store on one of its threads.

    SQLite begins with an empty file where none was expected, unless ``new`` is False. Raises DatabaseUnusable when
    there is no file or the address is none, DatabaseUnavailable when it cannot be made; a server is asked only
    by the first transaction.
    """

    def __init__(self, url: str, *, new: bool = True) -> None:
        self.url, self.where = url, place(url)
        self.on_queued: Callable[[], None] = lambda: None  # called after a commit that leaves something to be done
        self.name = uuid4().hex  # tells our own notices from those of other replicas
        self._alone: ExitStack | None = None
        self.is_sqlite = parts(url).get_backend_name() == "sqlite"
        self._engines = Sqlite(url, READERS) if self.is_sqlite else Server(url, POOL)
        self.writer, self.reader = self._engines.writer, self._engines.reader
        if isinstance(self._engines, Sqlite):
            with self._in_trouble():
                self._engines.file.find(new=new)
            self._commits = Commits(self._begin, lambda: self.on_queued())
            self._threads = ThreadPoolExecutor(READERS, "reader")
        else:
            self._threads = ThreadPoolExecutor(POOL, "database")

    @property
    def file(self) -> SqliteFile | None:
        """The file that SQLite keeps it in."""
        return self._engines.file if isinstance(self._engines, Sqlite) else None

    @property
    def is_alone(self) -> bool:
        """Whether this is the only bot on the database, because it holds the run lock."""
        return self._alone is not None

    def run_alone(self) -> None:
        """Hold the run lock until this is closed; raises AlreadyRunning. On PostgreSQL several bots share the work."""
        self._alone = take_run_lock(self.url)

    def submit_write(self, work: Callable[[Store], T], kind: str | None = None) -> "Future[T]":
        """Queue one writing transaction; it commits when ``work`` returns and rolls back when it raises.

        On SQLite works with a ``kind`` may share a commit with others, and may then run twice: they change nothing but
        the database. A kind that took long the last time runs alone. Raises DatabaseUnavailable (through the future)
        when the database could not keep it.
        """
        if self.is_sqlite:
            return self._commits.submit(partial(_run, work), kind)
        return self._threads.submit(self.write, work)

    def submit_read(self, work: Callable[[Store], T]) -> "Future[T]":
        """Queue one transaction that only reads, beside the writer."""
        return self._threads.submit(self.read, work)

    def write(self, work: Callable[[Store], T]) -> T:
        """One writing transaction on this thread.

        When another replica has just written the same unique key, or the server has ended this transaction because each
        of two waited for the other, ``work`` runs once more and sees what that one wrote.
        """
        try:
            result, queued = self._transaction(self._engines.writing(), work)
        except (IntegrityError, Deadlocked):
            if self.is_sqlite:  # one writer at a time: this was no conflict but a bug
                raise
            result, queued = self._transaction(self._engines.writing(), work)
        if queued:
            self.on_queued()
        return result

    def read(self, work: Callable[[Store], T]) -> T:
        """One reading transaction on this thread; what it leaves to be written is queued for the writer."""
        left: Works = []
        result = self._transaction(self._engines.reading(), leaving(work, left))[0]
        write_left(self.submit_write, left)
        return result

    async def listen(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` when another replica has queued something, until cancelled; on SQLite there is no other."""
        if self.is_sqlite:
            return
        from storage.notices import listen

        await listen(self.url, self.name, wake)

    def ping(self) -> None:
        """Ask the database for the simplest answer; raises DatabaseUnavailable."""
        self.read(lambda store: store.connection.execute(text("SELECT 1")).scalar())

    def close(self) -> None:
        """Let the running transactions end, close every connection, and then let another bot run."""
        self._threads.shutdown(wait=True)  # first: what a reader leaves is for the writer
        if self.is_sqlite:
            self._commits.close()
        self._engines.close()
        if self._alone:
            self._alone.close()

    def _begin(self, run: Callable[[Connection], None]) -> bool:
        """One writing transaction of several works; whether they left something to be done at once."""
        return self._transaction(self._engines.writing(), lambda store: run(store.connection))[1]

    def _transaction(self, begun: AbstractContextManager[Connection], work: Callable[[Store], T]) -> tuple[T, bool]:
        """The result, and whether the transaction left something to be done at once.

        On PostgreSQL the commit itself tells the other replicas, and a rollback tells nobody.
        """
        with self._in_trouble(), begun as connection:
            connection.info.pop(QUEUED, None)
            result = _run(work, connection)
            must_be_whole(connection)
            queued = bool(connection.info.pop(QUEUED, False))
            if queued and not self.is_sqlite:
                connection.exec_driver_sql(f"NOTIFY cityops, '{self.name}'")
            return result, queued

    @contextmanager
    def _in_trouble(self) -> Iterator[None]:
        """Name the database in the error when it is in trouble."""
        try:
            yield
        except Exception as problem:
            said = problem if isinstance(problem, DatabaseUnavailable) else trouble(problem)
            if said is None or str(said).startswith(self.where):
                raise
            raise type(said)(f"{self.where}: {said}") from problem


def _run(work: Callable[[Store], T], connection: Connection) -> T:
    """Do a work. A StopIteration is a bug of it and becomes an error like any other: who waits for it in asyncio could
    not be told of one, and would wait for ever."""
    try:
        return work(Store(connection))
    except StopIteration as problem:
        raise RuntimeError("something was to be found that is not there") from problem
