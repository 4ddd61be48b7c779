"""Seats: who is asked for a seat, its holder or the person who stands in."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.city.standup import StandupFacts, Team
from handlers.kit.duty import AWAY, Duties, Known, Sitting
from handlers.kit.seats import each_department, each_team_member, holders, spoken_seat
from storage.time.absences import Absence
from tests.chat.bot import RIVERTON

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def city() -> City:
    team = Team(id="streets", name="Street crew", place="public-works", members=("sam", "olga"))
    return replace(read_city(RIVERTON), standup=StandupFacts(team=(team,)))


def away(**deputies: str | None) -> Known:
    """These people are away, each with the deputy named for it."""
    return Known({person: Absence(1, person, DAY, DAY, deputy) for person, deputy in deputies.items()})


def test_a_role_is_the_first_who_holds_it_and_is_there(city: City) -> None:
    assert Duties(city, DAY).seat("city_manager") == Sitting("maria")
    assert Duties(city, DAY, away(tom="sam")).seat("crisis_team") == Sitting("hugo")


def test_the_named_deputy_is_asked_and_so_is_the_deputys_deputy(city: City) -> None:
    assert Duties(city, DAY, away(maria="olga")).seat("city_manager") == Sitting("olga", "maria", AWAY)
    assert Duties(city, DAY, away(maria="olga", olga="sam")).seat("city_manager") == Sitting("sam", "maria", AWAY)


def test_the_deputy_of_the_citys_file_stands_in_where_none_was_named(city: City) -> None:
    olga = city.people["olga"].model_copy(update={"deputy": "sam"})
    with_deputy = replace(city, people={**city.people, "olga": olga})
    sits = Duties(with_deputy, DAY, away(olga=None)).seat("department:public-works")
    assert sits == Sitting("sam", "olga", AWAY)


@pytest.mark.parametrize("absent", [{"priya": None}, {"priya": "olga", "olga": "priya"}])
def test_where_no_deputy_stands_in_the_city_manager_does(city: City, absent: dict[str, str | None]) -> None:
    assert Duties(city, DAY, away(**absent)).seat("department:parks") == Sitting("maria", "priya", AWAY)


def test_a_member_of_a_team_is_not_replaced_but_skipped(city: City) -> None:
    assert each_team_member(city, DAY) == ["member:streets/sam", "member:streets/olga"]
    assert Duties(city, DAY).seat("member:streets/sam") == Sitting("sam")
    gone = Duties(city, DAY, away(sam="olga")).seat("member:streets/sam")
    assert (gone.person, gone.skipped) == ("sam", "Sam Rivers is away until Mon Nov 23")
    off = Duties(city, DAY, Known(off={"sam"})).seat("member:streets/sam")
    assert off.skipped == "Sam Rivers has no active account"


def test_seats_are_spoken_as_people_say_them(city: City) -> None:
    spoken = [spoken_seat(city, seat) for seat in ("city_manager", "department:water", "member:streets/sam")]
    assert spoken == ["city manager", "Water and Sewer", "Sam Rivers (Street crew)"]


def test_a_seat_of_whom_the_city_knows_nothing_is_spoken_as_it_is_written(city: City) -> None:
    seats = ("department:zoo", "member:streets/kim", "member:zoo/sam", "member:zoo/kim")
    assert [spoken_seat(city, seat) for seat in seats] == ["zoo", "kim (Street crew)", "Sam Rivers", "kim"]


def test_a_seat_has_its_holders_whether_they_are_there_or_not(city: City) -> None:
    assert holders(city, "department:water") == ["hugo"]
    assert holders(city, "department:zoo") == []
    assert holders(city, "crisis_team")[:2] == ["tom", "hugo"]
    assert each_department(city, DAY)[:1] == [f"department:{next(iter(city.departments))}"]


@pytest.mark.parametrize("seat", ["everybody", "nobody"])
def test_where_everybody_or_nobody_is_addressed_nobody_sits(city: City, seat: str) -> None:
    assert Duties(city, DAY).seat(seat) == Sitting(None)


def test_a_department_that_is_gone_is_answered_for_by_the_city_manager(city: City) -> None:
    assert Duties(city, DAY).seat("department:zoo") == Sitting("maria")
