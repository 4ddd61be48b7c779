"""Waiting: what is due, in which order, and how it is said."""

from datetime import date, timedelta

from handlers.kit.messages import Button, Buttons, Note, Row, Text
from handlers.kit.waiting import Task, Waiting, due_by, section, task_words

TODAY = date(2026, 11, 23)
SHOW = Button.say("Show", "risk show R-1")
DONE = Button("Done", "toy.done", "R-1")


def test_due_is_what_is_due_today_or_was_before_the_longest_first() -> None:
    tasks = [Task(name, name, due=TODAY + timedelta(days=days)) for name, days in (("b", 0), ("c", 1), ("a", -2))]
    waiting = [Waiting("One", [tasks[0], Task("d", "no date")]), Waiting("Two", tasks[1:])]
    assert [task.ref for task in due_by(TODAY, waiting)] == ["a", "b"]


def test_a_task_with_one_button_is_a_row_and_with_several_a_line_of_buttons() -> None:
    assert task_words(Task("R-1", "Dam gate")) == [Text("Dam gate")]
    assert task_words(Task("R-1", "Dam gate", (SHOW,))) == [Row("Dam gate", SHOW)]
    assert task_words(Task("R-1", "Dam gate", (SHOW,)), DONE) == [
        Text("Dam gate"),
        Buttons(SHOW, DONE, about="Dam gate"),
    ]


def test_what_is_not_shown_is_counted_and_who_wants_all_reads_how() -> None:
    tasks = [Task(str(number), f"Line {number}") for number in range(3)]
    assert section(Waiting("Three", tasks))[-1] == Text("Line 2")
    assert section(Waiting("Three", tasks, "risk list"), 2)[2:] == [
        Text("Line 1"),
        Note('And 1 more. Write "risk list" to see all.'),
    ]
    assert section(Waiting("Forty", tasks, count=40))[-1] == Note("And 30 more.")
