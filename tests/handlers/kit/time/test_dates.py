"""Dates: days as people type them."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.time.dates import PastDay, read_date

WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", WEDNESDAY),
        ("Tomorrow", date(2026, 11, 26)),
        ("friday", date(2026, 11, 27)),
        ("fri", date(2026, 11, 27)),
        ("next friday", date(2026, 11, 27)),
        ("on monday", date(2026, 11, 30)),
        ("tues", date(2026, 12, 1)),
        ("in 3 days", date(2026, 11, 28)),
        ("in 1 day", date(2026, 11, 26)),
        ("in 2 weeks", date(2026, 12, 9)),
        ("in two weeks", date(2026, 12, 9)),
        ("in 2 months", date(2027, 1, 25)),
        ("in a month", date(2026, 12, 25)),
        ("in 3 years", date(2029, 11, 25)),
        ("in a year", date(2027, 11, 25)),
        ("this friday", date(2026, 11, 27)),
        ("by next friday", date(2026, 11, 27)),
        ("2026-12-01", date(2026, 12, 1)),
        ("2026\u201312\u201301", date(2026, 12, 1)),
        ("2026\u201012\u221201", date(2026, 12, 1)),
        (" 2028-02-29 ", date(2028, 2, 29)),
        ("1 Dec", date(2026, 12, 1)),
        ("Tue Dec 1", date(2026, 12, 1)),
        ("Tue 1 Dec 2026", date(2026, 12, 1)),
        ("Tuesday, Dec 1, 2026", date(2026, 12, 1)),
        ("1dec", date(2026, 12, 1)),
        ("Dec 1", date(2026, 12, 1)),
        ("Dec. 1", date(2026, 12, 1)),
        ("December 1st", date(2026, 12, 1)),
        ("on the 2nd of December", date(2026, 12, 2)),
        ("1 December 2026", date(2026, 12, 1)),
        ("December 3rd, 2027", date(2027, 12, 3)),
        ("1 Sept 2027", date(2027, 9, 1)),
        ("25 November", WEDNESDAY),
        ("5 Jan", date(2027, 1, 5)),
        ("26 August", date(2027, 8, 26)),
        ("24 November 2026", date(2026, 11, 24)),
        ("29 Feb", date(2028, 2, 29)),
        ("12/25", date(2026, 12, 25)),
        ("25.12.2026", date(2026, 12, 25)),
        ("12/12", date(2026, 12, 12)),
    ],
)
def test_a_day_is_read_as_people_mean_it(text: str, day: date) -> None:
    assert read_date(text, WEDNESDAY) == day


def test_a_weekday_is_the_next_one_and_never_today() -> None:
    assert read_date("wednesday", WEDNESDAY) == WEDNESDAY + timedelta(days=7)


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        (date(2026, 1, 31), "in 1 month", date(2026, 2, 28)),
        (date(2027, 12, 31), "in 2 months", date(2028, 2, 29)),
        (date(2028, 2, 29), "in 1 year", date(2029, 2, 28)),
        (date(2026, 12, 15), "in 1 month", date(2027, 1, 15)),
    ],
)
def test_a_month_that_is_too_short_has_its_last_day(today: date, text: str, day: date) -> None:
    assert read_date(text, today) == day


FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("today", "begins", "text", "day"),
    [
        (WEDNESDAY, WEDNESDAY, "friday", FRIDAY),
        (FRIDAY, FRIDAY, "friday", FRIDAY),
        (WEDNESDAY, FRIDAY, "wednesday", date(2026, 12, 2)),
        (WEDNESDAY, date(2026, 12, 7), "wed", date(2026, 12, 9)),
        (WEDNESDAY, date(2026, 11, 16), "friday", FRIDAY),
        (WEDNESDAY, FRIDAY, "Dec 4", date(2026, 12, 4)),
    ],
)
def test_a_weekday_at_the_end_of_a_range_is_counted_from_where_it_begins(
    today: date, begins: date, text: str, day: date
) -> None:
    assert read_date(text, today, begins) == day


@pytest.mark.parametrize("text", ["", "t", "th", "someday", "2026-02-29", "2026-13-01", "in many days", "31 Nov",
                                  "in 9999 years",
                                  "29 Feb 2027", "1 Dez", "1 Ma", "32/13", "1 Dec 26", "Dec 2026", "1 Dec 0000",
                                  "\u0661 Dec"])  # fmt: skip
def test_what_is_no_day_is_answered_with_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match='Write a day as 2026-12-01, "Dec 1", "tomorrow"') as wrong:
        read_date(text, WEDNESDAY)
    assert str(wrong.value).startswith(f'"{text}" is not a day I can read.')


@pytest.mark.parametrize(
    ("text", "meant"),
    [("12/1", "Dec 1 or Jan 12"), ("01/12/2026", "Jan 12 or Dec 1"), ("1.12", "Jan 12 or Dec 1")],
)
def test_figures_that_could_be_two_days_are_asked_about(text: str, meant: str) -> None:
    with pytest.raises(ValueError, match="Write the month by its name, such as Dec 1") as wrong:
        read_date(text, WEDNESDAY)
    assert str(wrong.value).startswith(f'"{text}" could be {meant}')


@pytest.mark.parametrize(
    ("text", "today", "answer"),
    [
        ("25 nov", date(2026, 11, 28), "2026-11-25 is in the past. Write 2027-11-25 if you mean next year."),
        ("11/25", date(2026, 11, 28), "2026-11-25 is in the past. Write 2027-11-25 if you mean next year."),
        ("24 November", WEDNESDAY, "2026-11-24 is in the past. Write 2027-11-24 if you mean next year."),
        ("27 August", WEDNESDAY, "2026-08-27 is in the past. Write 2027-08-27 if you mean next year."),
        ("20 dec", date(2027, 1, 5), "2026-12-20 is in the past. Write 2027-12-20 if you mean this year."),
        ("29 Feb", date(2028, 3, 5), "2028-02-29 is in the past. Write 2032-02-29 if you mean 2032."),
    ],
)
def test_a_day_without_a_year_that_has_just_passed_is_asked_about(text: str, today: date, answer: str) -> None:
    with pytest.raises(PastDay) as wrong:
        read_date(text, today)
    assert str(wrong.value) == answer


@given(st.dates(max_value=date(9990, 1, 1)), st.dates(date(2027, 1, 1), date(2028, 12, 31)))
def test_a_day_without_a_year_is_the_next_such_day(today: date, day: date) -> None:
    try:
        found = read_date(f"{day.day} {day.strftime('%B')}", today)
    except PastDay:
        lately = [today - timedelta(days=number) for number in range(1, 91) if number < today.toordinal()]
        assert (day.month, day.day) in {(past.month, past.day) for past in lately}
        return
    assert (found.month, found.day) == (day.month, day.day)
    assert 0 <= (found - today).days <= 8 * 366
    assert read_date(f"{day.strftime('%b')} {day.day}, {found.year:04}", today) == found


@given(st.dates(), st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
def test_a_weekday_is_one_to_seven_days_ahead(today: date, name: str) -> None:
    if today > date.max - timedelta(days=7):
        return
    day = read_date(name, today)
    assert 1 <= (day - today).days <= 7
    assert day.strftime("%a").lower() == name


@given(st.text(st.integers(0, 0x10FFFF).map(chr)))
def test_no_text_breaks_the_reader(text: str) -> None:
    told = ""
    try:
        told = read_date(text, WEDNESDAY).isoformat()
    except ValueError as problem:
        told = str(problem)
    assert re.search(r"^\d{4}-\d\d-\d\d$|is not a day I can read|could be|is in the past", told)


def test_a_day_beside_another_day_of_the_week_is_asked_about() -> None:
    with pytest.raises(ValueError, match="2026-12-01 is a Tuesday"):
        read_date("Mon Dec 1", WEDNESDAY)
