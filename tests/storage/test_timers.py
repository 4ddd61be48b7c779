"""Timers: each (kind, subject, step) once, fired once, cancelled for good."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from storage.database import Database
from storage.timers import DueTimer, timers

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def add(database: Database, subject: str = "CR-1 tom", step: int = 1, minutes: float = 0, kind: str = "page") -> None:
    database.write(lambda store: store.timers.add(kind, subject, step, NOW + timedelta(minutes=minutes)))


def due(database: Database, minutes: float = 0) -> list[DueTimer]:
    return database.read(lambda store: store.timers.due(NOW + timedelta(minutes=minutes)))


def test_a_timer_is_due_at_its_moment_and_not_before(database: Database) -> None:
    add(database, minutes=5)
    assert due(database, 4.99) == []
    assert [(one.kind, one.subject, one.step) for one in due(database, 5)] == [("page", "CR-1 tom", 1)]


def test_the_same_timer_is_planned_once_and_keeps_its_first_moment(database: Database) -> None:
    add(database, minutes=5)
    add(database, minutes=1)
    assert due(database, 1) == []
    assert len(due(database, 5)) == 1


def test_a_timer_ends_once(database: Database) -> None:
    add(database)
    [one] = due(database)
    assert database.write(lambda store: store.timers.end(one.id, "fired"))
    assert not database.write(lambda store: store.timers.end(one.id, "fired"))
    assert due(database) == []


def test_a_timer_that_has_fired_is_not_planned_again(database: Database) -> None:
    add(database)
    [one] = due(database)
    database.write(lambda store: store.timers.end(one.id, "fired"))
    add(database)
    assert due(database) == []


def test_a_cancelled_timer_never_fires(database: Database) -> None:
    add(database, step=1)
    add(database, step=2)
    add(database, subject="CR-1 dana")
    add(database, kind="nudge")
    [one, *_] = due(database)
    database.write(lambda store: store.timers.cancel("page", "CR-1 tom"))
    assert [(left.kind, left.subject) for left in due(database)] == [("page", "CR-1 dana"), ("nudge", "CR-1 tom")]
    assert not database.write(lambda store: store.timers.end(one.id, "fired"))


def test_timers_are_due_in_the_order_of_their_moments(database: Database) -> None:
    for number, minutes in enumerate((3, 1, 2)):
        add(database, step=number, minutes=minutes)
    assert [one.step for one in due(database, 3)] == [1, 2, 0]


def test_a_broken_timer_is_set_aside_with_its_error_cut_to_size(database: Database) -> None:
    add(database)
    [one] = due(database)
    assert database.write(lambda store: store.timers.end(one.id, "failed", "x" * 1000))
    assert due(database) == []
    errors = database.read(lambda store: store.connection.execute(select(timers.c.state, timers.c.error)).all())
    assert [tuple(row) for row in errors] == [("failed", "x" * 400)]


def test_a_timer_that_comes_again_and_again_is_one_row(database: Database) -> None:
    for minutes in range(3):
        database.write(
            lambda store, at=NOW + timedelta(minutes=minutes): store.timers.again("crisis.watch", "CR-1", at)
        )
        assert due(database, minutes - 0.5) == []
        [one] = due(database, minutes)
        assert database.write(lambda store, one=one: store.timers.end(one.id, "fired"))
    database.write(lambda store: store.timers.again("crisis.watch", "CR-1", NOW))
    database.write(lambda store: store.timers.cancel("crisis.watch", "CR-1"))
    assert due(database) == []
