"""Answers: two answers of a platform that show the same time confirm a clock; one, or two that differ, do not."""

from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from bot.answers import Answers
from tests.chat.bot import MONDAY, Bot, settings_for
from tests.chat.clock import SetClock


def hear(answers: Answers, moment: datetime) -> None:
    answers.hear({"Date": format_datetime(moment, usegmt=True)})


def test_one_answer_shows_no_time_and_two_do() -> None:
    clock = SetClock(MONDAY)
    answers, since = Answers(clock), clock.monotonic()
    hear(answers, MONDAY)
    assert answers.moment(since) is None
    clock.advance(seconds=7)
    hear(answers, MONDAY + timedelta(seconds=7))
    assert answers.moment(since) == MONDAY + timedelta(seconds=7)
    clock.advance(minutes=3)
    assert answers.moment(since) == clock.now()


@pytest.mark.parametrize(("minutes", "agree"), [(-11, False), (-9, True), (9, True), (11, False)])
def test_two_answers_that_differ_by_more_than_ten_minutes_show_no_time(minutes: int, agree: bool) -> None:
    answers = Answers(SetClock(MONDAY))
    for moment in (MONDAY, MONDAY + timedelta(minutes=minutes)):
        hear(answers, moment)
    assert (answers.moment(0) is not None) == agree


def test_answers_that_came_before_the_doubt_show_no_time() -> None:
    clock = SetClock(MONDAY)
    answers = Answers(clock)
    hear(answers, MONDAY)
    clock.advance(seconds=5)
    began = clock.monotonic()
    hear(answers, clock.now())
    assert answers.moment(began) is None
    hear(answers, clock.now())
    assert answers.moment(began) == clock.now()


def test_an_answer_without_a_valid_date_is_none() -> None:
    answers = Answers(SetClock(MONDAY))
    hear(answers, MONDAY)
    for headers in ({}, {"Date": "tomorrow"}):
        answers.hear(headers)
    assert answers.moment(0) is None


@pytest.mark.parametrize(
    ("hours", "confirms"),
    [([30 * 24], False), ([30 * 24, 0], False), ([0, 30 * 24], False), ([30 * 24, 30 * 24], True), ([0, 0], False)],
    ids=["one", "two that differ", "two that differ, the newer one right", "two that agree", "two of another time"],
)
async def test_what_is_planned_goes_on_when_two_answers_show_what_the_clock_shows(
    tmp_path: Path, hours: list[int], confirms: bool
) -> None:
    bot = Bot(settings_for(tmp_path), clock=SetClock(MONDAY))
    await bot.start()
    answers = bot.application.clock.answers
    for _ in range(2):
        hear(answers, bot.clock.true)
    await bot.settle()  # the clock of the start was right
    for _ in range(2):  # as they came before anybody set the clock, they say nothing about it
        hear(answers, bot.clock.true + timedelta(days=30))
    bot.clock.advance(seconds=1)
    bot.clock.step_wall(days=30)
    for _ in range(2):
        await bot.settle()
    assert bot.application.guard.waits
    for ahead in hours:
        hear(answers, bot.clock.true + timedelta(hours=ahead))
        await bot.settle()
    assert bot.application.guard.waits != confirms
    await bot.stop()
