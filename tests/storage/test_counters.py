"""Counters: references have no gaps and no doubles, no matter who counts and what is rolled back."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from storage.counters import Counters
from storage.database import Database, Store


class Changed(Exception):
    """Somebody changed their mind."""


def test_a_counter_begins_at_one_and_goes_on(database: Database) -> None:
    assert [database.write(lambda store: store_next(store)) for _ in range(3)] == [1, 2, 3]


def test_each_counter_counts_for_itself(database: Database) -> None:
    database.write(lambda store: store_next(store, "risk"))
    assert database.write(lambda store: store_next(store, "feedback")) == 1


def test_a_number_that_was_rolled_back_is_given_again(database: Database) -> None:
    def change_mind(store: Store) -> None:
        store_next(store)
        raise Changed

    for _ in range(2):
        with pytest.raises(Changed):
            database.write(change_mind)
    assert database.write(lambda store: store_next(store)) == 1


def test_threads_get_every_number_once_with_rollbacks_in_between(database: Database) -> None:
    def count(turn: int) -> int | None:
        def work(store: Store) -> int:
            number = store_next(store)
            if turn % 5 == 0:
                raise Changed
            return number

        try:
            return database.write(work)
        except Changed:
            return None

    with ThreadPoolExecutor(4) as threads:
        numbers = [number for number in threads.map(count, range(60)) if number is not None]
    assert sorted(numbers) == list(range(1, 49))


def test_the_very_first_number_is_given_once_when_several_begin_together(database: Database) -> None:
    together = Barrier(4)

    def begin(_: int) -> int:
        together.wait()
        return database.write(lambda store: store_next(store))

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(begin, range(4))) == [1, 2, 3, 4]


def store_next(store: Store, name: str = "risk") -> int:
    return Counters(store.connection).next(name)
