"""Batches: many small writes, a few milliseconds of them in each transaction, so that requests go between."""

from collections.abc import Callable, Sequence
from functools import partial

from bot.runtime import Runtime
from scheduler.batch import Span
from storage.database import Store

Work = Callable[[Store], object]


async def in_batches(runtime: Runtime, works: Sequence[Work]) -> None:
    """Do each of these in order. Each may be done twice, and other requests change things between them."""
    while works:
        works = works[await runtime.write(partial(_some, works)) :]


def _some(works: Sequence[Work], store: Store) -> int:
    """Do as many as fit into a batch, at least one; gives how many."""
    span = Span()
    while few := span.next(works):
        for work in few:
            work(store)
    return span.count
