"""Calendar: the city's time, through every clock change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.city.reading import read_city
from handlers.kit.time.calendar import Calendar, read_time
from handlers.kit.time.style import Style
from tests.chat.bot import RIVERTON

NEW_YORK = Calendar(ZoneInfo("America/New_York"), {})
ZONES = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns",
         "Africa/Casablanca", "Pacific/Chatham", "America/Santiago", "Africa/Cairo", "UTC"]  # fmt: skip


def test_a_time_on_an_ordinary_day_is_that_time() -> None:
    assert NEW_YORK.instant(date(2026, 11, 23), time(7, 30)) == datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    assert NEW_YORK.instant(date(2026, 7, 1), time(7, 30)) == datetime(2026, 7, 1, 11, 30, tzinfo=UTC)


def test_a_skipped_time_moves_forward_by_the_gap() -> None:
    moment = NEW_YORK.instant(date(2027, 3, 14), time(2, 30))
    assert moment == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)
    assert NEW_YORK.clock(moment) == "03:30"


def test_a_repeated_time_is_the_first_one() -> None:
    assert NEW_YORK.instant(date(2026, 11, 1), time(1, 30)) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_the_gap_of_lord_howe_is_half_an_hour() -> None:
    island = Calendar(ZoneInfo("Australia/Lord_Howe"), {})
    moment = island.instant(date(2026, 10, 4), time(2, 15))
    assert island.local(moment).replace(tzinfo=None) == datetime(2026, 10, 4, 2, 45)


def test_today_is_the_citys_date_and_not_greenwichs() -> None:
    late = datetime(2026, 11, 24, 4, 59, tzinfo=UTC)
    assert NEW_YORK.today(late) == date(2026, 11, 23)
    assert NEW_YORK.today(late + timedelta(minutes=1)) == date(2026, 11, 24)


@given(
    st.sampled_from(ZONES),
    st.dates(date(2024, 1, 1), date(2037, 12, 30)),
    st.times().map(lambda at: at.replace(microsecond=0)),
)
def test_the_same_time_on_the_next_day_is_always_later(zone: str, day: date, at: time) -> None:
    calendar = Calendar(ZoneInfo(zone), {})
    first, second = (calendar.instant(day + timedelta(days=number), at) for number in (0, 1))
    assert first < second
    assert timedelta(hours=22) < second - first < timedelta(hours=26)


@given(st.sampled_from(ZONES), st.dates(date(2024, 1, 1), date(2037, 12, 31)), st.times())
def test_a_moment_keeps_its_date_and_never_comes_before_its_time(zone: str, day: date, at: time) -> None:
    calendar = Calendar(ZoneInfo(zone), {})
    local = calendar.local(calendar.instant(day, at)).replace(tzinfo=None)
    assert timedelta(0) <= local - datetime.combine(day, at) <= timedelta(hours=1)


def test_working_days_name_the_closed_ones_and_pass_over_weekends() -> None:
    closed = Calendar(ZoneInfo("America/New_York"), {date(2026, 11, 26): "Thanksgiving"})
    assert list(closed.days("working days", date(2026, 11, 25), 6)) == [
        (date(2026, 11, 25), None),
        (date(2026, 11, 26), "Thanksgiving"),
        (date(2026, 11, 27), None),
        (date(2026, 11, 30), None),
    ]


def test_every_day_means_holidays_and_weekends_too() -> None:
    closed = Calendar(ZoneInfo("America/New_York"), {date(2026, 11, 26): "Thanksgiving"})
    days = list(closed.days("every day", date(2026, 11, 25), 5))
    assert days == [(date(2026, 11, 25) + timedelta(days=number), None) for number in range(5)]


def test_every_monday_is_mondays_only() -> None:
    assert list(NEW_YORK.days("every Monday", date(2026, 11, 24), 14)) == [
        (date(2026, 11, 30), None),
        (date(2026, 12, 7), None),
    ]


def test_riverton_is_closed_on_public_holidays_and_on_its_own_days() -> None:
    calendar = read_city(RIVERTON).calendar
    assert "Thanksgiving" in str(calendar.closed_because(date(2026, 11, 26)))
    assert calendar.closed_because(date(2026, 11, 27)) == "Day after Thanksgiving"
    assert calendar.closed_because(date(2026, 12, 24)) == "Christmas Eve"
    assert calendar.closed_because(date(2026, 11, 28)) == "Saturday"
    assert calendar.closed_because(date(2026, 11, 25)) is None


def test_holidays_are_known_in_years_nobody_has_asked_about_yet() -> None:
    calendar = read_city(RIVERTON).calendar
    assert [calendar.closed_because(date(year, 1, 1)) is not None for year in (2027, 2031, 2035)] == [True] * 3


@pytest.mark.parametrize(
    ("style", "spoken"),
    [
        (Style(), ["Tue 3 Nov, 07:05", "07:05", "Tue 3 Nov", "Tue 3 Nov 2026"]),
        (Style("Nov 27", "7:30 AM"), ["Tue Nov 3, 7:05 AM", "7:05 AM", "Tue Nov 3", "Tue Nov 3, 2026"]),
    ],
)
def test_days_and_times_are_spoken_as_the_city_writes_them(style: Style, spoken: list[str]) -> None:
    calendar, moment, day = replace(NEW_YORK, style=style), datetime(2026, 11, 3, 12, 5, tzinfo=UTC), date(2026, 11, 3)
    said = [calendar.spoken(moment), calendar.clock(moment), calendar.spoken_day(day, date(2026, 1, 1))]
    assert [*said, calendar.spoken_day(day, date(2027, 1, 1))] == spoken
    assert calendar.spoken_day(day) == spoken[2]
    assert calendar.spoken_date(day) == spoken[3]


@pytest.mark.parametrize(
    ("at", "spoken"), [("00:00", "12:00 AM"), ("11:59", "11:59 AM"), ("12:00", "12:00 PM"), ("23:05", "11:05 PM")]
)
def test_noon_and_midnight_are_twelve_o_clock(at: str, spoken: str) -> None:
    assert Style(times="7:30 AM").time(read_time(at)) == spoken


@pytest.mark.parametrize("text", ["7.30", "24:00", "", "07:30:15"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write one such as 07:30"):
        read_time(text)


@pytest.mark.parametrize(
    ("moment", "over"),
    [
        ("2026-11-23T18:59:59", None),
        ("2026-11-23T19:00:00", "2026-11-24T07:00:00"),
        ("2026-11-24T00:00:00", "2026-11-24T07:00:00"),
        ("2026-11-24T06:59:59", "2026-11-24T07:00:00"),
        ("2026-11-24T07:00:00", None),
        ("2027-03-13T23:00:00", "2027-03-14T07:00:00"),  # the day is an hour shorter
        ("2026-10-31T23:00:00", "2026-11-01T07:00:00"),  # the day is an hour longer
    ],
)
def test_quiet_hours_over_midnight_end_in_the_morning(moment: str, over: str | None) -> None:
    begun = datetime.fromisoformat(moment).replace(tzinfo=NEW_YORK.zone)
    expected = datetime.fromisoformat(over).replace(tzinfo=NEW_YORK.zone) if over else None
    assert NEW_YORK.quiet_until(begun.astimezone(UTC), time(19), time(7)) == expected


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert NEW_YORK.quiet_until(noon, time(12), time(13)) == noon + timedelta(hours=1)
    assert NEW_YORK.quiet_until(noon - timedelta(seconds=1), time(12), time(13)) is None
    assert NEW_YORK.quiet_until(noon, time(7), time(7)) is None


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2024, 1, 1), datetime(2037, 12, 30), timezones=st.just(UTC)),
    st.sampled_from([(time(19), time(7)), (time(1, 30), time(2, 30)), (time(2, 15), time(1, 45)), (time(0), time(6))]),
)
def test_quiet_hours_end_later_within_a_day_and_at_their_end_it_is_quiet_no_more(
    zone: str, moment: datetime, hours: tuple[time, time]
) -> None:
    calendar = Calendar(ZoneInfo(zone), {})
    over = calendar.quiet_until(moment, *hours)
    if over is not None:
        assert timedelta(0) < over - moment < timedelta(hours=26)
        assert calendar.quiet_until(over, *hours) is None


@pytest.mark.parametrize(("closed", "is_near"), [(20, True), (21, False)])
@pytest.mark.parametrize("step", [1, -1])
def test_a_day_is_moved_over_three_weeks_of_closed_days_and_no_further(closed: int, is_near: bool, step: int) -> None:
    tuesday = date(2026, 11, 3)
    flood = [tuesday + timedelta(days=number * step) for number in range(closed)]
    calendar = Calendar(ZoneInfo("America/New_York"), dict.fromkeys(flood, "Flood"))
    after_it = tuesday + timedelta(days=closed * step)
    assert calendar.is_open(after_it)
    assert calendar.working_day(tuesday, step) == (after_it if is_near else None)
    assert calendar.open_day(tuesday, step) == (after_it if is_near else tuesday)
