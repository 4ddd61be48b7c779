"""Of persons: what several people hold is one question, and the same answer however many are named."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from storage.database import Database, Store
from storage.feedback.lists import Theirs
from storage.feedback.waiting import OfWhom, Open, Soon
from storage.persons import NAMED

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
TODAY = date(2026, 11, 23)
MANY = tuple(f"p{number}" for number in range(10_000))
SOON = Soon(NOW, TODAY)
EVERY = (Theirs("public-works", ("streets", "water")), Theirs("parks", ("parks",)))


def _owned(store: Store) -> None:
    for owner in ("sam", "olga", "sam", None, "p7"):
        store.actions.records.add(what="Oil it", about=None, owner=owner, due_on=None, by="ines", at=NOW)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["sam"], {"sam": ["A-1", "A-3"]}),
        (["sam", "tom", "p7"], {"sam": ["A-1", "A-3"], "p7": ["A-5"]}),
        ([], {}),
        (None, {"sam": ["A-1", "A-3"], "olga": ["A-2"], "p7": ["A-5"]}),
        (MANY, {"p7": ["A-5"]}),
        (("sam", *MANY[: NAMED - 1]), {"sam": ["A-1", "A-3"], "p7": ["A-5"]}),
    ],
)
def test_people_are_named_alone_or_a_few_of_them_or_all_are_read(
    database: Database, asked: Collection[str] | None, found: dict[str, list[str]]
) -> None:
    database.write(_owned)
    each = database.read(lambda store: store.actions.records.owed_by_each(asked))
    assert {person: [action.ref for action in own] for person, own in each.items()} == found


def _feedback(store: Store, owner: str | None, category: str, **more: Any) -> None:
    store.feedback.records.add(
        what="Pothole", category=category, place_in_town=None, reached_us_by="phone", by="ines", at=NOW, owner=owner,
        **more,
    )  # fmt: skip


def _told(found: dict[str, Open]) -> dict[str, tuple[list[int], int]]:
    return {whose: ([item.number for item in kept.items], kept.count) for whose, kept in found.items()}


def _some_of_each(store: Store) -> None:
    late, later = NOW - timedelta(hours=1), NOW + timedelta(days=3)
    for number in range(3):
        _feedback(store, "sam", "streets", due_at=late if number == 2 else later)  # F-1 to F-3
    for owner in ("gone", None, None):
        _feedback(store, owner, "water", waits_until=TODAY if owner is None else None)  # F-4 to F-6
    _feedback(store, None, "streets", department="parks")  # F-7
    _feedback(store, None, "dropped")  # F-8
    _feedback(store, "olga", "parks", state="closed")  # F-9


@pytest.mark.parametrize("persons", [["sam"], ["sam", "tom"], None, ("sam", *MANY)], ids=["one", "some", "all", "many"])
def test_what_is_shown_of_feedback_and_what_is_due_soon_is_found_for_each_person_and_department(
    database: Database, persons: Collection[str] | None
) -> None:
    database.write(_some_of_each)

    def of(store: Store, **asked: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        given = {"shown": 1, "most": 1, **asked}
        found = store.feedback.waiting.of(EVERY, OfWhom(persons, ("public-works", "parks"), ("gone",), SOON, **given))
        return _told(found[0]), _told(found[1])

    assert database.read(of) == ({"sam": ([1, 3], 3)}, {"public-works": ([4, 5], 3), "parks": ([7], 1)})
    wide = database.read(lambda store: of(store, shown=10))
    assert wide == ({"sam": ([1, 2, 3], 3)}, {"public-works": ([4, 5, 6], 3), "parks": ([7], 1)})


def test_what_nobody_has_is_found_for_the_departments_that_are_asked_about(database: Database) -> None:
    database.write(_some_of_each)
    asked = OfWhom(["tom"], ["parks"], (), SOON, 10, 10)
    own, shared = database.read(lambda store: store.feedback.waiting.of(EVERY, asked))
    assert (own, _told(shared)) == ({}, {"parks": ([7], 1)})
    nowhere = OfWhom(["tom"], [], (), SOON, 10, 10)
    assert database.read(lambda store: store.feedback.waiting.of((), nowhere)) == ({}, {})


def test_late_feedback_is_what_somebody_has_by_the_department_that_answers_it(database: Database) -> None:
    database.write(_some_of_each)
    late = database.read(lambda store: store.feedback.waiting.late(EVERY, NOW + timedelta(days=4), 2))
    assert {department: [item.number for item in items] for department, items in late.items()} == {
        "public-works": [1, 2]
    }
    database.write(lambda store: _feedback(store, "olga", "parks", due_at=NOW))
    late = database.read(lambda store: store.feedback.waiting.late(EVERY, NOW, 2))
    assert {department: [item.number for item in items] for department, items in late.items()} == {
        "public-works": [3],
        "parks": [10],
    }
