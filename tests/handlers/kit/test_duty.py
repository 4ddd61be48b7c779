"""Duty: for a holder who cannot be asked, somebody who can be is asked, always in the same order."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.duty import AWAY, LEFT, OFF, UNREACHABLE, Asked, Duties, Known
from handlers.kit.roster import Roster
from handlers.kit.seats import holders
from storage.chat.people import Met
from storage.database import Database, Store
from storage.time.absences import Absence
from tests.chat.bot import RIVERTON
from tests.sqlite import migrated, unhurried

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
CITY = read_city(RIVERTON)
PEOPLE = st.sampled_from(sorted(CITY.people))


def away(*persons: str) -> dict[str, Absence]:
    return {person: Absence(1, person, DAY, DAY, None) for person in persons}


def without(*persons: str) -> City:
    """Riverton, without people who have left."""
    people = {name: person for name, person in CITY.people.items() if name not in persons}
    return replace(CITY, people=people)


CANNOT = {
    LEFT: (without("sam"), Known()),
    OFF: (CITY, Known(off={"sam"})),
    UNREACHABLE: (CITY, Known(unreachable={"sam"})),
    AWAY: (CITY, Known(away("sam"))),
}


@pytest.mark.parametrize("why", CANNOT)
def test_the_head_of_the_department_is_asked_for_an_owner_who_cannot_be(why: str) -> None:
    city, known = CANNOT[why]
    assert Duties(city, DAY, known).of("sam", department="public-works") == Asked("olga", "sam", why)


def test_the_deputy_of_the_absence_comes_before_the_one_of_the_file_and_gone_deputies_are_passed_over() -> None:
    hugo = {"hugo": Absence(1, "hugo", DAY, DAY, "ben")}
    assert Duties(CITY, DAY, Known(hugo)).head("water").person == "ben"
    assert Duties(CITY, DAY, Known(hugo, off={"ben"})).head("water").person == "rosa"
    assert Duties(without("ben"), DAY, Known(hugo)).head("water").person == "rosa"
    assert Duties(CITY, DAY, Known(hugo, off={"ben"}, unreachable={"rosa"})).head("water").person == "maria"


def test_a_circle_of_deputies_ends_with_the_city_manager_and_without_one_an_admin_is_asked() -> None:
    circle = {
        "hugo": Absence(1, "hugo", DAY, DAY, "rosa"),
        "rosa": Absence(2, "rosa", DAY, DAY, "hugo"),
    }
    assert Duties(CITY, DAY, Known(circle)).head("water") == Asked("maria", "hugo", AWAY)
    assert Duties(CITY, DAY, Known(circle, off={"maria", "olga"})).head("water") == Asked("ines", "hugo", AWAY)


def test_what_nobody_holds_is_for_the_head_and_without_a_department_for_the_city_manager() -> None:
    assert Duties(CITY, DAY).of(None, department="parks") == Asked("priya")
    assert Duties(CITY, DAY).of(None) == Asked("maria")
    assert Duties(CITY, DAY).head("dropped") == Asked("maria")


def test_a_colleague_in_no_file_is_asked_while_the_city_admits_them_and_their_account_is_active() -> None:
    known = Known(is_colleague={"slack-kim"}.__contains__)
    assert Duties(CITY, DAY, known).of("slack-kim") == Asked("slack-kim")
    assert Duties(CITY, DAY, known).of("slack-lee") == Asked("maria", "slack-lee", LEFT)
    closed = replace(CITY, facts=CITY.facts.model_copy(update={"unknown_people": "refuse"}))
    assert Duties(closed, DAY, known).of("slack-kim") == Asked("maria", "slack-kim", LEFT)


@pytest.mark.parametrize("why", [OFF, UNREACHABLE, AWAY])
def test_every_seat_has_somebody_who_can_be_asked_while_its_holder_cannot(why: str) -> None:
    for seat in (
        "city_manager",
        "crisis_team",
        "admin",
        *(f"department:{department}" for department in CITY.departments),
    ):
        holder = holders(CITY, seat)[0]
        known = {OFF: Known(off={holder}), UNREACHABLE: Known(unreachable={holder}), AWAY: Known(away(holder))}[why]
        sits = Duties(CITY, DAY, known).seat(seat)
        assert sits.person not in (None, holder), seat
        assert sits.instead_of in (None, holder)


@settings(max_examples=40)
@given(
    holder=st.none() | PEOPLE | st.just("gone"),
    department=st.none() | st.sampled_from(sorted(CITY.departments)),
    off=st.sets(PEOPLE),
    unreachable=st.sets(PEOPLE),
    absent=st.dictionaries(PEOPLE, st.none() | PEOPLE),
)
def test_while_anybody_above_can_be_asked_nobody_who_cannot_is(
    holder: str | None, department: str | None, off: set[str], unreachable: set[str], absent: dict[str, str | None]
) -> None:
    absences = {person: Absence(1, person, DAY, DAY, deputy) for person, deputy in absent.items()}
    duties = Duties(CITY, DAY, Known(absences, off, unreachable))
    asked = duties.of(holder, department=department)
    above = [person.id for role in ("city_manager", "admin") for person in CITY.with_role(role)]
    if any(duties.why_not(person) is None for person in above):
        assert duties.why_not(asked.person) is None
    if any(duties.why_not(person) in (None, AWAY) for person in above):
        assert duties.why_not(asked.person) in (None, AWAY)
    assert asked.person in CITY.people
    if holder and duties.why_not(holder) is None:
        assert asked == Asked(holder)
    line = list(duties.line([holder] if holder else [], department=department))
    assert len(line) == len(set(line))


def test_without_a_department_the_head_of_their_own_is_asked_and_of_several_of_the_first_who_is_known() -> None:
    assert Duties(CITY, DAY, Known(away("sam"))).of("sam") == Asked("olga", "sam", AWAY)
    assert Duties(CITY, DAY, Known(away("sam"))).of("sam", department="parks") == Asked("priya", "sam", AWAY)
    assert next(Duties(CITY, DAY, Known(away("ben", "sam"))).line(["gone", "ben", "sam"])) == "priya"


def test_the_line_goes_from_deputies_over_those_named_to_the_head_the_manager_and_an_admin() -> None:
    line = list(Duties(CITY, DAY).line(["hugo"], then=["tom", "hugo"], department="communications"))
    assert line == ["hugo", "rosa", "tom", "felix", "owen", "maria", "olga", "ines", "piotr"]
    away_last = list(Duties(CITY, DAY, Known(away("hugo", "tom"), off={"rosa"}, unreachable={"maria"})).line(["hugo"]))
    assert away_last == ["olga", "ines", "piotr", "hugo"]


def test_deputies_are_those_of_the_absence_and_of_the_file_and_theirs_in_turn() -> None:
    absences = {
        "maria": Absence(1, "maria", DAY, DAY, "ines"),
        "piotr": Absence(2, "piotr", DAY, DAY, "maria"),
    }
    assert Duties(CITY, DAY, Known(absences)).deputies("maria") == ["ines", "piotr", "olga"]
    assert Duties(CITY, DAY).deputies("sam") == []


def test_where_nobody_can_be_asked_it_is_somebody_away_or_else_whom_it_makes_most_sense_to_ask() -> None:
    everybody = set(CITY.people)
    all_but_ines = Known(away("ines"), off=everybody - {"ines"})
    assert Duties(CITY, DAY, all_but_ines).of("sam") == Asked("ines", "sam", OFF)
    one_unreachable = Known(off=everybody - {"ines"}, unreachable={"ines"})
    assert Duties(CITY, DAY, one_unreachable).of("sam") == Asked("ines", "sam", OFF)
    assert Duties(without("sam"), DAY, Known(off=everybody)).of("sam") == Asked("maria", "sam", LEFT)


def test_each_is_asked_once_and_to_those_who_are_gone_nothing_is_written() -> None:
    duties = Duties(without("ben"), DAY, Known(away("sam"), off={"rosa"}, unreachable={"yuki"}))
    assert duties.each(["sam", "olga", "sam", "tom"]) == ["olga", "tom"]
    assert duties.not_gone(["sam", "ben", "rosa", "yuki", "sam"]) == ["sam", "yuki"]
    said = [duties.reason(person) for person in ("ben", "rosa", "yuki", "sam", "tom")]
    assert said == ["has left", "has no active account", "cannot be reached", "is away until Mon Nov 23", "is asked"]

    longer = {"sam": Absence(1, "sam", DAY, date(2027, 11, 25), None)}
    assert Duties(CITY, DAY, Known(longer)).reason("sam") == "is away until Thu Nov 25, 2027"


QUESTIONS = 11  # absences, accounts switched off and closed, refusals, merged records, accounts of each platform, the
# first two people who were met, and then all


@pytest.mark.parametrize("count", [5, 500])
def test_the_database_is_asked_as_often_for_500_people_as_for_5(count: int, tmp_path: Path) -> None:
    database = unhurried(Database(f"sqlite:///{migrated(tmp_path / 'cityops.db')}"))
    people = [f"slack-p{number}" for number in range(count)]
    database.write(lambda store: _met_refused_and_away(store, people))
    asked: list[str] = []

    def resolve(store: Store) -> None:
        driver: Any = store.connection.connection.driver_connection
        driver.set_trace_callback(asked.append)
        duties = Roster(store, CITY, ("slack", "teams")).on(DAY)
        found = {duties.of(person, department="parks").person for person in (*people, *CITY.people)}
        assert found == set(CITY.people)
        driver.set_trace_callback(None)

    database.read(resolve)
    database.close()
    assert len(asked) == QUESTIONS, asked


def _met_refused_and_away(store: Store, people: list[str]) -> None:
    for person in people:
        store.chat.people.meet(Met(person, person, None), "slack", f"U{person}", NOW)
        store.chat.people.not_reached("slack", person, "no such user", NOW)
        store.time.absences.add(person, DAY, DAY, None, by=person, at=NOW)
