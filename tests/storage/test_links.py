"""Links: known from both sides, and once."""

from datetime import UTC, datetime, timedelta

from storage.database import Database, Store
from storage.links import Linked

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)


def test_a_link_is_seen_from_both_sides(database: Database) -> None:
    def fill(store: Store) -> None:
        assert store.links.add("F-1", "R-1", by="sam", at=NOW)
        assert store.links.add("R-1", "CR-2026-01", by="sam", at=NOW + timedelta(hours=1))

    database.write(fill)
    assert database.read(lambda store: store.links.of("R-1")) == [Linked("F-1", True), Linked("CR-2026-01", False)]
    assert database.read(lambda store: store.links.of("F-1")) == [Linked("R-1", False)]
    assert database.read(lambda store: store.links.of("R-2")) == []


def test_a_link_is_made_once_whichever_way_round_and_never_to_itself(database: Database) -> None:
    def fill(store: Store) -> list[bool]:
        pairs = [("F-1", "R-1"), ("F-1", "R-1"), ("R-1", "F-1"), ("R-1", "R-1")]
        return [store.links.add(*pair, by="sam", at=NOW) for pair in pairs]

    assert database.write(fill) == [True, False, False, False]
    assert database.read(lambda store: store.links.of("R-1")) == [Linked("F-1", True)]
