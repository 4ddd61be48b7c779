"""Action records: numbers without gaps, old names, and the nearest due first."""

from datetime import UTC, date, datetime, timedelta

import pytest

from storage.actions.events import Event
from storage.actions.records import Wanted
from storage.database import Database, Store
from tests.bound import bound

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)


def _day(day: int) -> date:
    return date(2026, 12, day)


@pytest.fixture
def kept(database: Database) -> Database:
    """Four actions: three that are open, and one that is done."""

    def keep(store: Store) -> None:
        records = store.actions.records
        records.add(what="Oil", about="R-1", owner="sam", due_on=_day(20), by="olga", at=NOW, alias="R-1.1")
        records.add(what="Call", about="R-1", owner="sam", due_on=None, by="sam", at=NOW)
        records.add(what="Buy", about=None, owner="hugo", due_on=_day(5), by="olga", at=NOW)
        done = records.add(what="Thank", about="F-1", owner="sam", due_on=_day(1), by="olga", at=NOW)
        records.change(done, "done", "sam", NOW, state="done", settled_by="sam", settled_at=NOW)

    database.write(keep)
    return database


@pytest.mark.parametrize(
    ("wanted", "refs"),
    [
        (Wanted(), ["A-3", "A-1", "A-2"]),
        (Wanted(owner="sam"), ["A-1", "A-2"]),
        (Wanted(asked_by="olga"), ["A-3", "A-1"]),
        (Wanted(before=_day(20)), ["A-3"]),
        (Wanted(about="F-1"), ["A-4"]),
        (Wanted(about="R-1", owner="hugo"), []),
        (Wanted(about="F-1", before=_day(20)), []),
        (Wanted(settled_since=NOW), ["A-4"]),
        (Wanted(settled_since=NOW, owner="hugo"), []),
        (Wanted(settled_since=NOW + timedelta(seconds=1)), []),
        (Wanted(owner="ines"), []),
    ],
)
def test_the_nearest_due_comes_first_and_without_a_day_last(kept: Database, wanted: Wanted, refs: list[str]) -> None:
    page = kept.read(lambda store: store.actions.records.page(wanted, 0, 10))
    assert [action.ref for action in page] == refs
    assert kept.read(lambda store: store.actions.records.count(wanted)) == len(refs)
    assert [action.ref for action in kept.read(lambda store: store.actions.records.page(wanted, 1, 1))] == refs[1:2]


def test_an_action_is_found_by_each_of_its_names_and_by_nothing_else(kept: Database) -> None:
    for name in ("A-1", "a-1", "A1", "R-1.1", "r-1.1", " A-1 "):
        found = kept.read(bound(lambda store, ref: store.actions.records.find(ref), name))
        assert found is not None
        assert found.names == ("A-1", "R-1.1")
    for name in ("A-9", "R-1.2", "A-", "A-1.1", "A-\u00b2", "", "A-99999999999"):
        assert kept.read(bound(lambda store, ref: store.actions.records.find(ref), name)) is None, name


def test_who_owes_something_is_asked_in_one_question(kept: Database) -> None:
    each = kept.read(lambda store: store.actions.records.owed_by_each(["sam", "tom"]))
    assert {person: [action.ref for action in own] for person, own in each.items()} == {"sam": ["A-1", "A-2"]}
    owed = kept.read(lambda store: store.actions.records.owed_by_any(["sam", "hugo"]))
    assert [action.ref for action in owed] == ["A-3", "A-1", "A-2"]
    assert sorted(kept.read(lambda store: store.actions.records.owners())) == ["hugo", "sam"]
    about = kept.read(lambda store: store.actions.records.about_many(["R-1", "F-1", "R-2"]))
    assert {ref: [action.ref for action in found] for ref, found in about.items()} == {
        "R-1": ["A-1", "A-2"],
        "F-1": ["A-4"],
    }


def test_what_happened_is_kept_with_the_owner_and_the_day_from_then_on(kept: Database) -> None:
    def move(store: Store) -> None:
        action = store.actions.records.take("A-1")
        assert action is not None
        store.actions.records.change(action, "moved", "hugo", NOW, "It rains", due_on=_day(24))

    kept.write(move)
    assert kept.read(lambda store: store.actions.events.of(1)) == [
        Event("added", "olga", NOW, "sam", _day(20), None),
        Event("moved", "hugo", NOW, "sam", _day(24), "It rains"),
    ]


def test_a_number_that_is_given_is_kept_and_the_next_ones_come_after_it(kept: Database) -> None:
    def add(store: Store) -> list[str]:
        about = {"about": None, "owner": None, "due_on": None, "by": "olga", "at": NOW}
        seventh = store.actions.records.add(what="Seventh", number=7, **about)  # type: ignore[arg-type]
        return [seventh.ref, store.actions.records.add(what="Eighth", **about).ref]  # type: ignore[arg-type]

    assert kept.write(add) == ["A-7", "A-8"]
