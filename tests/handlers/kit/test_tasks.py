"""Tasks: how what waits is said: how bad it is first, its button beside it, and what can be decided with all of it."""

from datetime import date, timedelta

from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Row, Text
from handlers.kit.tasks import summed_up, task_words
from handlers.kit.waiting import Task

TODAY = date(2026, 11, 23)
SHOW = Button.say("Show", "risk show R-1")
DONE = Button("Done", "toy.done", "R-1")
NOT_DONE = Button("Not done", "toy.not-done", "R-1")


def test_a_task_is_a_row_with_what_is_to_be_done_and_only_without_that_with_what_shows_it() -> None:
    assert task_words(Task("R-1", "Dam gate"), TODAY) == [Row("Dam gate")]
    assert task_words(Task("R-1", "Dam gate", (SHOW,)), TODAY) == [Row("Dam gate", SHOW)]
    assert task_words(Task("R-1", "Dam gate", (DONE, SHOW)), TODAY) == [Row("Dam gate", DONE)]


def test_what_can_be_answered_in_several_ways_has_all_of_them_and_a_decision_what_it_is_about_too() -> None:
    either = Task("R-1", "Dam gate", (DONE, NOT_DONE, SHOW))
    assert task_words(either, TODAY) == [Text("Dam gate"), Buttons(DONE, NOT_DONE, about="Dam gate")]
    decides = Task("R-1", "Dam gate", (DONE, SHOW), decides=True)
    assert task_words(decides, TODAY) == [Text("Dam gate"), Buttons(DONE, SHOW, about="Dam gate")]


def test_how_bad_it_is_stands_first_by_its_feature_or_else_by_its_day() -> None:
    late, today = Status("warning", "late"), Status("info", "due today")
    own = Status("critical", "Extreme")
    for days, given, said in ((-1, None, late), (0, None, today), (-1, own, own), (1, own, own)):
        task = Task("R-1", "Dam gate", due=TODAY + timedelta(days=days), status=given)
        assert task_words(task, TODAY) == [Row(Text(said, " Dam gate"))]


def test_the_whole_of_it_is_as_bad_as_the_worst_and_counts_what_is_to_be_decided_and_due() -> None:
    bad, late = Task("a", "A", status=Status("critical", "Level 3")), Task("b", "B", due=TODAY - timedelta(days=1))
    assert summed_up([bad], [late, late], TODAY) == Status("critical", "1 to decide, 2 late")
    today = Task("c", "C", due=TODAY)
    assert summed_up([], [late, today], TODAY) == Status("warning", "1 late, 1 due today")
    assert summed_up([], [today], TODAY) == Status("info", "1 due today")
    assert summed_up([], [], TODAY) is None
    good, neutral = (Task("d", "D", status=Status(level, "as it is")) for level in ("good", "neutral"))
    assert summed_up([good, neutral], [], TODAY) == Status("neutral", "2 to decide")
