"""Rows: helpers that queue, claim, settle and find rows of the outbox, on a clock that stands still."""

from datetime import UTC, datetime, timedelta
from typing import Any

from storage.chat.outbox import NewRow, OutboxRow
from storage.database import Database

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
LEASE = NOW + timedelta(seconds=20)


def queue(database: Database, place: str = "risks", **row: Any) -> int:
    given = {"platform": "slack", "kind": "post", "priority": "digest", "repeat": False, "at": NOW, "card": "{}", **row}
    return database.write(lambda store: store.chat.outbox.add(NewRow(place=place, **given)))


def front(database: Database, at: datetime = NOW) -> list[OutboxRow]:
    return [row for row, _ in database.read(lambda store: store.chat.lanes.front(at))]


def claim(database: Database, row: OutboxRow) -> bool:
    return database.write(lambda store: store.chat.lanes.claim(row, LEASE))


def claimed(database: Database, place: str = "risks") -> OutboxRow:
    """Claim the first row of a place, and give it as the worker then knows it."""
    [row] = [row for row in front(database) if row.place == place]
    assert claim(database, row)
    return found(database, row.id)


def settle(database: Database, row: OutboxRow, state: str, **fields: Any) -> bool:
    return database.write(lambda store: store.chat.outbox.settle(row, state, NOW, **fields))


def found(database: Database, row_id: int) -> OutboxRow:
    row = database.read(lambda store: store.chat.outbox.find(row_id))
    assert row is not None
    return row


def waiting_post(database: Database) -> int:
    return database.write(lambda store: store.chat.posts.add("R-1", "slack", "risks"))
