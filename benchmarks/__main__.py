"""Bench: prints ratios against floors of the same run, and writes benchmarks/latest.json (``make bench``)."""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.crisis import BOUNDS as CRISIS_BOUNDS
from benchmarks.crisis import crisis_figures
from benchmarks.floor import Floor
from benchmarks.house import House
from benchmarks.process import BOUNDS as PROCESS_BOUNDS
from benchmarks.process import process_figures
from benchmarks.registers import BOUNDS as REGISTER_BOUNDS
from benchmarks.registers import register_figures
from benchmarks.slack_requests import risk_add

ROUNDS, EACH, WARM_UP = 25, 30, 90  # many short rounds: what else the machine does meets both sides
IN_FLIGHT = 32
LATEST = Path(__file__).parent / "latest.json"
BOUNDS = {"/risk add, one at a time: ratio": 3.5, **PROCESS_BOUNDS, **REGISTER_BOUNDS, **CRISIS_BOUNDS}

Side = Floor | House


async def one_at_a_time(side: Side, requests: Sequence[Any]) -> float:
    """Seconds for each request, one after the other."""
    begun = time.perf_counter()
    for request in requests:
        assert await side.answer(request) == 200
    return (time.perf_counter() - begun) / len(requests)


async def in_flight(side: Side, requests: Sequence[Any]) -> float:
    """Seconds for each request, with 32 under way at once."""
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def one(request: Any) -> None:
        async with gate:
            assert await side.answer(request) == 200

    begun = time.perf_counter()
    await asyncio.gather(*(one(request) for request in requests))
    return (time.perf_counter() - begun) / len(requests)


async def measure(folder: Path) -> dict[str, float]:
    """The medians over rounds in which the floor and the house take turns, so that both see the same machine."""
    floor, house = Floor(folder), House(folder)
    user = await house.open()
    ratios: dict[str, list[float]] = {"one at a time": [], "32 in flight": []}
    floors: dict[str, list[float]] = {name: [] for name in ratios}
    try:
        for side in (floor, house):
            await one_at_a_time(side, _received(side, user, WARM_UP))
        for _ in range(ROUNDS):
            for name, how in (("one at a time", one_at_a_time), ("32 in flight", in_flight)):
                least = await how(floor, _received(floor, user, EACH))
                ratios[name].append(await how(house, _received(house, user, EACH)) / least)
                floors[name].append(least)
    finally:
        await house.close()
        floor.close()
    medians = {f"/risk add, {name}: ratio": statistics.median(values) for name, values in ratios.items()}
    return medians | {f"/risk add, {name}: floor, ms": statistics.median(v) * 1000 for name, v in floors.items()}


def _received(side: Side, user: str, how_many: int) -> list[Any]:
    return [side.receive(request) for request in risk_add(user, how_many)]


def main() -> int:
    """Print the table; exit code 1 when a figure is over its bound."""
    figures: dict[str, float] = {}
    for measured in (measure, process_figures, crisis_figures, register_figures):
        with tempfile.TemporaryDirectory() as folder:
            figures |= asyncio.run(measured(Path(folder)))
    for name, value in figures.items():
        print(f"{value:8.2f}  {name}")
    LATEST.write_text(json.dumps({name: round(value, 2) for name, value in figures.items()}, indent=2) + "\n")
    within = {name: figures[name] <= most for name, most in BOUNDS.items() if name in figures}
    for name, is_within in within.items():
        print(f"{'within' if is_within else 'OVER'} the bound of {BOUNDS[name]:g}: {name}")
    return 0 if all(within.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
