"""A database in the making: each work at once, all of it in one transaction, and nothing before it is closed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import Database, Store
from storage.making import InTheMaking
from tests.sqlite import migrated

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{migrated(tmp_path / 'riverton.db')}"


def mark(store: Store) -> None:
    store.time.checkpoints.set("planned", NOW)


def marked(store: Store) -> bool:
    return store.time.checkpoints.at("planned") == NOW


def test_what_is_written_is_seen_at_once_and_by_others_only_when_it_is_kept(url: str) -> None:
    making, other = InTheMaking(url), Database(url)
    making.write(mark)
    assert making.submit_read(marked).result()
    assert not other.read(marked)
    making.keep()
    assert other.read(marked)
    making.close()
    other.close()


def test_a_work_that_breaks_is_taken_back_alone(url: str) -> None:
    def breaks(store: Store) -> None:
        store.time.checkpoints.set("broken", NOW)
        raise ValueError("no")

    making = InTheMaking(url)
    making.write(mark)
    with pytest.raises(ValueError, match="no"):
        making.submit_write(breaks).result()
    making.close()
    other = Database(url)
    assert other.read(marked)
    assert other.read(lambda store: store.time.checkpoints.at("broken")) is None
    other.close()


def test_a_reader_may_not_write_and_what_it_leaves_is_written_after_it(url: str) -> None:
    making = InTheMaking(url)
    assert not making.read(lambda store: store.may_write)
    making.read(lambda store: store.faults.note("planning", "ValueError: no", NOW))
    assert [fault.part for fault in making.read(lambda store: store.faults.all())] == ["planning"]
    making.close()


def test_who_waits_for_work_is_woken_at_once(url: str) -> None:
    making, woken = InTheMaking(url), list[str]()
    making.on_queued = lambda: woken.append("work")
    making.write(mark)
    assert woken == []
    making.write(lambda store: store.time.clock_steps.wake())
    assert woken == ["work"]
    making.close()
