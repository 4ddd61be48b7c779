"""Database: the engine, its threads and one transaction at a time.

A transaction is a plain function of a :class:`Store`, handed over in one hop. SQLite has one writer thread with
``BEGIN IMMEDIATE`` (a deferred transaction that reads and then writes fails at once when another has written) and
readers beside it; PostgreSQL has a pool, and tells other replicas of what was queued.
"""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import StaticPool

from storage.absences import Absences
from storage.acceptances import Acceptances
from storage.audit import Audit
from storage.base import QUEUED
from storage.blockers import Blockers
from storage.checkins import Checkins
from storage.checklists import Checklists
from storage.contact_checks import ContactChecks
from storage.contacts import Contacts
from storage.crises import Crises
from storage.crisis_endings import CrisisEndings
from storage.crisis_follow_ups import CrisisFollowUps
from storage.crisis_log import CrisisLog
from storage.crisis_pages import CrisisPages
from storage.crisis_ratings import CrisisRatings
from storage.crisis_reports import CrisisReports
from storage.crisis_roles import CrisisRoles
from storage.crisis_tasks import CrisisTasks
from storage.desk import Desk
from storage.drafts import Drafts
from storage.faults import Faults
from storage.feedback import Feedback
from storage.feedback_events import FeedbackEvents
from storage.feedback_lists import FeedbackLists
from storage.files import Files
from storage.inbox import Inbox
from storage.lanes import Lanes
from storage.late import Late
from storage.left import Works, leaving, write_left
from storage.links import Links
from storage.marks import Marks
from storage.messages import Messages
from storage.mornings import Mornings
from storage.notes import Notes
from storage.occurrences import Occurrences
from storage.outbox import Outbox
from storage.people import People
from storage.places import Places
from storage.posts import Posts
from storage.proposals import Proposals
from storage.risk_actions import RiskActions
from storage.risk_history import RiskHistory
from storage.risk_search import RiskSearch
from storage.risks import Risks
from storage.rollcalls import Rollcalls
from storage.savepoint import attempt, must_be_whole, savepoint
from storage.snoozes import Snoozes
from storage.standups import Standups
from storage.timers import Timers
from storage.trouble import DatabaseUnavailable, unavailable

__all__ = ["Database", "DatabaseUnavailable", "Store", "is_there"]
T = TypeVar("T")
BUSY_SECONDS = 2  # how long SQLite waits for another process's write; a request is withdrawn after as long
POOL = 8
READERS = 4
CHECKPOINT_PAGES = 4000  # of 4 KB: the log grows to 16 MB before it is worked in, and fewer writes wait for it


def is_there(url: str) -> bool:
    """Whether there may be a database at this address: for SQLite, whether there is such a file."""
    path = make_url(url).database if make_url(url).get_backend_name() == "sqlite" else None
    return path is None or Path(path).exists()


