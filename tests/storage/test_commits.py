"""Commits: works that wait together share one, and each is kept, refused or told as if it had been alone."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from storage import commits
from storage.database import Database, DatabaseUnavailable, Store
from tests.bound import bound
from tests.sqlite import new_database
from tests.storage.test_database import NOW

SECONDS = 10  # for a thread that is waited for


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A SQLite database whose works may share a commit however slow the machine is."""
    monkeypatch.setattr(commits, "LONGEST", 60.0)
    opened = new_database(tmp_path)
    opened.write(lambda store: store.connection.exec_driver_sql("CREATE TABLE kept (key TEXT NOT NULL)"))
    yield opened
    opened.close()


@pytest.fixture
def held(database: Database) -> Iterator[Callable[[], None]]:
    """The writer is busy until this is called, so that what is queued meanwhile waits together."""
    free, begun = Event(), Event()

    def hold(_store: Store) -> None:
        begun.set()
        assert free.wait(SECONDS)

    database.submit_write(hold)
    assert begun.wait(SECONDS)
    yield free.set
    free.set()


def keep(store: Store, key: str) -> str:
    store.connection.exec_driver_sql("INSERT INTO kept VALUES (?)", (key,))
    return key


def queued(database: Database, key: str, kind: str | None = "request") -> "Future[str]":
    return database.submit_write(bound(keep, key), kind)


def kept(database: Database) -> list[str]:
    """What another program sees."""
    with closing(sqlite3.connect(str(database.writer.url.database))) as other:
        return [key for (key,) in other.execute("SELECT key FROM kept ORDER BY rowid")]


def counting(database: Database) -> list[str]:
    """Grows by one with each commit."""
    counted: list[str] = []
    event.listen(database.writer, "commit", lambda _connection: counted.append("commit"))
    return counted


def results(futures: list["Future[str]"]) -> list[str | BaseException]:
    return [future.exception(SECONDS) or future.result() for future in futures]


def test_works_that_wait_together_share_a_commit_in_their_order(database: Database, held: Callable[[], None]) -> None:
    counted, names = counting(database), [f"work {number}" for number in range(20)]
    futures = [queued(database, name) for name in names]
    held()
    assert results(list(futures)) == names
    assert kept(database) == names
    assert len(counted) == 2  # of the one that held the writer, and of these


def test_a_work_without_a_kind_has_a_commit_of_its_own_and_keeps_its_turn(
    database: Database, held: Callable[[], None]
) -> None:
    counted = counting(database)
    kinds = ["request", "request", None, "request", "delivery", None]
    futures = [queued(database, str(number), kind) for number, kind in enumerate(kinds)]
    held()
    assert results(futures) == kept(database) == ["0", "1", "2", "3", "4", "5"]
    assert len(counted) == 5


def test_of_works_that_share_a_commit_one_that_raises_is_taken_back_alone(
    database: Database, held: Callable[[], None]
) -> None:
    def breaks(store: Store) -> str:
        keep(store, "in vain")
        with store.savepoint():
            keep(store, "in vain too")
        raise ZeroDivisionError

    counted = counting(database)
    futures = [queued(database, "first"), database.submit_write(breaks, "request"), queued(database, "last")]
    held()
    [first, problem, last] = results(futures)
    assert (first, type(problem), last) == ("first", ZeroDivisionError, "last")
    assert (kept(database), len(counted)) == (["first", "last"], 2)


def test_when_the_first_raises_the_others_are_written_all_the_same(
    database: Database, held: Callable[[], None]
) -> None:
    first, other = database.submit_write(lambda _store: 1 / 0, "request"), queued(database, "other")
    held()
    assert isinstance(first.exception(SECONDS), ZeroDivisionError)
    assert (other.result(SECONDS), kept(database)) == ("other", ["other"])


def test_nobody_hears_of_a_work_before_the_commit_that_holds_it(database: Database, held: Callable[[], None]) -> None:
    begun, goes_on = Event(), Event()

    def lasts(store: Store) -> str:
        begun.set()
        assert goes_on.wait(SECONDS)
        return keep(store, "second")

    first, second = queued(database, "first"), database.submit_write(lasts, "request")
    held()
    assert begun.wait(SECONDS)  # within the transaction in which the first has run already
    assert (first.done(), kept(database)) == (False, [])
    goes_on.set()
    assert (first.result(SECONDS), second.result(SECONDS)) == ("first", "second")
    assert kept(database) == ["first", "second"]


def test_whoever_hears_of_a_work_finds_it_committed(database: Database, held: Callable[[], None]) -> None:
    seen: list[list[str]] = []
    futures = [queued(database, name) for name in ("first", "second")]
    futures[0].add_done_callback(lambda _: seen.append(kept(database)))
    held()
    assert results(list(futures)) == ["first", "second"]
    assert seen == [["first", "second"]]


