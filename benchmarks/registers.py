"""Registers: what `/feedback list`, `/risk list` and the morning check take when there are 1,000,000 rows of each
register, as a ratio to 10,000.

What is open is the same number at both sizes, 2 % of the smaller one: a city answers what comes in, or its residents
would wait for decades, so that the years add to what is closed and not to what is open. Only that may not slow it down.
"""

import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert

from bot.application import build_runtime
from bot.inbound import Answered, Inbound, Typed
from bot.runtime import Runtime
from handlers.kit.context import Sending
from handlers.kit.morning import ROUTINE, SEAT
from scheduler.morning_check import morning_check
from storage.database import Store
from storage.feedback.items import feedback, words_of
from storage.risk.records import risks
from tests.chat.bot import settings_for
from tests.chat.clock import SetClock

FEW, MANY = 10_000, 1_000_000
OPEN = FEW // 50
RECENT = OPEN * 3 // 4  # of the open ones, the newest; the others are as old as the register
APART = timedelta(hours=2)  # between those, so that what is open is as old at both sizes
SINCE_YESTERDAY = 12
ASKED = 30  # closed last, of which somebody is to be asked whether they are fixed
YEARS = 12
TARGET = 18 * 3600  # seconds of working time
AT_ONCE = 20_000  # rows of one statement
ROUNDS, WARM_UP = 25, 3
MORNING = "morning check"
LISTS = ("/feedback list", "/risk list")
EACH = {MORNING: 1, **dict.fromkeys(LISTS, 20)}  # so that each of them takes long enough to be measured
NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)  # 07:30 in Riverton
BOUND = 1.5
BOUNDS = {f"{name}, 1,000,000 rows to 10,000: ratio": BOUND for name in EACH}
CATEGORIES = ("streets", "lights", "waste", "snow", "water", "parks", "noise", "permits")
PEOPLE = ("sam", "ben", "rosa", "olga", "priya", "hugo", "yuki", None)


async def register_figures(folder: Path) -> dict[str, float]:
    """The ratios of the medians, and the medians of the smaller size in ms; the sizes take turns."""
    sizes = {FEW: _filled(folder / "few", FEW), MANY: _filled(folder / "many", MANY)}
    took: dict[tuple[str, int], list[float]] = {}
    for number in range(WARM_UP + ROUNDS):
        for size, runtime in sizes.items():
            for name, work in _works(runtime).items():
                begun = time.perf_counter()
                for _ in range(EACH[name]):
                    await work()
                if number >= WARM_UP:
                    took.setdefault((name, size), []).append((time.perf_counter() - begun) / EACH[name])
    for runtime in sizes.values():
        runtime.database.close()
    medians = {key: statistics.median(values) for key, values in took.items()}
    ratios = {f"{name}, 1,000,000 rows to 10,000: ratio": medians[name, MANY] / medians[name, FEW] for name in EACH}
    return ratios | {f"{name}, 10,000 rows: ms": medians[name, FEW] * 1000 for name in EACH}


def _works(runtime: Runtime) -> dict[str, Callable[[], Awaitable[None]]]:
    async def typed(line: str) -> None:
        outcome = await runtime.handle(Inbound("say", "olga", Typed(line)))
        assert isinstance(outcome, Answered)
        assert outcome.card is not None
        assert f"{OPEN}, " in outcome.card.title, outcome.card.title

    async def checked() -> None:
        card = await runtime.write(lambda store: _morning(runtime, store))
        assert f"New feedback: {SINCE_YESTERDAY}." in card.model_dump_json()

    return {**{line: partial(typed, line) for line in LISTS}, MORNING: checked}


def _morning(runtime: Runtime, store: Store) -> Any:
    """The morning check as the ledger has it made."""
    day = runtime.city().calendar.today(NOW)
    sending = Sending(
        store=store, city=runtime.city(), now=NOW, platforms=runtime.platforms,
        routine=ROUTINE, day=day, seat=SEAT, person="maria",
    )  # fmt: skip
    return morning_check(sending)


def _filled(folder: Path, size: int) -> Runtime:
    """A bot whose registers have so many rows each."""
    folder.mkdir()
    runtime = build_runtime(settings_for(folder), SetClock(NOW))
    for table, row in ((feedback, _item), (risks, _risk)):
        for first in range(1, size + 1, AT_ONCE):
            rows = [row(number, size) for number in range(first, min(first + AT_ONCE, size + 1))]
            runtime.database.write(partial(_keep, table, rows))
    return runtime


def _keep(table: Table, rows: Sequence[dict[str, Any]], store: Store) -> None:
    store.connection.execute(insert(table), rows)


def _item(number: int, size: int) -> dict[str, Any]:
    """One piece of feedback, as it would have been logged and answered."""
    at = _logged(number, size)
    what = f"The pothole in front of house {number % 997} is back, and deeper than it was in spring"
    place, answer = f"{number % 300} Elm Street", "It was filled, and we look at it again after the frost."
    ended = {"answer": None, "closed_by": None, "closed_at": None, "reason": None, "took": None, "check_on": None}
    values = {
        "number": number, "what": what, "category": CATEGORIES[number % len(CATEGORIES)], "place_in_town": place,
        "reached_us_by": "phone", "state": "open", "created_by": "owen", "created_at": at, "kind": "complaint",
        "area": "elm street", "owner": PEOPLE[number % len(PEOPLE)], "target": TARGET, "clock": 1, "mark": 0,
        "due_at": at + timedelta(days=3), "words": words_of(what, place, answer), **ended,
    }  # fmt: skip
    if _is_open(number, size):
        return values
    check_on = (NOW + timedelta(days=(size - number) % 7)).date() if number > size - RECENT - ASKED else None
    return values | {
        "state": "closed", "answer": answer, "closed_by": "sam", "closed_at": at + timedelta(days=2), "reason": "done",
        "took": TARGET // 2, "check_on": check_on, "mark": 50, "due_at": None,
    }  # fmt: skip


def _risk(number: int, size: int) -> dict[str, Any]:
    """One risk, as it would have been logged and closed."""
    at, is_open = _logged(number, size), _is_open(number, size)
    likelihood, impact = 1 + number % 5, 1 + number // 5 % 5
    ended = {} if is_open else {"reason": "The gate was repaired", "closed_by": "olga", "closed_at": at}
    return {
        "number": number, "title": f"The gate of weir {number % 997} does not close", "likelihood": likelihood,
        "impact": impact, "score": likelihood * impact, "owner": PEOPLE[number % len(PEOPLE)],
        "review_on": (NOW + timedelta(days=number % 60 - 10)).date(), "state": "open" if is_open else "closed",
        "reason": None, "created_by": "sam", "created_at": at, "closed_by": None, "closed_at": None,
        "category": "infrastructure", "department": "public-works", **ended,
    }  # fmt: skip


def _is_open(number: int, size: int) -> bool:
    return number > size - RECENT or number % (size // (OPEN - RECENT)) == 1


def _logged(number: int, size: int) -> datetime:
    """When one was logged: the newest shortly after each other, the others evenly over the years before."""
    if number > size - RECENT:
        return NOW - APART / 2 - APART * (size - number)
    return NOW - APART * RECENT - timedelta(days=365 * YEARS) * ((size - number) / size)
