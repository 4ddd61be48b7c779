"""Rules: day rules in words give the days that people mean."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.time.calendar import CLOSED, Calendar
from handlers.kit.time.rules import MONTHS, WEEKDAYS, Counts, read_rule, week_one

HOLIDAYS = {date(2027, 1, 1): "New Year's Day", date(2027, 5, 31): "Memorial Day", date(2027, 9, 6): "Labor Day"}
TOWN = Calendar(ZoneInfo("America/New_York"), HOLIDAYS)
DAYS = st.dates(date(2024, 1, 1), date(2037, 12, 31))
RULES = ["every day", "working days", "every Monday", "every Friday", "first working day of the month",
         "last working day of the month", "first day of the quarter", "third Thursday of the month",
         "last Friday of the quarter", "fourth Monday of November", "first working day of the year",
         "week 1 of the month", "week 4 of the month", "Thursday of week 2 of the month"]  # fmt: skip


def sent(rule: str, first: date, last: date) -> list[date]:
    days = TOWN.days(rule, first, (last - first).days + 1, "send anyway")
    return [day for day, skip in days if skip is None]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("every Monday", ["2027-05-03", "2027-05-10", "2027-05-17", "2027-05-24", "2027-05-31"]),
        ("first working day of the month", ["2027-05-03"]),
        ("last working day of the month", ["2027-05-28"]),
        ("first day of the month", ["2027-05-01"]),
        ("second Monday of the month", ["2027-05-10"]),
        ("last Friday of the month", ["2027-05-28"]),
        ("first Monday of May", ["2027-05-03"]),
        ("first Monday of June", []),
        ("first working day of the quarter", []),
        ("week 1 of the month", ["2027-05-03", "2027-05-31"]),
        ("week 2 of the month", ["2027-05-10"]),
        ("Thursday of week 2 of the month", ["2027-05-13"]),
    ],
)
def test_the_days_of_may_2027(rule: str, days: list[str]) -> None:
    assert [str(day) for day in sent(rule, date(2027, 5, 1), date(2027, 5, 31))] == days


def test_quarters_and_years_begin_on_their_first_working_day() -> None:
    year = (date(2027, 1, 1), date(2027, 12, 31))
    quarters = ["2027-01-04", "2027-04-01", "2027-07-01", "2027-10-01"]
    assert [str(day) for day in sent("first working day of the quarter", *year)] == quarters
    assert [str(day) for day in sent("first working day of the year", *year)] == ["2027-01-04"]
    assert [str(day) for day in sent("last Friday of the year", *year)] == ["2027-12-31"]


def test_week_1_holds_the_first_working_day_even_when_it_begins_in_the_month_before() -> None:
    assert week_one(date(2027, 9, 1), TOWN.is_open, TOWN.counts) == date(2027, 8, 30)
    after_the_holiday = week_one(date(2027, 1, 1), TOWN.is_open, TOWN.counts)
    assert after_the_holiday == date(2027, 1, 4)  # the 1st is a holiday, then a weekend


@given(DAYS)
def test_the_four_weeks_of_a_month_follow_each_other_and_never_meet_the_next_months(day: date) -> None:
    month = day.replace(day=1)
    following = (month + timedelta(days=31)).replace(day=1)
    begins, next_begins = week_one(month, TOWN.is_open, TOWN.counts), week_one(following, TOWN.is_open, TOWN.counts)
    assert begins.weekday() == 0
    assert begins + timedelta(weeks=4) <= next_begins
    assert begins + timedelta(weeks=5) >= next_begins


@given(st.sampled_from(RULES), DAYS, st.integers(1, 90), st.sampled_from(CLOSED))
def test_days_come_in_order_once_each_and_within_what_was_asked(
    rule: str, first: date, count: int, closed: str
) -> None:
    days = [day for day, _ in TOWN.days(rule, first, count, closed)]  # type: ignore[arg-type]  # sampled
    assert days == sorted(set(days))
    assert all(first <= day < first + timedelta(days=count) for day in days)


@given(st.sampled_from(RULES), DAYS, st.sampled_from(CLOSED))
def test_asking_day_by_day_gives_the_same_as_asking_at_once(rule: str, first: date, closed: str) -> None:
    at_once = list(TOWN.days(rule, first, 40, closed))  # type: ignore[arg-type]  # sampled
    by_day = [pair for number in range(40) for pair in TOWN.days(rule, first + timedelta(days=number), 1, closed)]  # type: ignore[arg-type]
    assert by_day == at_once


@pytest.mark.parametrize(
    ("closed", "told"),
    [
        ("skip", [("2027-05-31", "Memorial Day")]),
        ("send anyway", [("2027-05-31", None)]),
        ("next working day", [("2027-05-31", "Memorial Day; sent on Tue 1 Jun instead"), ("2027-06-01", None)]),
        ("previous working day", [("2027-05-28", None), ("2027-05-31", "Memorial Day; sent on Fri 28 May instead")]),
    ],
)
def test_what_becomes_of_a_holiday(closed: str, told: list[tuple[str, str | None]]) -> None:
    days = TOWN.days("every Monday", date(2027, 5, 25), 10, closed)  # type: ignore[arg-type]  # parametrized
    assert [(str(day), skip) for day, skip in days] == told


def test_every_day_means_closed_days_too_and_a_moved_day_is_sent_once() -> None:
    assert all(skip is None for _, skip in TOWN.days("every day", date(2027, 5, 28), 5))
    moved = list(TOWN.days("working days", date(2027, 5, 31), 2, "next working day"))
    assert [str(day) for day, skip in moved if skip is None] == ["2027-06-01"]


@pytest.mark.parametrize("words", ["sometimes", "every Someday", "fifth Monday of the month", "week 5 of the month",
                                   "first Monday of Juneuary", ""])  # fmt: skip
def test_other_words_are_refused_with_those_that_are_known(words: str) -> None:
    with pytest.raises(ValueError, match=r'no day rule .*write one such as "working days"'):
        read_rule(words)


@pytest.mark.parametrize("weekday", WEEKDAYS)
def test_every_weekday_and_every_month_can_be_named(weekday: str) -> None:
    for month in MONTHS:
        [day] = sent(f"second {weekday} of {month}", date(2028, 1, 1), date(2028, 12, 31))
        assert (day.strftime("%A"), day.strftime("%B"), 8 <= day.day <= 14) == (weekday, month, True)


SUNDAYS = Calendar(ZoneInfo("America/New_York"), {}, Counts(frozenset((6, 0, 1, 2, 3)), 6, 7))


@pytest.mark.parametrize(
    ("rule", "first", "count", "days"),
    [
        ("working days", "2027-03-04", 5, ["2027-03-04", "2027-03-07", "2027-03-08"]),
        ("first working day of the month", "2027-01-01", 31, ["2027-01-03"]),
        ("week 2 of the month", "2027-03-01", 31, ["2027-03-07"]),
        ("Thursday of week 1 of the month", "2027-03-01", 31, ["2027-03-04"]),
        ("last day of the quarter", "2027-03-01", 31, ["2027-03-31"]),
        ("first working day of the year", "2027-01-01", 365, ["2027-07-01"]),
        ("last day of the year", "2027-01-01", 365, ["2027-06-30"]),
    ],
)
def test_rules_keep_to_the_weeks_and_years_of_the_city(rule: str, first: str, count: int, days: list[str]) -> None:
    found = SUNDAYS.days(rule, date.fromisoformat(first), count, "send anyway")
    assert [str(day) for day, skip in found if skip is None] == days


def test_a_routine_of_a_day_on_which_the_city_never_works_moves_to_the_next_that_it_works() -> None:
    late = Calendar(ZoneInfo("America/New_York"), {}, Counts(frozenset((1, 2, 3, 4, 5))))
    assert list(late.days("every Monday", date(2027, 3, 1), 3, "next working day")) == [
        (date(2027, 3, 1), "Monday; sent on Tue 2 Mar instead"),
        (date(2027, 3, 2), None),
    ]
    assert late.closed_because(date(2027, 3, 6)) is None
