"""Pieces: what is written of an occurrence is known until that occurrence is over."""

from datetime import UTC, date, datetime, timedelta

import pytest

from storage.database import Database, Store
from tests.bound import bound

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def planned(store: Store, skip: str | None = None) -> int:
    """The number of an occurrence of which something is written."""
    store.time.occurrences.plan("digest", MONDAY, "everybody", NOW, skip)
    [occurrence] = store.time.occurrences.from_day("digest", MONDAY).values()
    store.time.pieces.add(occurrence.id, "sam")
    return occurrence.id


def forgotten(database: Database, before: datetime = NOW) -> int:
    return database.write(lambda store: store.time.pieces.forget(before, 50))


@pytest.mark.parametrize("skip", [None, "Storm"])
def test_they_stay_while_the_occurrence_is_planned_or_may_be_again(database: Database, skip: str | None) -> None:
    number = database.write(lambda store: planned(store, skip))
    assert forgotten(database, NOW + 9 * DAY) == 0
    assert database.read(lambda store: store.time.pieces.done(number)) == {"sam"}


def test_they_go_when_it_has_ended_or_is_not_there_any_more(database: Database) -> None:
    number = database.write(planned)
    database.write(lambda store: store.time.occurrences.end(number, "sent", NOW))
    database.write(lambda store: store.time.pieces.add(number + 1, "sam"))
    assert forgotten(database) == 2


def test_those_of_a_sending_by_hand_go_after_a_time(database: Database) -> None:
    number = database.write(lambda store: store.time.occurrences.by_hand("digest", MONDAY, "everybody", NOW, None))
    database.write(lambda store: store.time.pieces.add(number, "sam"))
    assert (forgotten(database, NOW), forgotten(database, NOW + DAY)) == (0, 1)


def test_so_many_go_at_once_as_are_asked_for(database: Database) -> None:
    for key in ("sam", "olga", "tom"):
        database.write(bound(lambda store, key: store.time.pieces.add(7, key), key))
    assert [database.write(lambda store: store.time.pieces.forget(NOW, 2)) for _ in range(3)] == [2, 1, 0]
