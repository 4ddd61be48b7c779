"""Crisis tasks: how the steps of a plan and its windows are kept."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from storage.crisis.tasks import ClosedWindow, CrisisTask
from storage.database import Database, Store

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
REF = "CR-2026-01"


def _task(step: str, position: int, hours: int, owner: str | None = None, window: str = "first-day") -> CrisisTask:
    due = NOW + timedelta(hours=hours)
    return CrisisTask(REF, step, position, window, step.capitalize(), "commander", due, owner)


@pytest.fixture
def plan(database: Database) -> Database:
    """An active crisis with three steps, the first due last."""

    def begin(store: Store) -> None:
        crisis = store.crisis.records.add(what="Water", where=None, level=2, by="olga", at=NOW, year=2026)
        store.crisis.records.change(crisis, state="active")
        store.crisis.tasks.add_all([_task("fallback", 2, 4, "ines")])
        store.crisis.tasks.add_all([_task("assess", 1, 24, "ines")])
        store.crisis.tasks.add_all([_task("test", 3, 144, window="first-week")])

    database.write(begin)
    return database


def _of(database: Database) -> list[CrisisTask]:
    return database.read(lambda store: store.crisis.tasks.of(REF))


def test_a_plan_comes_in_its_order_as_it_was_kept(plan: Database) -> None:
    assert [task.step for task in _of(plan)] == ["assess", "fallback", "test"]
    assert _of(plan)[1] == _task("fallback", 2, 4, "ines")
    assert plan.read(lambda store: store.crisis.tasks.of("CR-2026-02")) == []


def test_a_step_stands_once_in_a_plan(plan: Database) -> None:
    with pytest.raises(IntegrityError):
        plan.write(lambda store: store.crisis.tasks.add_all([_task("assess", 4, 1)]))


def test_a_change_is_kept_and_changes_no_other_step(plan: Database) -> None:
    def finish(store: Store) -> CrisisTask:
        task = store.crisis.tasks.take(REF, "assess")
        assert task is not None
        return store.crisis.tasks.change(task, done_by="ines", done_at=NOW, note="Two streets", by_hand=True)

    done = plan.write(finish)
    assert (done.done_by, done.done_at, done.note, done.by_hand) == ("ines", NOW, "Two streets", True)
    assert _of(plan) == [done, _task("fallback", 2, 4, "ines"), _task("test", 3, 144, window="first-week")]


def test_what_somebody_has_to_do_is_what_is_open_the_soonest_first(plan: Database) -> None:
    def open_of(person: str) -> list[str]:
        return [task.step for task in plan.read(lambda store: store.crisis.tasks.open_of([person])).get(person, [])]

    assert open_of("ines") == ["fallback", "assess"]
    assert open_of("tom") == []

    def finish(store: Store) -> None:
        task = store.crisis.tasks.take(REF, "fallback")
        assert task is not None
        store.crisis.tasks.change(task, done_by="tom", done_at=NOW)

    plan.write(finish)
    assert open_of("ines") == ["assess"]


def test_of_a_crisis_that_is_over_nobody_has_anything_to_do(plan: Database) -> None:
    def end(store: Store) -> None:
        crisis = store.crisis.records.take(REF)
        assert crisis is not None
        store.crisis.records.change(crisis, state="over")

    plan.write(end)
    assert plan.read(lambda store: store.crisis.tasks.open_of(["ines"])) == {}
    assert len(_of(plan)) == 3


def test_there_is_no_step_that_nobody_planned(plan: Database) -> None:
    assert plan.write(lambda store: store.crisis.tasks.take(REF, "prevention")) is None


def test_a_window_is_closed_once_with_its_answers(plan: Database) -> None:
    answers = {"Is anybody still in danger?": "Nobody. “Schön”", "What is affected?": "Two streets"}

    def close(store: Store) -> None:
        store.crisis.tasks.close(REF, "first-day", answers, "tom", NOW)

    assert plan.read(lambda store: store.crisis.tasks.closed(REF)) == {}
    plan.write(close)
    closed = plan.read(lambda store: store.crisis.tasks.closed(REF))
    assert closed == {"first-day": ClosedWindow("first-day", "tom", NOW, answers)}
    assert list(closed["first-day"].answers) == list(answers)
    with pytest.raises(IntegrityError):
        plan.write(close)
