"""Notices: what one replica queues wakes the others, and nothing else does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from storage import notices
from storage.chat.outbox import NewRow
from storage.database import Database, Store

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


def queue(store: Store) -> None:
    store.chat.outbox.add(NewRow(platform="desk", place="risks", kind="post", priority="page", repeat=True, at=NOW))


def queue_and_break(store: Store) -> None:
    queue(store)
    raise ZeroDivisionError


@asynccontextmanager
async def listening(database: Database) -> AsyncIterator[asyncio.Event]:
    """The event that notices set, once the database is listening."""
    woken = asyncio.Event()
    task = asyncio.create_task(database.listen(woken.set))
    await heard(woken)
    yield woken
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def heard(woken: asyncio.Event, seconds: float = 10) -> bool:
    """Whether a notice comes within this time."""
    try:
        async with asyncio.timeout(seconds):
            await woken.wait()
    except TimeoutError:
        return False
    woken.clear()
    return True


async def test_what_one_replica_queues_wakes_the_other(url: str, database: Database) -> None:
    other = Database(url)
    async with listening(database) as woken:
        await asyncio.to_thread(other.write, queue)
        assert await heard(woken)
    other.close()


async def test_what_nobody_has_to_do_wakes_nobody(url: str, database: Database) -> None:
    other = Database(url)
    async with listening(database) as woken:
        await asyncio.to_thread(database.write, queue)  # our own commit wakes us without the server
        await asyncio.to_thread(other.write, lambda store: store.chat.inbox.keep("slack 1", None, NOW))
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(other.write, queue_and_break)
        assert not await heard(woken, 0.2)
    other.close()


async def test_a_lost_connection_is_made_again(url: str, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "AGAIN_AFTER", 0.05)
    other = Database(url)
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN cityops'")
    async with listening(database) as woken:
        assert await asyncio.to_thread(other.write, lambda store: store.connection.execute(cut).all())
        assert await heard(woken), "it looks as soon as it is back"
        await asyncio.to_thread(other.write, queue)
        assert await heard(woken)
    other.close()
