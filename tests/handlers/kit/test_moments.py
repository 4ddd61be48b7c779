"""Moments: which words people write for a time to come are understood, and which are not."""

from datetime import UTC, datetime

import pytest

from handlers.kit.city.reading import read_city
from handlers.kit.context import Context
from handlers.kit.errors import FieldErrors
from handlers.kit.moments import HINT, SOON, beside_choices, check_begun, read_moment
from tests.chat.bot import MONDAY, RIVERTON

CITY = read_city(RIVERTON)


def read(text: str, now: datetime = MONDAY) -> str:
    """What is understood, as the city's clock shows it; it is Monday 23 November, 09:00."""
    context = Context(store=None, city=CITY, now=now, platforms=())  # type: ignore[arg-type]  # nothing is asked of it
    return f"{CITY.calendar.local(read_moment(context, 'next', text)):%a %d %b %Y %H:%M}"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("14:00", "Mon 23 Nov 2026 14:00"),
        ("at 14.30", "Mon 23 Nov 2026 14:30"),
        ("2 pm", "Mon 23 Nov 2026 14:00"),
        ("2:15 p.m.", "Mon 23 Nov 2026 14:15"),
        ("noon", "Mon 23 Nov 2026 12:00"),
        ("8:00", "Tue 24 Nov 2026 08:00"),
        ("12 am", "Tue 24 Nov 2026 00:00"),
        ("In 4 hours", "Mon 23 Nov 2026 13:00"),
        ("in 90 min", "Mon 23 Nov 2026 10:30"),
        ("in half an hour", "Mon 23 Nov 2026 09:30"),
        ("2 days", "Wed 25 Nov 2026 09:00"),
        ("tomorrow 9:00", "Tue 24 Nov 2026 09:00"),
        ("friday, at 8am", "Fri 27 Nov 2026 08:00"),
        ("9:00 on tuesday", "Tue 24 Nov 2026 09:00"),
        ("2026-12-01 14:30", "Tue 01 Dec 2026 14:30"),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, meant: str) -> None:
    assert read(text) == meant


@pytest.mark.parametrize(
    "text", ["14", "soon", "25:00", "13 pm", "tomorrow", "friday 9", "in 4 years", "nonesuch 9:00"]
)
def test_what_is_no_time_is_said_with_how_to_write_one(text: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        read(text)
    assert "Write it like 14:00" in refused.value.by_field["next"]


def test_what_is_over_is_refused() -> None:
    with pytest.raises(FieldErrors) as refused:
        read("today 8:00")
    assert "Mon Nov 23, 8:00 AM has passed. Write a later time." in refused.value.by_field["next"]


@pytest.mark.parametrize("text", ["9999-12-31 23:59", "2028-12-01 9:00", "in 999 days"])
def test_what_is_more_than_a_year_ahead_is_refused(text: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        read(text)
    assert "more than a year" in refused.value.by_field["next"]


def test_a_day_without_a_year_that_has_just_passed_is_asked_about() -> None:
    with pytest.raises(FieldErrors) as refused:
        read("20 nov 9:00")
    assert refused.value.by_field["next"] == "2026-11-20 is in the past. Write 2027-11-20 if you mean next year."


def since(text: str) -> None:
    context = Context(store=None, city=CITY, now=MONDAY, platforms=())  # type: ignore[arg-type]  # nothing is asked of it
    check_begun(context, "since", text)


@pytest.mark.parametrize(
    "text",
    ["14:00", "since 14:00", "2 pm today", "today at 14:30", "tomorrow", "tomorrow 8:00", "in 2 hours", "2026-12-01"],
)
def test_a_since_that_is_still_to_come_is_asked_back(text: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        since(text)
    assert f'"{text}" is still to come. Write when it began' in refused.value.by_field["since"]


@pytest.mark.parametrize(
    "text",
    [
        "08:40",
        "08:40 today",
        "today",
        "2 hours",
        "friday",
        "friday 14:00",
        "the storm",
        "yesterday 22:00",
        "2026-11-20",
        "20 nov",
        "20 nov 14:00",
    ],
)
def test_a_since_that_has_begun_or_is_no_time_is_taken_as_it_stands(text: str) -> None:
    since(text)


def test_a_time_that_the_clocks_leave_out_is_the_hour_after() -> None:
    assert read("2:30", datetime(2027, 3, 14, 5, 0, tzinfo=UTC)) == "Sun 14 Mar 2027 03:30"


def test_a_time_from_a_picker_is_read_to_the_minute() -> None:
    assert read("2026-11-23T19:00Z") == read("14:00")
    with pytest.raises(FieldErrors, match="cannot read"):
        read("2026-13-45T19:00Z")


def test_every_time_that_is_suggested_can_be_read() -> None:
    assert [read(words) for words, _ in SOON] == sorted(read(words) for words, _ in SOON)


@pytest.mark.parametrize(
    ("hint", "left"),
    [
        (HINT, ""),
        (f"{HINT}. The last one may be left open.", "The last one may be left open."),
        ("friday, in 2 weeks or 2026-12-01", ""),
        ("friday or 2026-12-01; then I ask again", "Then I ask again"),
        ("Left empty: as its level demands", "Left empty: as its level demands"),
    ],
)
def test_beside_a_picker_a_hint_does_not_say_how_a_time_is_written(hint: str, left: str) -> None:
    assert beside_choices(hint) == left
