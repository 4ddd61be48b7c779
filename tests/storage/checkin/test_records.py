"""Check-ins: what was asked and answered, week by week, and numbers that stay exactly what they were."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from storage.checkin.records import Checkin
from storage.database import Database

NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
THURSDAY, WEEK = date(2026, 11, 19), timedelta(days=7)


def begin(database: Database, department: str = "water", day: date = THURSDAY, asked: str = "hugo") -> Checkin:
    closes_at = NOW + timedelta(days=1)
    return database.write(
        lambda store: store.checkin.records.begin(department, day, asked=asked, at=NOW, closes_at=closes_at)
    )


def answer(database: Database, checkin: Checkin, **given: Any) -> Checkin:
    values = {"health": 4, "risk": None, "help": None, "readings": {}, "by": "hugo", "at": NOW, **given}
    return database.write(lambda store: store.checkin.records.answer(checkin, **values))


def found(database: Database, checkin: Checkin) -> Checkin | None:
    return database.read(lambda store: store.checkin.records.find(checkin.department, checkin.day))


def test_what_was_asked_and_answered_comes_back_as_it_was(database: Database) -> None:
    asked = begin(database)
    assert found(database, asked) == asked
    answered = answer(database, asked, risk="The pump may fail", help="A second pump")
    assert found(database, asked) == answered
    assert (answered.version, answered.late, answered.needs_help) == (1, False, True)


def test_asking_again_changes_only_who_is_asked(database: Database) -> None:
    answered = answer(database, begin(database))
    again = begin(database, asked="rosa")
    assert again == found(database, answered)
    assert (again.asked, again.health, again.version) == ("rosa", 4, 1)


@pytest.mark.parametrize("value", ["999999999999.999", "-999999999999.999", "0.001", "0.1", "1250", "123456789.123"])
def test_a_number_stays_exact(database: Database, value: str) -> None:
    answer(database, begin(database), readings={"calls": Decimal(value)})
    kept = database.read(lambda store: store.checkin.records.readings(THURSDAY))
    assert kept == {"water": {"calls": Decimal(value)}}


def test_a_changed_answer_takes_the_place_of_its_own_numbers_only(database: Database) -> None:
    first = answer(database, begin(database), readings={"calls": Decimal(1), "breaks": Decimal(2)})
    answer(database, begin(database, "parks"), readings={"calls": Decimal(9)})
    answer(database, first, readings={"calls": Decimal(3)})
    kept = database.read(lambda store: store.checkin.records.readings(THURSDAY))
    assert kept == {"water": {"calls": 3, "breaks": 2}, "parks": {"calls": 9}}


def test_the_first_answer_decides_whether_it_was_late(database: Database) -> None:
    in_time, late = begin(database), begin(database, "parks")
    after = NOW + timedelta(days=2)
    changed = answer(database, answer(database, in_time), at=after)
    assert (changed.late, changed.answered_at) == (False, after)
    assert answer(database, late, at=after).late


def test_what_was_made_of_an_answer_stays_until_the_words_change(database: Database) -> None:
    first = answer(database, begin(database), risk="Frost", help="A pump")
    made = database.write(
        lambda store: store.checkin.records.change(first, risk_ref="R-1", help_taken_by="maria", help_taken_at=NOW)
    )
    same = answer(database, made, risk="Frost", help="A pump")
    assert (same.risk_ref, same.help_taken_by) == ("R-1", "maria")
    other = answer(database, same, risk="Flood", help="Two pumps")
    assert (other.risk_ref, other.help_taken_by, other.help_taken_at) == (None, None, None)


def test_the_days_and_the_answer_before_are_found(database: Database) -> None:
    days = [THURSDAY + WEEK * number for number in range(3)]
    first, *_ = [begin(database, day=day) for day in days]
    answered = answer(database, first)
    ask = database.read
    assert ask(lambda store: store.checkin.records.newest_day()) == days[2]
    assert ask(lambda store: store.checkin.records.day_before(days[2])) == days[1]
    assert ask(lambda store: store.checkin.records.day_before(days[0])) is None
    assert ask(lambda store: store.checkin.records.answered_before("water", days[2])) == answered
    assert ask(lambda store: store.checkin.records.answered_before("water", days[0])) is None
    newest = ask(lambda store: store.checkin.records.newest("water"))
    assert newest
    assert newest.day == days[2]
    assert ask(lambda store: store.checkin.records.newest("parks")) is None


def test_help_is_open_until_it_is_taken_or_a_newer_answer_comes(database: Database) -> None:
    water = answer(database, begin(database), help="A pump")
    parks = answer(database, begin(database, "parks"), help="Two rangers")
    answer(database, begin(database, "police"))

    def wanted() -> list[str | None]:
        return [record.help for record in database.read(lambda store: store.checkin.records.open_help())]

    assert wanted() == ["Two rangers", "A pump"]
    database.write(lambda store: store.checkin.records.change(parks, help_taken_by="maria", help_taken_at=NOW))
    assert wanted() == ["A pump"]
    newer = begin(database, day=water.day + WEEK)
    assert wanted() == ["A pump"]
    answer(database, newer)
    assert wanted() == []
