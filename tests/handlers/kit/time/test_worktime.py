"""Worktime: only the hours of working days count, through weekends, holidays and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.time.calendar import Calendar
from handlers.kit.time.rules import Counts
from handlers.kit.time.worktime import Hours, after, read_hours, spoken_span, worked

TOWN = Calendar(ZoneInfo("America/New_York"), {date(2026, 11, 26): "Thanksgiving"})
OFFICE = Hours(time(8), time(17))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))
SPANS = st.integers(0, 200).map(lambda quarters: timedelta(minutes=15 * quarters))


def at(text: str) -> datetime:
    """A moment by Riverton's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=TOWN.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        ("2026-11-23 09:00", "2026-11-23 12:30", 3.5),
        ("2026-11-23 06:00", "2026-11-23 20:00", 9),
        ("2026-11-23 16:00", "2026-11-24 09:00", 2),
        ("2026-11-25 16:00", "2026-11-27 09:00", 2),  # across Thanksgiving
        ("2026-11-27 16:00", "2026-11-30 08:30", 1.5),  # across a weekend
        ("2026-11-28 10:00", "2026-11-29 10:00", 0),
        ("2026-10-30 16:00", "2026-11-02 09:00", 2),  # across the clock change
        ("2026-11-23 12:00", "2026-11-23 09:00", 0),
    ],
)
def test_working_time_between_two_moments(begin: str, end: str, hours: float) -> None:
    assert worked(TOWN, OFFICE, at(begin), at(end)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("begin", "hours", "end"),
    [
        ("2026-11-23 17:00", 0, "2026-11-24 08:00"),  # at the end of a day
        ("2026-11-23 09:00", 3, "2026-11-23 12:00"),
        ("2026-11-23 16:00", 2, "2026-11-24 09:00"),
        ("2026-11-25 16:00", 10, "2026-11-27 17:00"),
        ("2026-11-28 10:00", 0, "2026-11-30 08:00"),
    ],
)
def test_the_moment_after_so_much_working_time(begin: str, hours: float, end: str) -> None:
    assert after(TOWN, OFFICE, at(begin), timedelta(hours=hours)) == at(end)


@given(MOMENTS, SPANS)
def test_what_is_reached_after_a_span_holds_exactly_that_span(begin: datetime, span: timedelta) -> None:
    assert worked(TOWN, OFFICE, begin, after(TOWN, OFFICE, begin, span)) == span


@given(MOMENTS, MOMENTS, MOMENTS)
def test_parts_add_up_to_the_whole(one: datetime, two: datetime, three: datetime) -> None:
    begin, middle, end = sorted((one, two, three))
    parts = worked(TOWN, OFFICE, begin, middle) + worked(TOWN, OFFICE, middle, end)
    assert parts == worked(TOWN, OFFICE, begin, end)


@given(MOMENTS, MOMENTS)
def test_closed_hours_never_count(one: datetime, two: datetime) -> None:
    begin, end = sorted((one, two))
    days = (TOWN.today(end) - TOWN.today(begin)).days + 1
    open_days = sum(TOWN.is_open(TOWN.today(begin) + timedelta(days=number)) for number in range(days))
    assert worked(TOWN, OFFICE, begin, end) <= timedelta(hours=9) * open_days


def test_a_department_that_is_never_open_is_said() -> None:
    with pytest.raises(ValueError, match="do not come within"):
        after(TOWN, Hours(time(8), time(8)), at("2026-11-23 09:00"), timedelta(hours=1))


def test_what_does_not_come_within_three_years_never_comes() -> None:
    longest = timedelta(hours=9) * 784  # the working days in 1098 days from a Monday on, without Thanksgiving
    assert after(TOWN, OFFICE, at("2026-11-23 00:00"), longest) == at("2029-11-23 17:00")
    with pytest.raises(ValueError, match="within 1098 days"):
        after(TOWN, OFFICE, at("2026-11-23 00:00"), longest + timedelta(minutes=1))


@pytest.mark.parametrize("text", ["17:00-08:00", "08:00-08:00", "08:00", "8 to 5"])
def test_hours_that_end_before_they_begin_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write hours"):
        read_hours(text)


@pytest.mark.parametrize(
    ("minutes", "spoken"),
    [(0, "0 min"), (20, "20 min"), (59.9, "59 min"), (60, "1 h"), (180, "3 h"), (200, "3 h 20 min")],
)
def test_working_time_is_said_in_hours_and_minutes(minutes: float, spoken: str) -> None:
    assert spoken_span(timedelta(minutes=minutes)) == spoken


def test_only_the_working_days_of_the_city_count() -> None:
    town = Calendar(ZoneInfo("America/New_York"), {}, Counts(frozenset((6, 0, 1, 2, 3)), 6))
    thursday = town.instant(date(2027, 3, 4), time(16))
    assert town.local(after(town, Hours(time(8), time(17)), thursday, timedelta(hours=2))).date() == date(2027, 3, 7)
    assert worked(town, Hours(time(8), time(17)), thursday, thursday + timedelta(days=3)) == timedelta(hours=9)
