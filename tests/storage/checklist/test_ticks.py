"""Checklists: each item is ticked once in a period, by the person who was first."""

from concurrent.futures import Future
from datetime import UTC, datetime, timedelta

import pytest

from storage.checklist.ticks import Tick
from storage.database import Database, Store
from tests.bound import bound
from tests.storage.rows import until_somebody_waits

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
WEEK = "2026-11 week 4"


def tick(database: Database, person: str = "maria", period: str = WEEK, note: str | None = None) -> bool:
    return database.write(
        lambda store: store.checklist.ticks.tick("budget-check", period, person=person, at=NOW, note=note)
    )


def find(database: Database, period: str = WEEK) -> Tick | None:
    return database.read(lambda store: store.checklist.ticks.find("budget-check", period))


def _tick_and_look(store: Store, person: str) -> tuple[bool, str]:
    first = store.checklist.ticks.tick("budget-check", WEEK, person=person, at=NOW)
    tick = store.checklist.ticks.find("budget-check", WEEK)
    assert tick is not None
    return first, tick.person


def test_a_tick_keeps_who_when_and_the_note(database: Database) -> None:
    assert find(database) is None
    assert tick(database, note="Within plan")
    assert find(database) == Tick(WEEK, "budget-check", "maria", NOW, "Within plan")


def test_the_first_tick_stays(database: Database) -> None:
    assert tick(database, "maria")
    assert not tick(database, "tom", note="Me too")
    found = find(database)
    assert found is not None
    assert (found.person, found.note) == ("maria", None)


def test_of_two_at_once_one_is_first_and_both_see_the_same(database: Database) -> None:
    waiting = [
        database.submit_write(bound(lambda store, person: _tick_and_look(store, person), person))
        for person in ("maria", "tom")
    ]
    results = [future.result() for future in waiting]
    assert sorted(first for first, _ in results) == [False, True]
    assert len({seen for _, seen in results}) == 1


def test_a_tick_can_be_taken_back_once(database: Database) -> None:
    tick(database)
    assert database.write(lambda store: store.checklist.ticks.untick("budget-check", WEEK))
    assert not database.write(lambda store: store.checklist.ticks.untick("budget-check", WEEK))
    assert find(database) is None
    assert tick(database, "tom")


def test_the_ticks_of_periods_come_by_item_and_period(database: Database) -> None:
    for period in (WEEK, "2026-12 week 4", "2026-W48"):
        tick(database, period=period)
    found = database.read(lambda store: store.checklist.ticks.of([WEEK, "2026-W48", "2026-W49"]))
    assert list(found) == [("budget-check", WEEK), ("budget-check", "2026-W48")]
    assert database.read(lambda store: store.checklist.ticks.of([])) == {}


def test_a_note_can_be_written_later(database: Database) -> None:
    tick(database)
    database.write(lambda store: store.checklist.ticks.write_note("budget-check", WEEK, "Within plan"))
    found = find(database)
    assert found is not None
    assert (found.note, found.at) == ("Within plan", NOW)


def test_the_first_day_of_a_routine_is_the_first_that_was_planned(database: Database) -> None:
    assert database.read(lambda store: store.time.occurrences.first_day("checklist")) is None
    for days in (2, 1, 3):
        at = NOW + timedelta(days=days)
        database.write(
            bound(lambda store, at: store.time.occurrences.plan("checklist", at.date(), "admin", at, None), at)
        )
    database.write(lambda store: store.time.occurrences.by_hand("checklist", NOW.date(), "admin", NOW, "ines"))
    first = database.read(lambda store: store.time.occurrences.first_day("checklist"))
    assert first == NOW.date() + timedelta(days=1)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_tick_that_somebody_found_is_not_taken_back_before_they_are_done(database: Database) -> None:
    tick(database, "maria")

    def add_note(store: Store) -> "Future[bool]":
        assert not store.checklist.ticks.tick("budget-check", WEEK, person="tom", at=NOW)
        back = database.submit_write(lambda store: store.checklist.ticks.untick("budget-check", WEEK))
        until_somebody_waits(store, back)
        assert not back.done(), "it is gone, and the note with it"
        store.checklist.ticks.write_note("budget-check", WEEK, "Mine")
        return back

    assert database.write(add_note).result()
    assert find(database) is None
