"""Crisis asks: what somebody was asked first counts until they act, and then nothing is asked of them at any place."""

from datetime import UTC, datetime, timedelta

from storage.crisis.asks import Ask
from storage.database import Database, Store

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)


def test_what_was_asked_first_counts_until_somebody_acts(database: Database) -> None:
    def ask(store: Store) -> None:
        for what in ("Water", "Power"):
            store.crisis.records.add(what=what, where=None, level=2, by="olga", at=NOW, year=2026)
        store.crisis.asks.add("CR-2026-01", "tom", NOW)
        store.crisis.asks.add("CR-2026-01", "tom", LATER)
        store.crisis.asks.add("CR-2026-02", "tom", LATER)
        store.crisis.asks.add("CR-2026-02", "ines", LATER)
        store.crisis.asks.silent("CR-2026-01", "tom", LATER)

    database.write(ask)
    both = database.read(lambda store: store.crisis.asks.of_person("tom"))
    assert both == [Ask("CR-2026-01", "tom", NOW, LATER), Ask("CR-2026-02", "tom", LATER, None)]
    database.write(lambda store: store.crisis.asks.acted("tom"))
    assert database.read(lambda store: store.crisis.asks.of_person("tom")) == []
    assert database.read(lambda store: store.crisis.asks.of("CR-2026-02")) == [Ask("CR-2026-02", "ines", LATER, None)]
    database.write(lambda store: store.crisis.asks.over("CR-2026-02"))
    assert database.read(lambda store: store.crisis.asks.of("CR-2026-02")) == []
