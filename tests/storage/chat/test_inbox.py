"""Inbox: a delivery that comes twice is recognized, with the answer it got."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from storage.database import Database, Store

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def keep(database: Database, key: str, answer: str | None = None, at: datetime = NOW) -> None:
    database.write(lambda store: store.chat.inbox.keep(key, answer, at))


def answered(database: Database, key: str) -> tuple[bool, str | None]:
    return database.read(lambda store: store.chat.inbox.answered(key))


def test_a_new_delivery_is_not_known(database: Database) -> None:
    keep(database, "slack 1")
    assert answered(database, "slack 2") == (False, None)


def test_an_answer_and_no_answer_are_told_apart_from_not_known(database: Database) -> None:
    keep(database, "slack 1", '{"title": "Logged"}')
    keep(database, "slack 2")
    assert answered(database, "slack 1") == (True, '{"title": "Logged"}')
    assert answered(database, "slack 2") == (True, None)


def test_the_same_delivery_kept_twice_takes_its_whole_transaction_back(database: Database) -> None:
    def again(store: Store) -> None:
        store.time.timers.add("a", "b", 0, NOW)
        store.chat.inbox.keep("slack 1", "second", NOW)

    keep(database, "slack 1", "first")
    with pytest.raises(IntegrityError):
        database.write(again)
    assert answered(database, "slack 1") == (True, "first")
    assert database.read(lambda store: store.time.timers.due(NOW, 50)) == []


def test_old_deliveries_are_forgotten_and_young_ones_kept(database: Database) -> None:
    keep(database, "old", at=NOW - timedelta(days=8))
    keep(database, "young")
    database.write(lambda store: store.chat.inbox.forget(NOW - timedelta(days=7), 50))
    assert (answered(database, "old")[0], answered(database, "young")[0]) == (False, True)
