"""Crisis roles: one person has a role at a time, and who had it before is kept."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.crisis.roles import Holding
from storage.database import Database, Store

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
REF = "CR-2026-01"


@pytest.fixture
def crisis(database: Database) -> Database:
    """A crisis that Tom leads, with Ines in the technical role."""

    def begin(store: Store) -> None:
        store.crisis.records.add(what="Water", where=None, level=2, by="olga", at=NOW, year=2026)
        store.crisis.roles.take(REF, "commander", "tom", NOW)
        store.crisis.roles.take(REF, "technical", "ines", NOW)

    database.write(begin)
    return database


def _held(database: Database) -> dict[str, str]:
    return database.read(lambda store: store.crisis.roles.held(REF))


def test_each_role_is_with_whoever_took_it(crisis: Database) -> None:
    assert _held(crisis) == {"commander": "tom", "technical": "ines"}
    assert crisis.read(lambda store: store.crisis.roles.held("CR-2026-02")) == {}


def test_whoever_takes_it_next_ends_the_holding_before(crisis: Database) -> None:
    given = crisis.write(lambda store: store.crisis.roles.take(REF, "commander", "marcus", LATER))
    assert _held(crisis) == {"commander": "marcus", "technical": "ines"}
    first, second, third = crisis.read(lambda store: store.crisis.roles.of(REF))
    assert first == Holding(first.id, REF, "commander", "tom", NOW, LATER)
    assert second == Holding(second.id, REF, "technical", "ines", NOW)
    assert third == given == Holding(third.id, REF, "commander", "marcus", LATER)


def test_what_is_given_back_is_nobodys(crisis: Database) -> None:
    crisis.write(lambda store: store.crisis.roles.leave(REF, "technical", LATER))
    assert _held(crisis) == {"commander": "tom"}
    crisis.write(lambda store: store.crisis.roles.leave(REF, "legal", LATER))  # nobody had it
    assert _held(crisis) == {"commander": "tom"}
