"""Seats: the holder sits there, a deputy while the holder is away."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.kit.city import City, read_city
from handlers.kit.facts import StandupFacts, Team
from handlers.kit.seats import Away, Sitting, each_team_member, nobody_is_away, sitting, spoken_seat
from storage.absences import Absence
from tests.chat.bot import RIVERTON

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def city() -> City:
    team = Team(id="streets", name="Street crew", place="public-works", members=("sam", "olga"))
    return replace(read_city(RIVERTON), standup=StandupFacts(team=(team,)))


def away(**deputies: str | None) -> Away:
    """These people are away, each with the deputy named for it."""

    def on(person: str, day: date) -> Absence | None:
        return Absence(1, person, DAY, DAY, deputies[person]) if person in deputies and day == DAY else None

    return on


def test_a_role_is_the_first_who_holds_it_and_is_there(city: City) -> None:
    assert sitting(city, "city_manager", DAY, nobody_is_away) == Sitting("maria")
    assert sitting(city, "crisis_team", DAY, away(tom="sam")) == Sitting("hugo")


def test_the_named_deputy_is_asked_and_so_is_the_deputys_deputy(city: City) -> None:
    assert sitting(city, "city_manager", DAY, away(maria="olga")) == Sitting("olga", "maria")
    assert sitting(city, "city_manager", DAY, away(maria="olga", olga="sam")) == Sitting("sam", "maria")


def test_the_deputy_of_the_citys_file_stands_in_where_none_was_named(city: City) -> None:
    olga = city.people["olga"].model_copy(update={"deputy": "sam"})
    with_deputy = replace(city, people={**city.people, "olga": olga})
    assert sitting(with_deputy, "department:public-works", DAY, away(olga=None)) == Sitting("sam", "olga")


@pytest.mark.parametrize("absent", [{"priya": None}, {"priya": "olga", "olga": "priya"}])
def test_where_nobody_stands_in_it_waits_for_the_holder(city: City, absent: dict[str, str | None]) -> None:
    assert sitting(city, "department:parks", DAY, away(**absent)) == Sitting("priya")


def test_a_member_of_a_team_is_not_replaced_but_skipped(city: City) -> None:
    assert each_team_member(city, DAY) == ["member:streets/sam", "member:streets/olga"]
    assert sitting(city, "member:streets/sam", DAY, nobody_is_away) == Sitting("sam")
    gone = sitting(city, "member:streets/sam", DAY, away(sam="olga"))
    assert (gone.person, gone.skipped) == ("sam", "Sam Rivers is away until Mon 23 Nov")


def test_seats_are_spoken_as_people_say_them(city: City) -> None:
    spoken = [spoken_seat(city, seat) for seat in ("city_manager", "department:water", "member:streets/sam")]
    assert spoken == ["city manager", "Water and Sewer", "Sam Rivers (Street crew)"]
