"""Planning: many seats in portions, and a seat that cannot be planned alone is set aside."""

from dataclasses import replace
from datetime import date, time

import pytest

from handlers.kit.city.model import City
from scheduler import planning
from tests.bound import bound
from tests.firing import plan
from tests.scheduler.told import TEA, Bot, at, changed

SEATS = "SELECT DISTINCT seat FROM occurrences ORDER BY seat"
UNWRITABLE = "crew\ud800"  # no database takes half of a character


def with_seats(bot: Bot, *seats: str) -> None:
    def to(_city: City, _day: date) -> list[str]:
        return list(seats)

    bot.catalogue.routines["tea"] = replace(TEA, to=to)


def test_a_seat_that_cannot_be_planned_is_set_aside_alone_until_it_can(bot: Bot) -> None:
    with_seats(bot, "admin", UNWRITABLE, "city_manager")
    bot.plan(at("06:00"))
    assert bot.rows(SEATS) == [("admin",), ("city_manager",)]
    [fault] = bot.database.read(lambda store: store.faults.all())
    assert (fault.part, fault.about) == ("planning of routine tea", "crew?")
    with_seats(bot, "admin", "city_manager")
    bot.plan(at("06:30"))
    assert bot.database.read(lambda store: store.faults.all()) == []


def test_many_seats_are_planned_moved_and_dropped_in_portions(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "AT_ONCE", 7)
    seats = [f"department:d{number:02}" for number in range(20)]
    with_seats(bot, *seats)
    bot.plan(at("06:00"))
    assert bot.rows(SEATS) == [(seat,) for seat in seats]
    found = bot.database.read(planning.Planning(bot.ledger, bot.city, at("06:30")).changes)
    assert len(found) == 2, "what stays as it is is not written again"
    bot.city = changed(bot.city, at=time(8))
    bot.plan(at("06:30"))
    assert bot.rows("SELECT DISTINCT substr(due_at, 12, 5) FROM occurrences") == [("13:00",)]
    with_seats(bot, *seats[:3])
    bot.plan(at("06:40"))
    assert bot.rows(SEATS) == [(seat,) for seat in seats[:3]]


def test_two_bots_that_plan_at_once_plan_each_occurrence_once(bot: Bot) -> None:
    with_seats(bot, "admin", "city_manager")
    first, second = (planning.Planning(bot.ledger, bot.city, at("06:00")) for _ in range(2))
    changes = [*bot.database.read(first.changes), *bot.database.read(second.changes)]
    for change in changes:
        bot.database.write(change)
    plan(bot.database, bot.ledger, bot.city, at("06:00"))
    rows = bot.rows("SELECT day, seat FROM occurrences")
    assert len(rows) == len(set(rows))


def test_an_occurrence_that_is_dropped_takes_with_it_what_is_written_of_it(bot: Bot) -> None:
    with_seats(bot, "admin")
    bot.plan(at("06:00"))
    numbers = [number for (number,) in bot.rows("SELECT id FROM occurrences")]
    for number in numbers:
        bot.database.write(bound(lambda store, number: store.time.pieces.add(number, "sam"), number))
    with_seats(bot, "city_manager")
    bot.plan(at("06:30"))
    assert bot.rows("SELECT * FROM pieces") == []
