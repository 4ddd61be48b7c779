"""Batches: many small writes are done in order, and others are answered between them."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from bot import batches
from bot.assembly import build_runtime
from scheduler import batch
from storage.database import Store
from tests.chat.bot import settings_for
from tests.sqlite import unhurried


async def test_each_is_done_in_order_with_others_between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "LONGEST", 0.0)
    runtime, done = build_runtime(settings_for(tmp_path, desk="on")), list[str]()
    unhurried(runtime.database)

    def work(name: str, _store: Store) -> None:
        done.append(name)

    writing = asyncio.create_task(batches.in_batches(runtime, [partial(work, str(number)) for number in range(9)]))
    while not done:
        await runtime.read(lambda _store: None)
    await runtime.write(partial(work, "a request"))
    await writing
    assert [name for name in done if name != "a request"] == list("012345678")
    assert done[-1] != "a request"
    runtime.database.close()


async def test_what_fits_is_done_in_one_transaction(tmp_path: Path) -> None:
    runtime = build_runtime(settings_for(tmp_path, desk="on"))
    stores = list[Store]()
    await batches.in_batches(runtime, [stores.append, stores.append])
    await batches.in_batches(runtime, [])
    first, second = stores
    assert first is second
    runtime.database.close()
