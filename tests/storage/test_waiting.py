"""Waiting: what somebody's home page asks the database."""

from datetime import UTC, date, datetime
from typing import Any

from storage.database import Database, Store
from storage.feedback.lists import Theirs, Wanted

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)


def _risk(store: Store, title: str, owner: str | None, review_on: date | None = None, impact: int = 2) -> Any:
    return store.risk.records.add(
        title=title, likelihood=2, impact=impact, owner=owner, review_on=review_on, by="ines", at=NOW
    )


def test_owned_risks_come_with_the_nearest_review_first_and_without_a_date_last(database: Database) -> None:
    def fill(store: Store) -> None:
        _risk(store, "no date", "sam")
        _risk(store, "no date, worse", "sam", impact=5)
        _risk(store, "later", "sam", date(2026, 12, 24))
        _risk(store, "sooner", "sam", date(2026, 12, 1))
        _risk(store, "of another", "olga")
        store.risk.records.change(_risk(store, "closed", "sam"), state="closed")

    database.write(fill)
    owned = database.read(lambda store: store.risk.records.owned_by_each(["sam"]))
    assert [risk.title for risk in owned["sam"]] == ["sooner", "later", "no date, worse", "no date"]


def test_open_feedback_of_a_department_is_counted_beyond_what_is_shown(database: Database) -> None:
    def fill(store: Store) -> None:
        for category in ("streets", "water", "streets", "parks"):
            store.feedback.records.add(
                what=category, category=category, place_in_town=None, reached_us_by="phone", by="sam", at=NOW
            )

    database.write(fill)
    wanted = Wanted(theirs=(Theirs("public-works", ("streets", "water")),))
    items = database.read(lambda store: store.feedback.lists.page(wanted, 0, 2))
    count = database.read(lambda store: store.feedback.lists.count(wanted))
    assert ([item.ref for item in items], count) == (["F-1", "F-2"], 3)
    assert database.read(lambda store: store.feedback.lists.count(Wanted(theirs=()))) == 0


def test_a_page_waits_until_it_is_answered_or_the_crisis_is_over(database: Database) -> None:
    def fill(store: Store) -> None:
        for what in ("first", "second", "third"):
            crisis = store.crisis.records.add(what=what, where=None, level=1, by="maria", at=NOW, year=2026)
            store.crisis.pages.add(crisis.ref, "tom", NOW)
        page = store.crisis.pages.take("CR-2026-01", "tom")
        assert page is not None
        store.crisis.pages.change(page, answer="cannot", answered_at=NOW)
        over = store.crisis.records.take("CR-2026-02")
        assert over is not None
        store.crisis.records.change(over, state="over", reason="x", closed_by="maria", closed_at=NOW)

    database.write(fill)
    waiting = database.read(lambda store: store.crisis.pages.unanswered(["tom", "sam"]))
    assert {person: [crisis.what for crisis in crises] for person, crises in waiting.items()} == {"tom": ["third"]}


def test_known_posts_are_those_that_hang_or_are_on_their_way(database: Database) -> None:
    def fill(store: Store) -> None:
        for ref in ("home sam", "home sam", "home olga"):
            store.chat.posts.add(ref, "slack", ref.replace(" ", ":"))
        store.chat.posts.lost(store.chat.posts.add("home tom", "slack", "home:tom"))

    database.write(fill)
    refs = ["home sam", "home olga", "home tom", "home ines"]
    assert database.read(lambda store: store.chat.posts.known(refs)) == ["home olga", "home sam"]
    assert database.read(lambda store: store.chat.posts.known([])) == []
