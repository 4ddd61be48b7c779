"""Savepoint: part of a transaction can be taken back alone, but not when the whole transaction is lost."""

from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.database import Database, DatabaseUnavailable, Store
from tests.storage.test_database import NOW, only_postgresql, only_sqlite


def keep(store: Store, key: str) -> None:
    store.chat.inbox.keep(key, None, NOW)


def kept(database: Database) -> list[str]:
    rows = database.read(lambda store: store.connection.execute(text("SELECT key FROM inbox ORDER BY key")).all())
    return [key for (key,) in rows]


def test_a_part_that_raises_is_taken_back_and_the_rest_is_kept(database: Database) -> None:
    def work(store: Store) -> None:
        keep(store, "before")
        with suppress(ZeroDivisionError), store.savepoint():
            keep(store, "inside")
            raise ZeroDivisionError
        with store.savepoint():
            keep(store, "good")
        keep(store, "after")

    database.write(work)
    assert kept(database) == ["after", "before", "good"]


def test_a_statement_that_fails_in_a_part_spoils_only_that_part(database: Database) -> None:
    def work(store: Store) -> None:
        keep(store, "before")
        with suppress(IntegrityError), store.savepoint():
            keep(store, "before")
        with suppress(DBAPIError), store.savepoint():
            store.connection.execute(text("SELECT * FROM nowhere"))
        keep(store, "after")

    database.write(work)
    assert kept(database) == ["after", "before"]


def test_a_part_that_hides_its_failed_statement_is_taken_back_too(database: Database) -> None:
    def hides(store: Store) -> None:
        keep(store, "inside")
        with suppress(DBAPIError):
            store.connection.execute(text("SELECT * FROM nowhere"))

    def work(store: Store) -> None:
        with suppress(DBAPIError):
            store.attempt(lambda: hides(store))
        keep(store, "after")

    database.write(work)
    assert "after" in kept(database)


def test_parts_within_parts_are_taken_back_one_by_one(database: Database) -> None:
    def work(store: Store) -> None:
        with store.savepoint():
            keep(store, "outer")
            with suppress(ZeroDivisionError), store.savepoint():
                keep(store, "inner")
                raise ZeroDivisionError
        with suppress(ZeroDivisionError), store.savepoint():
            with store.savepoint():
                keep(store, "kept in vain")
            raise ZeroDivisionError

    database.write(work)
    assert kept(database) == ["outer"]


@only_sqlite
def test_on_a_full_disk_nothing_of_the_transaction_is_kept_whatever_a_part_swallows(database: Database) -> None:
    with database.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def fill(store: Store) -> None:
        for number in range(1000):
            store.chat.inbox.keep(f"slack {number}", "x" * 1000, NOW)

    def behind_a_savepoint(store: Store) -> None:
        keep(store, "before")
        with store.savepoint():
            fill(store)

    def swallowing(store: Store) -> None:
        keep(store, "before")
        with suppress(DBAPIError):
            fill(store)
        with store.savepoint():
            keep(store, "after")

    for work in (behind_a_savepoint, swallowing):
        with pytest.raises(DatabaseUnavailable, match=r"full|rolled the transaction back"):
            database.write(work)
        assert kept(database) == []


@only_sqlite
def test_a_transaction_that_sqlite_has_ended_is_never_taken_for_kept(database: Database) -> None:
    def work(store: Store) -> None:
        keep(store, "before")
        store.connection.exec_driver_sql("ROLLBACK")

    with pytest.raises(DatabaseUnavailable, match="rolled the transaction back"):
        database.write(work)
    assert kept(database) == []


@only_postgresql
def test_a_connection_that_is_lost_in_a_part_is_unavailable_and_keeps_nothing(database: Database) -> None:
    def work(store: Store) -> None:
        keep(store, "before")
        with suppress(ZeroDivisionError), store.savepoint():
            mine = store.connection.execute(text("SELECT pg_backend_pid()")).scalar()
            database.submit_write(
                lambda other: other.connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
            ).result()
            raise ZeroDivisionError

    with pytest.raises(DatabaseUnavailable):
        database.write(work)
    assert kept(database) == []


@only_postgresql
def test_a_part_that_met_another_replica_on_one_key_runs_once_more(database: Database) -> None:
    tries, transactions = [], []

    def part(store: Store) -> str:
        known, _ = store.chat.inbox.answered("slack 1")
        tries.append(known)
        if not known:
            if len(tries) == 1:
                database.submit_write(lambda other: keep(other, "slack 1")).result()
            keep(store, "slack 1")
        return "again" if known else "first"

    def work(store: Store) -> str:
        transactions.append(store)
        keep(store, "before")
        return store.attempt(lambda: part(store))

    assert database.write(work) == "again"
    assert tries == [False, True]
    assert len(transactions) == 1, "the part alone ran once more, not the whole of it"
    assert kept(database) == ["before", "slack 1"]
