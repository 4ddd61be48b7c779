"""Occurrences: one sending for each routine, date and seat."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.time.occurrences import Occurrence, Planned, occurrences
from tests.bound import bound

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
BESIDE = [("before", "admin"), ("digest", "admin"), ("check", "a-seat"), ("check", "sam")]  # routines and seats


def plan(
    database: Database,
    day: date = MONDAY,
    due: datetime = NOW,
    skip: str | None = None,
    seat: str = "admin",
    routine: str = "check",
) -> None:
    database.write(lambda store: store.time.occurrences.plan(routine, day, seat, due, skip))


def known(database: Database, day: date = MONDAY) -> dict[tuple[date, str], Planned]:
    return database.read(lambda store: store.time.occurrences.from_day("check", day))


def replan(database: Database, due: datetime = NOW, skip: str | None = None) -> None:
    [planned] = known(database).values()
    database.write(lambda store: store.time.occurrences.replan(planned, due, skip))


def due(database: Database, now: datetime = NOW) -> list[Occurrence]:
    return database.read(lambda store: store.time.occurrences.due(now, 50))


def states(database: Database) -> list[tuple[date, str, str | None]]:
    question = select(occurrences.c.day, occurrences.c.state, occurrences.c.reason).order_by(occurrences.c.id)
    return [tuple(row) for row in database.read(lambda store: store.connection.execute(question).all())]


def test_what_is_planned_is_due_at_its_time_and_known_by_day_and_seat(database: Database) -> None:
    plan(database)
    assert due(database) == [Occurrence(due(database)[0].id, "check", MONDAY, "admin", NOW)]
    assert due(database, NOW - timedelta(seconds=1)) == []
    assert list(known(database)) == [(MONDAY, "admin")]
    assert known(database, MONDAY + timedelta(days=1)) == {}


def test_a_skipped_day_says_why_and_is_never_due(database: Database) -> None:
    plan(database, skip="Thanksgiving")
    assert states(database) == [(MONDAY, "skipped", "Thanksgiving")]
    assert due(database, NOW + timedelta(days=9)) == []


def test_what_was_not_sent_follows_a_changed_hour_and_a_changed_holiday(database: Database) -> None:
    plan(database)
    replan(database, due=NOW + timedelta(hours=1))
    assert due(database) == []
    replan(database, skip="Storm")
    assert states(database) == [(MONDAY, "skipped", "Storm")]
    replan(database, skip="Flood")
    assert states(database) == [(MONDAY, "skipped", "Flood")]
    replan(database)
    assert states(database) == [(MONDAY, "planned", None)]


@pytest.mark.parametrize("state", ["sent", "skipped", "expired", "needs_human"])
def test_what_has_ended_is_neither_planned_nor_ended_again(database: Database, state: str) -> None:
    plan(database)
    [occurrence] = due(database)
    assert database.write(lambda store: store.time.occurrences.end(occurrence.id, state, NOW))
    assert not database.write(lambda store: store.time.occurrences.end(occurrence.id, "sent", NOW))
    replan(database, due=NOW + timedelta(hours=1))
    replan(database, skip="Storm")
    assert states(database) == [(MONDAY, state, None)]


def test_a_newer_one_counts_when_it_is_due_and_of_the_same_seat(database: Database) -> None:
    plan(database)
    [occurrence] = due(database)
    tomorrow = NOW + timedelta(days=1)
    plan(database, day=MONDAY - timedelta(days=1), due=NOW - timedelta(days=1))  # an older one
    plan(database, day=MONDAY + timedelta(days=1), due=tomorrow, seat="sam")
    assert not database.read(lambda store: store.time.occurrences.newer(occurrence, tomorrow))
    plan(database, day=MONDAY + timedelta(days=1), due=tomorrow)
    assert not database.read(lambda store: store.time.occurrences.newer(occurrence, NOW))
    assert database.read(lambda store: store.time.occurrences.newer(occurrence, tomorrow))


@pytest.mark.parametrize("state", ["planned", "sent"])
def test_one_is_followed_when_a_later_one_of_its_seat_was_due_sent_or_not(database: Database, state: str) -> None:
    def is_followed(day: date = MONDAY, seat: str = "admin", now: datetime = NOW) -> bool:
        return database.read(lambda store: store.time.occurrences.is_followed("check", day, seat, now))

    plan(database)
    [occurrence] = due(database)
    if state != "planned":
        assert database.write(lambda store: store.time.occurrences.end(occurrence.id, state, NOW))
    assert is_followed(MONDAY - timedelta(days=1))
    assert not is_followed()  # it does not follow itself
    assert not is_followed(MONDAY - timedelta(days=1), seat="sam")
    assert not is_followed(MONDAY - timedelta(days=1), now=NOW - timedelta(seconds=1))


@pytest.mark.parametrize("state", ["skipped", "expired"])
def test_one_that_was_not_sent_follows_none(database: Database, state: str) -> None:
    plan(database)
    [occurrence] = due(database)
    assert database.write(lambda store: store.time.occurrences.end(occurrence.id, state, NOW))
    day = MONDAY - timedelta(days=1)
    assert not database.read(lambda store: store.time.occurrences.is_followed("check", day, "admin", NOW))


def test_seats_are_apart(database: Database) -> None:
    plan(database, seat="admin")
    plan(database, seat="city_manager")
    assert sorted(occurrence.seat for occurrence in due(database)) == ["admin", "city_manager"]


def test_one_sent_by_hand_never_stands_for_the_planned_one(database: Database) -> None:
    plan(database)
    for minute in (1, 2):
        at = NOW - timedelta(minutes=minute)
        database.write(bound(lambda store, at: store.time.occurrences.by_hand("check", MONDAY, "admin", at, "sam"), at))
    assert len(due(database)) == 1


def test_what_was_planned_for_a_routine_that_is_gone_is_taken_back(database: Database) -> None:
    plan(database)
    database.write(lambda store: store.time.occurrences.drop_unknown(["check"]))
    assert len(due(database)) == 1
    database.write(lambda store: store.time.occurrences.drop_unknown([]))
    assert due(database) == []


def test_what_was_not_sent_can_be_taken_back_and_what_was_sent_cannot(database: Database) -> None:
    for number in range(2):
        plan(database, day=MONDAY + timedelta(days=number))
    first, _ = due(database)
    database.write(lambda store: store.time.occurrences.end(first.id, "sent", NOW))
    for planned in known(database).values():
        database.write(bound(lambda store, planned: store.time.occurrences.drop(planned), planned))
    assert states(database) == [(MONDAY, "sent", None)]


def test_a_sending_by_hand_is_not_what_was_planned(database: Database) -> None:
    database.write(lambda store: store.time.occurrences.by_hand("check", MONDAY, "admin", NOW, "sam"))
    assert known(database) == {}


def test_each_question_is_about_one_routine_and_one_seat(database: Database) -> None:
    plan(database)
    [occurrence] = due(database)
    for routine, seat in BESIDE:
        plan(database, MONDAY + DAY, routine=routine, seat=seat)
    assert not database.read(lambda store: store.time.occurrences.newer(occurrence, NOW))
    assert not database.read(lambda store: store.time.occurrences.is_followed("check", MONDAY, "admin", NOW))
    assert sorted(seat for _, seat in known(database)) == ["a-seat", "admin", "sam"]


def test_the_first_day_of_a_routine_is_the_first_for_which_it_was_planned(database: Database) -> None:
    def first_day() -> date | None:
        return database.read(lambda store: store.time.occurrences.first_day("check"))

    for routine, _ in BESIDE[:2]:
        plan(database, MONDAY - 9 * DAY, routine=routine)
    database.write(lambda store: store.time.occurrences.by_hand("check", MONDAY - 8 * DAY, "admin", NOW, "sam"))
    assert first_day() is None
    plan(database, MONDAY + DAY)
    plan(database, MONDAY, skip="Storm")
    assert first_day() == MONDAY


def test_as_many_as_are_asked_for_are_due_and_the_earliest_of_them(database: Database) -> None:
    for number in range(3):
        plan(database, MONDAY + number * DAY, due=NOW - timedelta(minutes=number))
    plan(database, MONDAY + 3 * DAY, due=NOW - timedelta(minutes=1))
    days = [occurrence.day for occurrence in database.read(lambda store: store.time.occurrences.due(NOW, 3))]
    assert days == [MONDAY + 2 * DAY, MONDAY + DAY, MONDAY + 3 * DAY]


def test_an_hour_may_be_moved_to_an_earlier_one_too(database: Database) -> None:
    plan(database)
    replan(database, due=NOW - timedelta(hours=1))
    assert [occurrence.due_at for occurrence in due(database)] == [NOW - timedelta(hours=1)]


def test_each_of_several_is_moved_taken_back_and_ended_alone(database: Database) -> None:
    for number in range(5):
        plan(database, MONDAY + number * DAY)
    second, third, fourth = (known(database)[MONDAY + number * DAY, "admin"] for number in (1, 2, 3))
    database.write(lambda store: store.time.occurrences.replan(third, NOW + DAY, None))
    assert [occurrence.day for occurrence in due(database)] == [MONDAY + number * DAY for number in (0, 1, 3, 4)]
    database.write(lambda store: store.time.occurrences.drop(third))
    assert [day for day, _ in known(database)] == [MONDAY + number * DAY for number in (0, 1, 3, 4)]
    assert database.write(lambda store: store.time.occurrences.end(second.id, "sent", NOW))
    assert [occurrence.day for occurrence in due(database)] == [MONDAY, fourth.day, MONDAY + 4 * DAY]


def test_what_became_of_one_is_kept_with_its_person_and_a_reason_that_is_cut_to_size(database: Database) -> None:
    plan(database)
    [occurrence] = due(database)
    assert database.write(
        lambda store: store.time.occurrences.end(occurrence.id, "needs_human", NOW, reason="x" * 999, person="sam")
    )
    question = select(occurrences.c.reason, occurrences.c.person, occurrences.c.fired_at)
    [kept] = database.read(lambda store: store.connection.execute(question).all())
    assert tuple(kept) == ("x" * 400, "sam", NOW)


def test_what_a_routine_that_is_gone_has_sent_is_kept(database: Database) -> None:
    for number in range(2):
        plan(database, MONDAY + number * DAY)
    first, _ = due(database)
    assert database.write(lambda store: store.time.occurrences.end(first.id, "sent", NOW))
    database.write(lambda store: store.time.occurrences.drop_unknown(["other"]))
    assert states(database) == [(MONDAY, "sent", None)]


def test_what_is_over_goes_and_the_first_day_and_the_last_sending_of_a_routine_stay(database: Database) -> None:
    for number in range(5):
        plan(database, MONDAY + number * DAY, NOW + number * DAY)
    for number, occurrence in enumerate(due(database, NOW + 3 * DAY)):
        state = "sent" if number == 2 else "expired"
        database.write(bound(lambda store, id, state: store.time.occurrences.end(id, state, NOW), occurrence.id, state))
    for count in (1, 0):
        assert database.write(lambda store: store.time.occurrences.forget(NOW + 3 * DAY, 50)) == count
    assert sorted(day for day, _ in known(database)) == [MONDAY + number * DAY for number in (0, 2, 3, 4)]


def test_what_was_sent_by_hand_goes_like_all_else(database: Database) -> None:
    database.write(lambda store: store.time.occurrences.by_hand("check", MONDAY, "admin", NOW, "ines"))
    plan(database, MONDAY + DAY, NOW + DAY)
    assert database.write(lambda store: store.time.occurrences.forget(NOW + DAY, 50)) == 1
