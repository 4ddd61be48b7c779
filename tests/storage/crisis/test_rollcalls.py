"""Roll calls: what departments say, round by round, on both databases."""

from datetime import UTC, datetime, timedelta

from storage.crisis.rollcalls import Rollcall
from storage.database import Database, Store

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)


def _two(store: Store, state: str = "active") -> str:
    crisis = store.crisis.records.add(what="Burst", where=None, level=2, by="olga", at=NOW, year=2026)
    store.crisis.records.change(crisis, state=state)
    for department, head in (("water", "hugo"), ("parks", "priya")):
        store.crisis.rollcalls.add_all([Rollcall(crisis.ref, department, head, NOW, 1)])
    return crisis.ref


def _taken(store: Store, ref: str, department: str) -> Rollcall:
    rollcall = store.crisis.rollcalls.take(ref, department)
    assert rollcall is not None
    return rollcall


def test_departments_come_by_their_id_and_are_silent_until_they_answer(database: Database) -> None:
    ref = database.write(_two)
    found = database.read(lambda store: store.crisis.rollcalls.of(ref))
    assert [(rollcall.department, rollcall.asked, rollcall.is_silent) for rollcall in found] == [
        ("parks", "priya", True),
        ("water", "hugo", True),
    ]
    assert database.read(lambda store: store.crisis.rollcalls.of("CR-2026-09")) == []


def test_an_answer_counts_for_its_own_round_alone(database: Database) -> None:
    ref, later = database.write(_two), NOW + timedelta(hours=13)

    def answered(store: Store) -> Rollcall:
        return store.crisis.rollcalls.change(
            _taken(store, ref, "water"),
            answer="help",
            line="Two pumps",
            answered_by="rosa",
            answered_at=NOW,
            answered_round=1,
        )

    given = database.write(answered)
    assert not given.is_silent
    assert database.write(lambda store: store.crisis.rollcalls.take(ref, "water")) == given
    asked = database.write(lambda store: store.crisis.rollcalls.change(given, round=2, asked="rosa", asked_at=later))
    assert asked.is_silent
    assert (asked.answer, asked.line, asked.answered_at) == ("help", "Two pumps", NOW)
    assert database.write(lambda store: _taken(store, ref, "parks")).round == 1


def test_somebody_is_asked_for_what_is_open_and_active_and_not_answered(database: Database) -> None:
    ref = database.write(_two)
    database.write(lambda store: _two(store, "over"))

    def of(person: str) -> list[tuple[str, str]]:
        return [
            (rollcall.crisis, rollcall.department)
            for rollcall in database.read(lambda store: store.crisis.rollcalls.asked_of([person])).get(person, [])
        ]

    assert of("hugo") == [(ref, "water")]
    assert of("sam") == []
    database.write(lambda store: store.crisis.rollcalls.change(_taken(store, ref, "water"), answered_round=1))
    assert of("hugo") == []
    database.write(lambda store: store.crisis.rollcalls.change(_taken(store, ref, "water"), round=2))
    assert of("hugo") == [(ref, "water")]
