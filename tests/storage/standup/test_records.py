"""Standups: one answer of each member to each stand-up, and blockers that stay until they are closed."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from storage.database import Database
from storage.standup.answers import Answer
from storage.standup.blockers import Blocker
from storage.standup.records import Standup

NOW = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
CLOSES = NOW + timedelta(hours=2)
MONDAY = date(2026, 11, 30)


def begun(database: Database, day: date = MONDAY, team: str = "streets") -> Standup:
    return database.write(lambda store: store.standup.records.add(team, day, CLOSES))


def opened(database: Database, day: date = MONDAY) -> Standup:
    standup = begun(database, day)
    return database.write(lambda store: store.standup.records.open(standup, CLOSES, NOW))


def answer(
    database: Database, standup: Standup, words: str = "all", at: datetime = NOW, blocker: int | None = None
) -> None:
    database.write(
        lambda store: store.standup.answers.keep(standup, "sam", finished=words, next="more", blocker=blocker, at=at)
    )


def answers(database: Database, standup: Standup) -> dict[str, Answer]:
    return database.read(lambda store: store.standup.answers.of(standup))


def blocker(database: Database, what: str = "no paint", team: str = "streets") -> Blocker:
    return database.write(lambda store: store.standup.blockers.add(team, MONDAY, "sam", what, NOW))


def test_a_stand_up_is_found_by_its_reference_as_it_was_changed(database: Database) -> None:
    standup = opened(database)
    digested = database.write(lambda store: store.standup.records.digested(standup, CLOSES))
    assert digested == Standup("streets", MONDAY, CLOSES, NOW, CLOSES)
    assert standup.ref == "streets 2026-11-30"
    assert database.read(lambda store: store.standup.records.find(standup.ref)) == digested
    assert database.write(lambda store: store.standup.records.take(standup.ref)) == digested


@pytest.mark.parametrize("ref", ["", "streets", "streets 2026-11-31", "parks 2026-11-30", "streets 2026-12-01"])
def test_what_is_no_reference_of_a_stand_up_finds_none(database: Database, ref: str) -> None:
    begun(database)
    assert database.read(lambda store: store.standup.records.find(ref)) is None


def test_only_those_that_were_asked_count_as_opened(database: Database) -> None:
    for days in (0, 7):
        opened(database, MONDAY + timedelta(days=days))
    begun(database, MONDAY + timedelta(days=14))
    first = database.read(lambda store: store.standup.records.opened_from("streets", MONDAY + timedelta(days=1)))
    assert first is not None
    assert first.day == MONDAY + timedelta(days=7)
    assert database.read(lambda store: store.standup.records.last_opened("streets")) == first
    assert database.read(lambda store: store.standup.records.opened_from("streets", MONDAY + timedelta(days=8))) is None
    assert database.read(lambda store: store.standup.records.last_opened("parks")) is None


def test_a_changed_answer_takes_the_place_of_the_first_and_keeps_its_time(database: Database) -> None:
    standup, later = opened(database), CLOSES + timedelta(hours=1)
    number = blocker(database).number
    answer(database, standup)
    answer(database, standup, "nearly all", later, number)
    assert answers(database, standup) == {
        "sam": Answer("sam", "nearly all", "more", number, NOW, False, later, "no paint", "open")
    }


def test_an_answer_is_late_once_the_stand_up_has_closed(database: Database) -> None:
    standup = opened(database)
    answer(database, standup, at=CLOSES)
    assert not answers(database, standup)["sam"].late
    other = opened(database, MONDAY + timedelta(days=7))
    answer(database, other, at=CLOSES + timedelta(seconds=1))
    assert answers(database, other)["sam"].late
    assert answers(database, other)["sam"].state is None


def test_a_blocker_stays_open_in_its_team_until_it_is_closed(database: Database) -> None:
    first, second = blocker(database), blocker(database, "no truck")
    blocker(database, "no ranger", team="parks")
    assert (first.ref, second.ref) == ("B-1", "B-2")
    reworded = database.write(lambda store: store.standup.blockers.reword(first, "no white paint"))
    assert database.read(lambda store: store.standup.blockers.open_in("streets")) == [reworded, second]
    closed = database.write(lambda store: store.standup.blockers.close(reworded, by="olga", at=CLOSES))
    assert database.read(lambda store: store.standup.blockers.open_in("streets")) == [second]
    assert database.read(lambda store: store.standup.blockers.find("b-1")) == closed
    assert (closed.state, closed.closed_by, closed.closed_at) == ("closed", "olga", CLOSES)


@pytest.mark.parametrize("ref", ["", "B-", "B-2", "R-1", "B-99999999999999999999"])
def test_what_is_no_reference_of_a_blocker_finds_none(database: Database, ref: str) -> None:
    blocker(database)
    assert database.write(lambda store: store.standup.blockers.take(ref)) is None


def test_who_takes_a_stand_up_sees_what_whoever_had_it_before_has_written(database: Database) -> None:
    standup, seen = opened(database), {}
    both = threading.Barrier(2, timeout=10)

    def work(person: str) -> None:
        both.wait()

        def take(store: object) -> int:
            store.standup.records.take(standup.ref)  # type: ignore[attr-defined]
            store.standup.answers.keep(standup, person, finished="a", next="b", blocker=None, at=NOW)  # type: ignore[attr-defined]
            return len(store.standup.answers.of(standup))  # type: ignore[attr-defined]

        seen[person] = database.write(take)

    threads = [threading.Thread(target=work, args=(person,)) for person in ("sam", "olga")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen.values()) == [1, 2]
