"""Timers: each (kind, subject, step) once, fired once, cancelled for good."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from storage.database import Database
from storage.time.timers import DueTimer, NewTimer, timers
from tests.bound import bound

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
BESIDE = [("nudge", "CR-1 tom"), ("rota", "CR-1 tom"), ("page", "CR-1 dana"), ("page", "CR-1 uma")]


def add(database: Database, subject: str = "CR-1 tom", step: int = 1, minutes: float = 0, kind: str = "page") -> None:
    database.write(lambda store: store.time.timers.add(kind, subject, step, NOW + timedelta(minutes=minutes)))


def due(database: Database, minutes: float = 0) -> list[DueTimer]:
    return database.read(lambda store: store.time.timers.due(NOW + timedelta(minutes=minutes), 50))


def test_a_timer_is_due_at_its_moment_and_not_before(database: Database) -> None:
    add(database, minutes=5)
    assert due(database, 4.99) == []
    assert [(timer.kind, timer.subject, timer.step) for timer in due(database, 5)] == [("page", "CR-1 tom", 1)]


def test_the_same_timer_is_planned_once_and_keeps_its_first_moment(database: Database) -> None:
    add(database, minutes=5)
    add(database, minutes=1)
    assert due(database, 1) == []
    assert len(due(database, 5)) == 1


def test_several_timers_are_planned_and_cancelled_together_each_of_them_once(database: Database) -> None:
    add(database, minutes=5)
    new = [NewTimer("page", f"CR-1 {person}", NOW, 1) for person in ("tom", "dana", "uma")]
    database.write(lambda store: store.time.timers.add_all(new))
    assert [timer.subject for timer in due(database)] == ["CR-1 dana", "CR-1 uma"]
    database.write(lambda store: store.time.timers.cancel("page", "CR-1 tom", "CR-1 dana"))
    assert [timer.subject for timer in due(database, 5)] == ["CR-1 uma"]


def test_a_timer_ends_once(database: Database) -> None:
    add(database)
    [timer] = due(database)
    assert database.write(lambda store: store.time.timers.end(timer.id, "fired"))
    assert not database.write(lambda store: store.time.timers.end(timer.id, "fired"))
    assert due(database) == []


def test_a_timer_that_has_fired_is_not_planned_again(database: Database) -> None:
    add(database)
    [timer] = due(database)
    database.write(lambda store: store.time.timers.end(timer.id, "fired"))
    add(database)
    assert due(database) == []


def test_a_cancelled_timer_never_fires(database: Database) -> None:
    add(database, step=1)
    add(database, step=2)
    add(database, subject="CR-1 dana")
    add(database, kind="nudge")
    [timer, *_] = due(database)
    database.write(lambda store: store.time.timers.cancel("page", "CR-1 tom"))
    assert [(left.kind, left.subject) for left in due(database)] == [("page", "CR-1 dana"), ("nudge", "CR-1 tom")]
    assert not database.write(lambda store: store.time.timers.end(timer.id, "fired"))


def test_timers_are_due_in_the_order_of_their_moments(database: Database) -> None:
    for number, minutes in enumerate((3, 1, 2)):
        add(database, step=number, minutes=minutes)
    assert [timer.step for timer in due(database, 3)] == [1, 2, 0]


def test_a_broken_timer_is_set_aside_with_its_error_cut_to_size(database: Database) -> None:
    add(database)
    [timer] = due(database)
    assert database.write(lambda store: store.time.timers.end(timer.id, "failed", "x" * 1000))
    assert due(database) == []
    errors = database.read(lambda store: store.connection.execute(select(timers.c.state, timers.c.error)).all())
    assert [tuple(row) for row in errors] == [("failed", "x" * 400)]


def test_a_timer_that_comes_again_and_again_is_one_row(database: Database) -> None:
    for minutes in range(3):
        database.write(
            bound(
                lambda store, at: store.time.timers.again("crisis.watch", "CR-1", at), NOW + timedelta(minutes=minutes)
            )
        )
        assert due(database, minutes - 0.5) == []
        [timer] = due(database, minutes)
        assert database.write(bound(lambda store, timer: store.time.timers.end(timer.id, "fired"), timer))
    database.write(lambda store: store.time.timers.again("crisis.watch", "CR-1", NOW))
    database.write(lambda store: store.time.timers.cancel("crisis.watch", "CR-1"))
    assert due(database) == []


def test_steps_may_be_planned_in_any_order(database: Database) -> None:
    for step in (2, 1, 3):
        add(database, step=step)
    assert [timer.step for timer in due(database)] == [2, 1, 3]


def test_as_many_as_are_asked_for_are_due_and_the_earliest_of_them(database: Database) -> None:
    for number in range(3):
        add(database, step=number, minutes=-number)
    assert [timer.step for timer in database.read(lambda store: store.time.timers.due(NOW, 2))] == [2, 1]


def test_those_of_some_kinds_alone_are_due_at_their_moment(database: Database) -> None:
    for step, kind in enumerate(("nudge", "page", "page", "rota")):
        add(database, step=step, kind=kind, minutes=-step)
    add(database, step=9, kind="page", minutes=1)
    database.write(lambda store: store.time.timers.cancel("rota", "CR-1 tom"))

    def due_of(kinds: set[str], most: int = 9) -> list[int]:
        return [timer.step for timer in database.read(lambda store: store.time.timers.due_of(kinds, NOW, most))]

    assert (due_of({"page", "rota"}), due_of({"page"}, 1), due_of({"other"})) == ([2, 1], [2], [])


def test_each_question_is_about_one_kind_and_one_subject(database: Database) -> None:
    for kind, subject in BESIDE:
        for step in (0, 7):
            add(database, subject=subject, step=step, kind=kind)
    assert database.read(lambda store: store.time.timers.next_due("page", "CR-1 tom")) is None
    assert database.read(lambda store: store.time.timers.next_step("page", "CR-1 tom")) == 0
    later = NOW + timedelta(minutes=5)
    database.write(lambda store: store.time.timers.again("page", "CR-1 tom", later))
    assert len(due(database)) == 8
    assert len(due(database, 5)) == 9
    database.write(lambda store: store.time.timers.cancel("page", "CR-1 tom"))
    assert len(due(database, 5)) == 8


def test_the_next_one_and_the_step_after_the_last_are_told(database: Database) -> None:
    for step, minutes in ((3, 7), (5, 4), (4, 2)):
        add(database, step=step, minutes=minutes)
    assert database.read(lambda store: store.time.timers.next_due("page", "CR-1 tom")) == NOW + timedelta(minutes=2)
    [timer] = due(database, 2)
    database.write(lambda store: store.time.timers.end(timer.id, "fired"))
    assert database.read(lambda store: store.time.timers.next_due("page", "CR-1 tom")) == NOW + timedelta(minutes=4)
    assert database.read(lambda store: store.time.timers.next_step("page", "CR-1 tom")) == 6


def test_one_that_comes_again_is_its_step_0_and_forgets_what_was_wrong(database: Database) -> None:
    for step in (-1, 0, 1):
        add(database, step=step)
    timer = next(timer for timer in due(database) if timer.step == 0)
    database.write(lambda store: store.time.timers.end(timer.id, "failed", "it broke"))
    later = NOW + timedelta(minutes=5)
    database.write(lambda store: store.time.timers.again("page", "CR-1 tom", later))
    kept = database.read(lambda store: store.connection.execute(select(timers.c.step, timers.c.due_at, timers.c.error)))
    assert sorted(tuple(row) for row in kept) == [(-1, NOW, None), (0, later, None), (1, NOW, None)]


def test_each_timer_ends_alone(database: Database) -> None:
    for step in range(3):
        add(database, step=step)
    [_, middle, _] = due(database)
    assert database.write(lambda store: store.time.timers.end(middle.id, "fired"))
    assert [timer.step for timer in due(database)] == [0, 2]


def test_timers_that_ended_long_ago_go_so_many_at_once_and_those_that_wait_stay(database: Database) -> None:
    for step in range(4):
        add(database, step=step, minutes=step)
    for timer in due(database, 2):
        database.write(bound(lambda store, id: store.time.timers.end(id, "fired"), timer.id))
    old = NOW + timedelta(minutes=10)
    assert [database.write(lambda store: store.time.timers.forget(old, 2)) for _ in range(3)] == [2, 1, 0]
    assert [timer.step for timer in due(database, 10)] == [3]


def test_the_first_that_is_due_of_all_is_known_and_what_has_ended_is_not_waited_for(database: Database) -> None:
    assert database.read(lambda store: store.time.next_due()) is None
    add(database, minutes=9)
    add(database, subject="CR-1 dana", minutes=5, kind="nudge")
    assert database.read(lambda store: store.time.next_due()) == NOW + timedelta(minutes=5)
    database.write(lambda store: store.time.timers.cancel("nudge", "CR-1 dana"))
    assert database.read(lambda store: store.time.next_due()) == NOW + timedelta(minutes=9)
    database.write(lambda store: store.time.occurrences.plan("morning-check", NOW.date(), "city_manager", NOW, None))
    assert database.read(lambda store: store.time.next_due()) == NOW