def test_when_the_engine_loses_the_transaction_each_work_of_it_runs_again_alone(
    database: Database, held: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[str] = []

    def work(store: Store, key: str) -> str:
        ran.append(key)
        if key == "loses":
            store.connection.exec_driver_sql("ROLLBACK")
        return keep(store, key) if key != "loses" else key

    futures = [database.submit_write(bound(work, key), "request") for key in ("first", "loses", "last")]
    held()
    [first, problem, last] = results(futures)
    assert (first, type(problem), last) == ("first", DatabaseUnavailable, "last")
    assert kept(database) == ["first", "last"]
    assert ran == ["first", "loses", "first", "loses", "last"]
    assert [record.message for record in caplog.records] == ["works that shared a commit run again alone"]


def test_on_a_full_disk_what_still_fits_is_kept(database: Database, held: Callable[[], None]) -> None:
    def fill(store: Store) -> str:
        for number in range(1000):
            store.chat.inbox.keep(f"slack {number}", "x" * 1000, NOW)
        return "filled"

    def narrow(store: Store) -> str:
        pages = store.connection.exec_driver_sql("PRAGMA page_count").scalar()
        store.connection.exec_driver_sql(f"PRAGMA max_page_count={int(pages or 0) + 20}")
        return "narrow"

    narrowed = database.submit_write(narrow)
    futures = [queued(database, "first"), database.submit_write(fill, "request"), queued(database, "last")]
    held()
    narrowed.result(SECONDS)
    [first, problem, last] = results(futures)
    assert (first, last) == ("first", "last")
    assert isinstance(problem, DatabaseUnavailable)
    assert "full" in str(problem)
    assert kept(database) == ["first", "last"]


def test_when_the_commit_itself_fails_only_the_work_that_it_fails_for_is_lost(
    database: Database, held: Callable[[], None]
) -> None:
    def orphan(store: Store) -> str:
        store.connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        store.connection.execute(text("INSERT INTO child (parent) VALUES (7)"))
        return "orphan"

    def tables(store: Store) -> None:
        store.connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        store.connection.exec_driver_sql("CREATE TABLE child (parent INTEGER REFERENCES parent (id))")

    database.submit_write(tables)
    futures = [queued(database, "first"), database.submit_write(orphan, "request"), queued(database, "last")]
    held()
    [first, problem, last] = results(futures)
    assert (first, type(problem), last) == ("first", IntegrityError, "last")
    assert kept(database) == ["first", "last"]


def test_a_kind_that_took_long_the_last_time_lets_nobody_wait_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "LONGEST", 0.0)  # whatever it does, it takes longer
    queued(database, "before", "report").result(SECONDS)
    monkeypatch.setattr(commits, "LONGEST", 60.0)
    begun, goes_on, counted = Event(), Event(), counting(database)

    def report(store: Store) -> str:
        begun.set()
        assert goes_on.wait(SECONDS)
        return keep(store, "report")

    free = Event()
    database.submit_write(lambda _store: free.wait(SECONDS))
    request, long, other = (
        queued(database, "request"),
        database.submit_write(report, "report"),
        queued(database, "other"),
    )
    free.set()
    assert begun.wait(SECONDS)
    assert request.result(SECONDS) == "request"  # while the report is being made
    goes_on.set()
    assert results([long, other]) == ["report", "other"]
    assert len(counted) == 4


def test_those_who_wait_for_work_are_woken_once_for_all_that_share_a_commit(
    database: Database, held: Callable[[], None]
) -> None:
    woken: list[list[str]] = []
    database.on_queued = lambda: woken.append(kept(database))

    def wake(store: Store, key: str) -> str:
        store.chat.outbox.wake()
        return keep(store, key)

    futures = [database.submit_write(bound(wake, key), "request") for key in ("first", "last")]
    held()
    assert results(list(futures)) == ["first", "last"]
    assert woken == [["first", "last"]]


def test_who_cannot_be_woken_takes_nothing_back(
    database: Database, held: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    def stopped() -> None:
        raise RuntimeError("the loop is closed")

    database.on_queued = stopped
    first, last = queued(database, "first"), database.submit_write(lambda store: store.chat.outbox.wake(), "request")
    held()
    assert (first.exception(SECONDS), last.exception(SECONDS)) == (None, None)
    assert kept(database) == ["first"]
    assert [record.message for record in caplog.records] == ["those who wait for work could not be woken"]


def test_what_was_given_up_before_its_turn_never_runs(database: Database, held: Callable[[], None]) -> None:
    futures = [queued(database, key) for key in ("first", "given up", "last")]
    assert futures[1].cancel()
    held()
    assert (futures[0].result(SECONDS), futures[2].result(SECONDS)) == ("first", "last")
    assert kept(database) == ["first", "last"]


def test_what_waits_is_written_before_the_database_closes_and_then_nothing_is_taken(
    database: Database, held: Callable[[], None]
) -> None:
    futures = [queued(database, key) for key in ("first", "last")]
    held()
    database.close()
    assert [future.result(0) for future in futures] == kept(database) == ["first", "last"]
    with pytest.raises(RuntimeError):
        queued(database, "late")
