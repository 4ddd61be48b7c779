"""Periods: every item is owed once in each of its periods, whatever the holidays."""

from datetime import date, timedelta
from itertools import pairwise
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.city.reading import read_city
from handlers.kit.time.calendar import Calendar
from handlers.kit.time.periods import Cadence, Period, after, asked_on, before, in_month, month_of_week, newest
from handlers.kit.time.rules import Counts
from tests.chat.bot import RIVERTON

CADENCES: tuple[Cadence, ...] = get_args(Cadence)
WEEKS: tuple[Cadence, ...] = ("week 1", "week 2", "week 3", "week 4")
MONTHS = st.dates(date(2024, 1, 1), date(2037, 12, 1)).map(lambda day: day.replace(day=1))
DAY = timedelta(days=1)
TOWN = read_city(RIVERTON).calendar


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """A town with up to four holidays in a row in each month of some years, so that no whole week is closed, and with
    weeks and years of its own."""
    months = [date(2025 + number // 12, number % 12 + 1, 1) for number in range(11, 40)]
    begins = [(month + DAY * draw(st.integers(0, 20)), draw(st.integers(0, 4))) for month in months]
    closed = {first + DAY * number: "Holiday" for first, length in begins for number in range(length)}
    working = draw(st.frozensets(st.integers(0, 6), min_size=5))
    counts = Counts(working, draw(st.integers(0, 6)), draw(st.integers(1, 12)))
    return Calendar(ZoneInfo("America/New_York"), closed, counts)


NEAR = st.dates(date(2026, 1, 1), date(2027, 12, 1)).map(lambda day: day.replace(day=1))


@pytest.mark.parametrize(
    ("when", "day", "key", "first", "last"),
    [
        ("daily", "2027-03-01", "2027-03-01", "2027-03-01", "2027-03-01"),
        ("daily", "2027-03-06", "2027-03-05", "2027-03-05", "2027-03-05"),
        ("weekly", "2027-03-01", "2027-W09", "2027-03-01", "2027-03-07"),
        ("weekly", "2027-01-03", "2026-W53", "2026-12-28", "2027-01-03"),
        ("week 2", "2027-03-14", "2027-03 week 2", "2027-03-08", "2027-03-14"),
        ("week 2", "2027-03-07", "2027-02 week 2", "2027-02-08", "2027-02-14"),
        ("week 1", "2026-11-30", "2026-12 week 1", "2026-11-30", "2026-12-06"),
        ("week 4", "2026-11-30", "2026-11 week 4", "2026-11-23", "2026-11-29"),
        ("week 1", "2027-01-02", "2026-12 week 1", "2026-11-30", "2026-12-06"),
        ("quarterly", "2027-03-31", "2027-Q1", "2027-01-01", "2027-03-31"),
        ("quarterly", "2027-10-01", "2027-Q4", "2027-10-01", "2027-12-31"),
        ("annually", "2027-12-31", "2027", "2027-01-01", "2027-12-31"),
    ],
)
def test_a_day_has_the_period_that_people_mean(when: Cadence, day: str, key: str, first: str, last: str) -> None:
    period = newest(when, date.fromisoformat(day), TOWN)
    assert period is not None
    assert (period.key, period.first.isoformat(), period.last.isoformat()) == (key, first, last)


def four_weeks(month: date, calendar: Calendar) -> list[Period]:
    return [period for when in WEEKS for period in in_month(when, month, calendar)]


@given(calendars(), NEAR)
def test_every_month_has_its_four_weeks_whatever_the_holidays(calendar: Calendar, month: date) -> None:
    weeks = four_weeks(month, calendar)
    assert [week.key for week in weeks] == [f"{month:%Y-%m} {when}" for when in WEEKS]
    assert {week.month for week in weeks} == {month}
    assert all(
        week.first.weekday() == calendar.counts.first_weekday and week.last - week.first == DAY * 6 for week in weeks
    )
    assert all(later.first - earlier.last == DAY for earlier, later in pairwise(weeks))


def test_the_weeks_of_rivertons_months_never_overlap() -> None:
    months = [date(year, number, 1) for year in range(2024, 2038) for number in range(1, 13)]
    weeks = [week for month in months for week in four_weeks(month, TOWN)]
    assert len(weeks) == 4 * 12 * 14
    assert all(earlier.last < later.first for earlier, later in pairwise(weeks))


@given(calendars(), NEAR, st.sampled_from(CADENCES))
def test_walking_the_days_finds_each_period_of_the_months_once_and_no_other(
    calendar: Calendar, month: date, when: Cadence
) -> None:
    last = after(after(month)) - DAY
    days = [month + DAY * number for number in range((last - month).days + 1)]
    walked = [period for day in days if (period := newest(when, day, calendar))]
    assert all(period.first <= day for period, day in zip(walked, days, strict=True))
    assert all(
        earlier.first <= later.first and (earlier == later or earlier.key != later.key)
        for earlier, later in pairwise(walked)
    )
    months = (before(month), month, after(month), after(after(month)))
    listed = {period for each in months for period in in_month(when, each, calendar)}
    begun = {period for period in walked if period.first >= month}
    assert begun == {period for period in listed if month <= period.first <= last}


@given(calendars(), NEAR)
def test_a_week_counts_in_the_month_whose_first_week_it_is_or_follows(calendar: Calendar, month: date) -> None:
    for week in in_month("weekly", month, calendar):
        assert month_of_week(week.first, calendar) == week.month == month


@given(MONTHS, st.sampled_from(CADENCES))
def test_an_owner_is_asked_on_the_first_working_day_of_the_period(month: date, when: Cadence) -> None:
    for period in in_month(when, month, TOWN):
        asked = asked_on(period, TOWN)
        assert asked is not None
        assert TOWN.is_open(asked)
        assert not any(TOWN.is_open(period.first + DAY * number) for number in range((asked - period.first).days))


def test_a_week_in_which_the_city_is_closed_owes_nothing_weekly_and_is_asked_for_after_it() -> None:
    closed = {date(2026, 12, 21) + DAY * number: "Winter break" for number in range(5)}
    town = Calendar(ZoneInfo("America/New_York"), closed)
    assert "2026-W52" not in [week.key for week in in_month("weekly", date(2026, 12, 1), town)]
    weekly = newest("weekly", date(2026, 12, 27), town)
    assert weekly is not None
    assert weekly.key == "2026-W51"
    [week_four] = in_month("week 4", date(2026, 12, 1), town)
    assert (week_four.first, asked_on(week_four, town)) == (date(2026, 12, 21), date(2026, 12, 28))


SUNDAYS = Calendar(ZoneInfo("America/New_York"), {}, Counts(frozenset((6, 0, 1, 2, 3)), 6, 7))


@pytest.mark.parametrize(
    ("when", "day", "key", "first", "last"),
    [
        ("daily", "2027-03-06", "2027-03-04", "2027-03-04", "2027-03-04"),
        ("daily", "2027-03-07", "2027-03-07", "2027-03-07", "2027-03-07"),
        ("weekly", "2027-03-07", "2027-W10", "2027-03-07", "2027-03-13"),
        ("week 1", "2027-03-01", "2027-03 week 1", "2027-02-28", "2027-03-06"),
        ("quarterly", "2027-03-31", "2027-Q1", "2027-01-01", "2027-03-31"),
        ("annually", "2027-03-31", "2026-07 year", "2026-07-01", "2027-06-30"),
        ("annually", "2027-07-01", "2027-07 year", "2027-07-01", "2028-06-30"),
    ],
)
def test_a_city_that_works_from_sunday_on_has_its_own_weeks_and_years(
    when: Cadence, day: str, key: str, first: str, last: str
) -> None:
    period = newest(when, date.fromisoformat(day), SUNDAYS)
    assert period is not None
    assert (period.key, str(period.first), str(period.last)) == (key, first, last)


def test_quarters_of_a_fiscal_year_that_no_calendar_has_are_kept_under_keys_of_their_own() -> None:
    town = Calendar(ZoneInfo("America/New_York"), {}, Counts(fiscal_start=2))
    quarter = newest("quarterly", date(2027, 1, 31), town)
    assert quarter == Period("2026-11 quarter", date(2026, 11, 1), date(2027, 1, 31), date(2027, 1, 1))


def test_a_city_that_moves_its_first_weekday_finds_the_ticks_of_the_week_again() -> None:
    week, moved = newest("weekly", date(2027, 3, 8), TOWN), newest("weekly", date(2027, 3, 8), SUNDAYS)
    assert week is not None
    assert moved is not None
    assert week.key == moved.key == "2027-W10"
