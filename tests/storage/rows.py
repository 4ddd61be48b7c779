"""Rows: helpers that queue, claim, settle and find rows of the outbox, on a clock that stands still."""

from concurrent.futures import Future, wait
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from storage.chat.outbox import PRIORITIES, NewRow, OutboxRow
from storage.database import Database, Store

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
PLATFORMS = ("slack", "teams", "desk", "pager", "mail", "shelf")
LEAST = len(PRIORITIES) - 1
LEASE = NOW + timedelta(seconds=20)


def queue(database: Database, place: str = "risks", **row: Any) -> int:
    given = {"platform": "slack", "kind": "post", "priority": "digest", "repeat": False, "at": NOW, "card": "{}", **row}
    return database.write(lambda store: store.chat.outbox.add(NewRow(place=place, **given)))


def front(database: Database, at: datetime = NOW) -> list[OutboxRow]:
    return database.read(lambda store: front_of(store, at))


def front_of(store: Store, at: datetime) -> list[OutboxRow]:
    """The row that may go next in each conversation."""
    heads = [head for platform in PLATFORMS for head in store.chat.lanes.heads(platform, at, 50, LEAST)]
    heads.sort(key=lambda head: (head.priority, head.id))
    return [row for head in heads if (row := store.chat.lanes.row(head))]


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


def until_somebody_waits(store: Store, other: "Future[Any]") -> None:
    """Go on when another transaction waits for this one, or does not have to."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while not other.done() and not store.connection.execute(waiting).scalar():
        wait([other], timeout=0.01)
