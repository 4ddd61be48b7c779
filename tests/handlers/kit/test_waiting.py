"""Waiting: what is due, in which order, and what does not wait though it has no day."""

from datetime import date, timedelta

from handlers.kit.inline import Status
from handlers.kit.waiting import Task, Waiting, due_by, is_pressing

TODAY = date(2026, 11, 23)


def test_due_is_what_is_due_today_or_was_before_the_longest_first() -> None:
    tasks = [Task(name, name, due=TODAY + timedelta(days=days)) for name, days in (("b", 0), ("c", 1), ("a", -2))]
    waiting = [Waiting("One", [tasks[0], Task("d", "no date")]), Waiting("Two", tasks[1:])]
    assert [task.ref for task in due_by(TODAY, waiting)] == ["a", "b"]


def test_what_is_bad_does_not_wait_though_it_has_no_day_and_what_has_one_waits_for_it() -> None:
    bad, later = Status("warning", "by 12:00"), TODAY + timedelta(days=1)
    assert is_pressing(TODAY, Task("R-1", "Gate", due=TODAY))
    assert is_pressing(TODAY, Task("R-1", "Gate", status=bad))
    assert not is_pressing(TODAY, Task("R-1", "Gate", status=Status("info", "steady")))
    assert not is_pressing(TODAY, Task("R-1", "Gate", due=later, status=bad))