class Store:
    """All that is remembered, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def savepoint(self) -> AbstractContextManager[None]:
        """Take back what is written inside when it raises, and go on with the rest (see storage/savepoint.py)."""
        return savepoint(self.connection)

    def attempt(self, work: Callable[[], T]) -> T:
        """What ``work`` gives, behind a savepoint, once more when another replica wrote the same key; may raise."""
        return attempt(self.connection, work)

    absences = cached_property(lambda store: Absences(store.connection))
    acceptances = cached_property(lambda store: Acceptances(store.connection))
    audit = cached_property(lambda store: Audit(store.connection))
    blockers = cached_property(lambda store: Blockers(store.connection))
    checkins = cached_property(lambda store: Checkins(store.connection))
    checklists = cached_property(lambda store: Checklists(store.connection))
    contacts = cached_property(lambda store: Contacts(store.connection))
    contact_checks = cached_property(lambda store: ContactChecks(store.connection))
    crises = cached_property(lambda store: Crises(store.connection))
    crisis_endings = cached_property(lambda store: CrisisEndings(store.connection))
    crisis_follow_ups = cached_property(lambda store: CrisisFollowUps(store.connection))
    crisis_log = cached_property(lambda store: CrisisLog(store.connection))
    crisis_pages = cached_property(lambda store: CrisisPages(store.connection))
    crisis_reports = cached_property(lambda store: CrisisReports(store.connection))
    crisis_ratings = cached_property(lambda store: CrisisRatings(store.connection))
    crisis_roles = cached_property(lambda store: CrisisRoles(store.connection))
    crisis_tasks = cached_property(lambda store: CrisisTasks(store.connection))
    desk = cached_property(lambda store: Desk(store.connection))
    drafts = cached_property(lambda store: Drafts(store.connection))
    faults = cached_property(lambda store: Faults(store.connection))
    feedback = cached_property(lambda store: Feedback(store.connection))
    feedback_events = cached_property(lambda store: FeedbackEvents(store.connection))
    feedback_lists = cached_property(lambda store: FeedbackLists(store.connection))
    files = cached_property(lambda store: Files(store.connection))
    inbox = cached_property(lambda store: Inbox(store.connection))
    lanes = cached_property(lambda store: Lanes(store.connection))
    late = cached_property(lambda store: Late(store.connection))
    links = cached_property(lambda store: Links(store.connection))
    marks = cached_property(lambda store: Marks(store.connection))
    messages = cached_property(lambda store: Messages(store.connection))
    mornings = cached_property(lambda store: Mornings(store.connection))
    notes = cached_property(lambda store: Notes(store.connection))
    occurrences = cached_property(lambda store: Occurrences(store.connection))
    outbox = cached_property(lambda store: Outbox(store.connection))
    people = cached_property(lambda store: People(store.connection))
    places = cached_property(lambda store: Places(store.connection))
    posts = cached_property(lambda store: Posts(store.connection))
    proposals = cached_property(lambda store: Proposals(store.connection))
    risk_actions = cached_property(lambda store: RiskActions(store.connection))
    risk_history = cached_property(lambda store: RiskHistory(store.connection))
    risk_search = cached_property(lambda store: RiskSearch(store.connection))
    risks = cached_property(lambda store: Risks(store.connection))
    rollcalls = cached_property(lambda store: Rollcalls(store.connection))
    snoozes = cached_property(lambda store: Snoozes(store.connection))
    standups = cached_property(lambda store: Standups(store.connection))
    timers = cached_property(lambda store: Timers(store.connection))


class Database:
    """One database; ``submit_write`` and ``submit_read`` run a function of a Store on one of its threads."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.on_queued: Callable[[], None] = lambda: None  # called after a commit that leaves something to be done
        self.name = uuid4().hex  # tells our own notices from those of other replicas
        self._kept: Connection | None = None
        self._one_writes = Lock()
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.is_sqlite:
            Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
            self.writer = _sqlite(url, "BEGIN IMMEDIATE", query_only=False, poolclass=StaticPool)
            self.reader = _sqlite(url, "BEGIN", query_only=True, pool_size=READERS, max_overflow=0)
            self._write_threads = ThreadPoolExecutor(1, "writer")
            self._read_threads = ThreadPoolExecutor(READERS, "reader")
        else:
            self.writer = create_engine(url, pool_size=POOL, pool_pre_ping=True, hide_parameters=True)
            self.reader = self.writer.execution_options(postgresql_readonly=True)
            self._write_threads = self._read_threads = ThreadPoolExecutor(POOL, "database")

    def submit_write(self, work: Callable[[Store], T]) -> "Future[T]":
        """Queue one writing transaction; it commits when ``work`` returns and rolls back when it raises.

        Raises DatabaseUnavailable (through the future) when the database could not keep it.
        """
        return self._write_threads.submit(self.write, work)

    def submit_read(self, work: Callable[[Store], T]) -> "Future[T]":
        """Queue one transaction that only reads, beside the writer."""
        return self._read_threads.submit(self.read, work)

    def write(self, work: Callable[[Store], T]) -> T:
        """One writing transaction on this thread.

        When another replica has just written the same unique key, ``work`` runs once more and sees what that one wrote.
        """
        try:
            result, queued = _transaction(self._writing(), work, self.name)
        except IntegrityError:
            if self.is_sqlite:  # one writer at a time: this was no meeting but a bug
                raise
            result, queued = _transaction(self._writing(), work, self.name)
        if queued:
            self.on_queued()
        return result

    def read(self, work: Callable[[Store], T]) -> T:
        """One reading transaction on this thread; what it leaves to be written is queued for the writer."""
        left: Works = []
        result = _transaction(self.reader.begin(), leaving(work, left), self.name)[0]
        write_left(self.submit_write, left)
        return result

    async def listen(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` when another replica has queued something, until cancelled; on SQLite there is no other."""
        if self.is_sqlite:
            return
        from storage.notices import listen

        await listen(self.url, self.name, wake)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A writing transaction. SQLite's one writer keeps its connection until something goes wrong with it: to take
        it from the pool and give it back takes longer than most transactions' statements."""
        if not self.is_sqlite:
            with self.writer.begin() as connection:
                yield connection
            return
        with self._one_writes:
            connection = self._kept = self._kept or self.writer.connect()
            try:
                with connection.begin():
                    yield connection
            except BaseException:
                self._let_go()
                raise

    def _let_go(self) -> None:
        if self._kept is not None:
            self._kept.close()
        self._kept = None

    def ping(self) -> None:
        """Ask the database for the simplest answer; raises DatabaseUnavailable."""
        self.read(lambda store: store.connection.execute(text("SELECT 1")).scalar())

    def close(self) -> None:
        """Let the running transactions end, and close every connection."""
        self._write_threads.shutdown(wait=True)
        self._read_threads.shutdown(wait=True)
        self._let_go()
        self.writer.dispose()
        self.reader.dispose()


def _transaction(begun: AbstractContextManager[Connection], work: Callable[[Store], T], name: str) -> tuple[T, bool]:
    """The result, and whether the transaction left something to be done at once.

    On PostgreSQL the commit itself tells the other replicas, and a rollback tells nobody.
    """
    try:
        with begun as connection:
            connection.info.pop(QUEUED, None)
            result = work(Store(connection))
            must_be_whole(connection)
            queued = bool(connection.info.pop(QUEUED, False))
            if queued and connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"NOTIFY cityops, '{name}'")
            return result, queued
    except DBAPIError as problem:
        if unavailable(problem):
            raise DatabaseUnavailable(str(problem.orig)) from problem
        raise
    except sqlite3.OperationalError as problem:  # BEGIN goes to the driver directly
        raise DatabaseUnavailable(str(problem)) from problem


def _sqlite(url: str, begin: str, *, query_only: bool, **pool: Any) -> Engine:
    engine = create_engine(
        url,
        **pool,
        pool_reset_on_return=None,  # every transaction ends in a commit or a rollback of its own
        connect_args={"check_same_thread": False},
        hide_parameters=True,  # errors go to the log, what people typed does not
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; the line below does
        for pragma in (
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "journal_mode=WAL",
            "synchronous=FULL",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
            "foreign_keys=ON",
            f"query_only={'ON' if query_only else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.connection.cursor().execute(begin)

    return engine
