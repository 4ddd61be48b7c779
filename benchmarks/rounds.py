"""Rounds: requests in short rounds, in which the floor and the bot take turns, so that both see the same machine."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

IN_FLIGHT = 32
How = Callable[["Side", Sequence[Any]], Awaitable[float]]


class Side(Protocol):
    """What answers requests: the floor or the bot."""

    def receive(self, request: Any) -> Any:
        """The request as it arrives; made before the clock runs."""

    async def answer(self, request: Any) -> int:
        """Answer it; gives the HTTP status."""


async def one_at_a_time(side: Side, requests: Sequence[Any]) -> float:
    """Milliseconds for each request, one after the other."""
    begun = time.perf_counter()
    for request in requests:
        assert await side.answer(request) == 200
    return (time.perf_counter() - begun) / len(requests) * 1000


async def in_flight(side: Side, requests: Sequence[Any]) -> float:
    """Milliseconds for each request, with 32 under way at once."""
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def answered(request: Any) -> None:
        async with gate:
            assert await side.answer(request) == 200

    begun = time.perf_counter()
    await asyncio.gather(*(answered(request) for request in requests))
    return (time.perf_counter() - begun) / len(requests) * 1000


async def medians(
    turns: Mapping[str, Callable[[], Awaitable[float]]], rounds: int, warm_up: int = 0
) -> dict[str, float]:
    """The median of what each gives, after so many rounds that do not count."""
    took: dict[str, list[float]] = {name: [] for name in turns}
    for number in range(warm_up + rounds):
        for name, turn in turns.items():
            value = await turn()
            if number >= warm_up:
                took[name].append(value)
    return {name: statistics.median(values) for name, values in took.items()}
