"""Risk search: each filter finds what it says, alone and together, and nothing that people type acts as a pattern."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from storage.database import Database, Store
from storage.risk.search import Wanted

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def _fill(store: Store) -> None:
    def add(title: str, likelihood: int, impact: int, **more: Any) -> Any:
        given = {"owner": None, "review_on": date(2026, 12, 1), **more}
        return store.risk.records.add(title=title, likelihood=likelihood, impact=impact, by="sam", at=NOW, **given)

    add("Dam gate stuck", 4, 5, owner="sam", department="public-works", details="100% rust_free")
    add("Old pump", 2, 2, department="water", review_on=date(2026, 11, 22))
    accepted = add("Br\u00fccke gesperrt", 5, 5, category="infrastructure")
    store.risk.records.change(
        accepted, residual_likelihood=1, residual_impact=2, residual_confirmed=True, accepted_until=date(2027, 1, 1)
    )
    store.risk.records.change(add("Closed pump", 3, 3), state="closed")
    store.risk.records.change(add("A mistake", 1, 1), state="withdrawn")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), ["R-1", "R-2", "R-3"]),
        (Wanted(state="accepted"), ["R-3"]),
        (Wanted(state="closed"), ["R-4"]),
        (Wanted(state="withdrawn"), ["R-5"]),
        (Wanted(state="all"), ["R-1", "R-4", "R-2", "R-3", "R-5"]),
        (Wanted(owner="sam"), ["R-1"]),
        (Wanted(department="water"), ["R-2"]),
        (Wanted(category="infrastructure"), ["R-3"]),
        (Wanted(scores=((1, 2), (2, 2))), ["R-2", "R-3"]),
        (Wanted(scores=((5, 5),)), []),
        (Wanted(scores=()), []),
        (Wanted(overdue_on=TODAY), ["R-2"]),
        (Wanted(words=("PUMP",)), ["R-2"]),
        (Wanted(words=("pump",), state="all"), ["R-4", "R-2"]),
        (Wanted(words=("gate", "dam")), ["R-1"]),
        (Wanted(words=("gate", "pump")), []),
        (Wanted(words=("R-3",)), ["R-3"]),
        (Wanted(words=("Br\u00fccke",)), ["R-3"]),
        (Wanted(words=("100%",)), ["R-1"]),
        (Wanted(words=("%",)), ["R-1"]),
        (Wanted(words=("_free",)), ["R-1"]),
        (Wanted(words=("'; DROP TABLE risks",)), []),
    ],
    ids=str,
)
def test_what_is_looked_for_is_found_worst_first(database: Database, wanted: Wanted, found: list[str]) -> None:
    database.write(_fill)
    refs = database.read(lambda store: [risk.ref for risk in store.risk.search.worst_first(wanted, 0, 10)])
    assert (refs, database.read(lambda store: store.risk.search.count(wanted))) == (found, len(found))
