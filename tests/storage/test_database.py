"""Database: one transaction at a time, whole or not at all, and database trouble is not confused with mistakes."""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError, StatementError

from storage.database import Database, DatabaseUnavailable, Store
from tests.bound import bound
from tests.sqlite import migrated

NEXT = text(
    "INSERT INTO counters (name, value) VALUES (:name, 1) ON CONFLICT (name) DO UPDATE SET value = counters.value + 1"
)
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
only_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


def impatient(database: Database) -> None:
    """Let the one writing connection of this database give up at once."""
    with database.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=1")


def remember(store: Store) -> None:
    store.chat.inbox.keep("slack 1", None, NOW)


def remembered(database: Database) -> bool:
    return database.read(lambda store: store.chat.inbox.answered("slack 1"))[0]


def test_what_returns_is_kept(database: Database) -> None:
    assert database.submit_write(remember).result() is None
    assert database.submit_read(lambda store: store.chat.inbox.answered("slack 1")).result() == (True, None)


async def test_who_waits_for_a_work_that_found_nothing_is_told_that_it_broke(database: Database) -> None:
    def finds_nothing(_store: Store) -> int:
        return next(number for number in (1, 2) if number > 2)

    for submit in (database.submit_write, database.submit_read, partial(database.submit_write, kind="request")):
        with pytest.raises(RuntimeError, match="not there"):
            await asyncio.wait_for(asyncio.wrap_future(submit(finds_nothing)), 5)


def test_what_raises_is_taken_back_whole(database: Database) -> None:
    def work(store: Store) -> None:
        remember(store)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.submit_write(work).result()
    assert not remembered(database)


@only_sqlite
def test_a_database_that_another_program_has_locked_is_unavailable(database: Database) -> None:
    impatient(database)
    with closing(sqlite3.connect(str(database.writer.url.database))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable, match="locked"):
            database.write(remember)
        assert not remembered(database)
    database.write(remember)
    assert remembered(database)


@only_sqlite
def test_readers_go_on_while_another_program_writes(database: Database) -> None:
    database.write(remember)
    with closing(sqlite3.connect(str(database.writer.url.database))) as other:
        other.execute("BEGIN IMMEDIATE")
        assert remembered(database)


@only_sqlite
def test_a_full_disk_is_unavailable_and_keeps_nothing(database: Database) -> None:
    with database.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def work(store: Store) -> None:
        for number in range(1000):
            store.chat.inbox.keep(f"slack {number}", "x" * 1000, NOW)

    with pytest.raises(DatabaseUnavailable, match="full"):
        database.write(work)
    assert not remembered(database)


@only_postgresql
def test_a_server_that_is_not_there_is_unavailable(url: str) -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=1")
    with pytest.raises(DatabaseUnavailable):
        away.ping()
    away.close()


@only_postgresql
def test_a_statement_that_waits_too_long_for_a_lock_is_unavailable(database: Database) -> None:
    database.write(remember)
    lock = text("SELECT * FROM inbox FOR UPDATE NOWAIT")

    def work(store: Store) -> None:
        store.connection.execute(lock)
        database.submit_write(lambda other: other.connection.execute(lock).all()).result()

    with pytest.raises(DatabaseUnavailable):
        database.write(work)


def test_a_wrong_statement_is_a_bug_and_not_an_outage(database: Database) -> None:
    with pytest.raises(DBAPIError):
        database.write(lambda store: store.connection.execute(text("SELECT * FROM nowhere")))


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises((DBAPIError, DatabaseUnavailable)):
        database.read(remember)
    assert not remembered(database)
    database.write(remember)
    assert remembered(database)


@only_sqlite
def test_every_connection_is_durable_and_keeps_foreign_keys(url: str) -> None:
    database = Database(url)
    for engine in (database.writer, database.reader):
        with engine.connect() as connection:
            told = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
        assert told == ["wal", 2, 1]
    database.close()


def test_several_replicas_that_meet_on_one_key_have_one_effect(url: str) -> None:
    together = Barrier(2)

    def replica(_: int) -> str:
        own, met = Database(url), [False]

        def work(store: Store) -> str:
            known, answer = store.chat.inbox.answered("slack 1")
            if not met[0] and not own.is_sqlite:
                met[0] = True
                together.wait(10)
            if known:
                return f"again: {answer}"
            number = store.connection.execute(text("SELECT count(*) FROM inbox")).scalar()
            store.chat.inbox.keep("slack 1", f"answer {number}", NOW)
            return f"first: answer {number}"

        try:
            return own.write(work)
        finally:
            own.close()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(replica, range(2))) == ["again: answer 0", "first: answer 0"]


@only_postgresql
@pytest.mark.doors
def test_of_two_that_wait_for_each_other_both_are_kept(database: Database) -> None:
    together = Barrier(2, timeout=10)
    first_time = {"one", "other"}

    def work(store: Store, name: str, counters: tuple[str, str]) -> None:
        for counter in counters:
            store.connection.execute(NEXT, {"name": counter})
            if name in first_time:
                first_time.discard(name)
                together.wait()

    one = database.submit_write(bound(work, "one", ("risk", "feedback")))
    other = database.submit_write(bound(work, "other", ("feedback", "risk")))
    assert [one.result(), other.result()] == [None, None]
    counted = "SELECT sum(value) FROM counters"
    assert database.read(lambda store: store.connection.execute(text(counted)).scalar()) == 4


def test_a_moment_comes_back_aware_and_the_same_in_whatever_zone_it_was_told(database: Database) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=-5)))
    database.write(lambda store: store.time.timers.add("tea", "pot", 0, there))
    assert [timer.subject for timer in database.read(lambda store: store.time.timers.due(NOW, 50))] == ["pot"]
    assert database.read(lambda store: store.time.timers.due(NOW - timedelta(microseconds=1), 50)) == []


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        database.write(lambda store: store.time.timers.add("tea", "pot", 0, NOW.replace(tzinfo=None)))


def test_what_people_typed_is_not_in_the_error(database: Database) -> None:
    def twice(store: Store) -> None:
        for _ in range(2):
            store.chat.inbox.keep("slack 1", "a secret", NOW)

    with pytest.raises((DBAPIError, ProgrammingError)) as wrong:
        database.write(twice)
    assert "a secret" not in str(wrong.value)


def test_readers_of_sqlite_keep_little_of_the_file_in_memory(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{migrated(tmp_path / 'cityops.db')}")
    try:
        kept = database.read(lambda store: store.connection.execute(text("PRAGMA cache_size")).scalar())
    finally:
        database.close()
    assert kept == -256  # KB
