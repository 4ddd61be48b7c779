"""Crisis records: a crisis that was reopened knows those from which it goes on."""

from datetime import UTC, datetime, timedelta

from storage.crisis.records import Crisis
from storage.database import Database, Store
from tests.bound import bound

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)


def test_a_crisis_goes_on_from_those_before_it_in_its_room_and_from_no_other(database: Database) -> None:
    def begin(store: Store, hours: int, reopens: Crisis | None = None) -> Crisis:
        at = NOW + timedelta(hours=hours)
        return store.crisis.records.add(what="Fire", where=None, level=1, by="sam", at=at, year=2026, reopens=reopens)

    first = database.write(bound(begin, 0))
    other = database.write(bound(begin, 1))
    second = database.write(bound(begin, 2, first))
    third = database.write(bound(begin, 3, second))
    chains = [
        database.read(bound(lambda store, crisis: store.crisis.records.chain(crisis), crisis))
        for crisis in (first, other, second, third)
    ]
    assert chains == [
        ["CR-2026-01"], ["CR-2026-02"], ["CR-2026-03", "CR-2026-01"], ["CR-2026-04", "CR-2026-03", "CR-2026-01"],
    ]  # fmt: skip
