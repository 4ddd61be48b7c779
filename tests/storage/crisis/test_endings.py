"""The end of a crisis: requests to stand down, ratings, follow-ups, and what is still to be explained."""

from datetime import UTC, datetime, timedelta

from storage.crisis.endings import Ending
from storage.crisis.ratings import Rating
from storage.database import Database, Store

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def begin(store: Store, *, drill: bool = False) -> str:
    crisis = store.crisis.records.add(
        what="Water main burst", where=None, level=2, by="olga", at=NOW, year=2026, drill=drill
    )
    return crisis.ref


def test_each_request_to_stand_down_has_its_number_and_its_answer(database: Database) -> None:
    def refuse(store: Store) -> None:
        ref = begin(store)
        assert store.crisis.endings.next(ref) == 1
        store.crisis.endings.add(ref, "refused", by="maria", at=NOW, why="Two streets are dry")
        assert store.crisis.endings.next(ref) == 2

    database.write(refuse)
    found = database.read(lambda store: store.crisis.endings.find("CR-2026-01", 1))
    assert found == Ending("CR-2026-01", 1, "refused", "maria", NOW, "Two streets are dry")
    assert database.read(lambda store: store.crisis.endings.find("CR-2026-01", 2)) is None


def test_a_rating_is_given_once_and_may_be_changed(database: Database) -> None:
    later = NOW + timedelta(hours=1)

    def give(store: Store) -> None:
        ref = begin(store)
        store.crisis.ratings.give(ref, "tom", rating=2, line="We waited for keys", at=NOW)
        store.crisis.ratings.give(ref, "hugo", rating=5, line=None, at=NOW)
        store.crisis.ratings.give(ref, "tom", rating=4, line=None, at=later)

    database.write(give)
    found = database.read(lambda store: store.crisis.ratings.of("CR-2026-01"))
    assert found == [
        Rating("CR-2026-01", "hugo", 5, None, NOW),
        Rating("CR-2026-01", "tom", 4, None, later),
    ]


def test_what_is_over_is_to_be_explained_until_somebody_has(database: Database) -> None:
    def end(store: Store) -> None:
        crisis = store.crisis.records.take(begin(store))
        assert crisis is not None
        assert store.crisis.records.unexplained() == []
        store.crisis.records.change(crisis, state="over", closed_by="maria", closed_at=NOW)

    database.write(end)
    [crisis] = database.read(lambda store: store.crisis.records.unexplained())
    assert crisis.ref == "CR-2026-01"
    assert database.read(lambda store: store.crisis.records.newest()) == crisis
    database.write(lambda store: store.crisis.records.change(crisis, cause="A valve", lessons="Check valves"))
    assert database.read(lambda store: store.crisis.records.unexplained()) == []


def test_whoever_is_silent_in_a_drill_is_not_counted(database: Database) -> None:
    def page(store: Store) -> None:
        for drill in (True, False):
            store.crisis.pages.add(begin(store, drill=drill), "tom", NOW)

    database.write(page)
    assert [row.crisis for row in database.read(lambda store: store.crisis.pages.silent())] == ["CR-2026-02"]
