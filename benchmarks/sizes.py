"""Sizes: what people ask for most, and what the bot says each morning, in a large city and after many years.

A figure is the median at the larger size, and its floor the median of the same at the smaller one.
"""

import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from benchmarks.cases import Case, Figure, Group
from benchmarks.city import Inhabitant, found, inhabitants, introduce
from benchmarks.filled import OPEN
from benchmarks.proof import check_audit
from benchmarks.still import StillBot
from benchmarks.workshop import Workshop
from bot.inbound import Pressed
from bot.piecework import send_by_hand
from handlers.kit.morning import ROUTINE as MORNING
from handlers.kit.seats import EVERYBODY

FEW_PEOPLE = 20  # about those of Riverton
WHY = "nothing costs by head or by row; half as much again is left for deeper indexes and colder memory"
SECONDS, DIGESTS = 5.0, 25.0  # after which no further round is begun
MANY_PEOPLE, MANY_ROWS, SMALL = "10,000 people to 20", "1,000,000 rows to 10,000", ""
LARGER = (MANY_PEOPLE, MANY_ROWS)
Work = Callable[["Town"], Awaitable[float]]


@dataclass
class Town:
    """A bot of one size; ``digests`` is how many it has sent."""

    bot: StillBot
    those: list[Inhabitant]
    rows: int
    digests: int = field(default=0)


async def _asked(line: str, town: Town) -> float:
    """Seconds for a list, whose title says how many are open."""
    begun = time.perf_counter()
    card = await town.bot.says("olga", line)
    took = time.perf_counter() - begun
    assert line == "/city today" or f"{OPEN}, " in card.title, card.title
    return took


async def _home(town: Town) -> float:
    """Seconds to put somebody's home page in order, the answer queued."""
    [olga] = [person for person in town.those if person.id == "olga"]
    begun = time.perf_counter()
    await town.bot.does(olga.account, Pressed("home.open", olga.account), "slack", inline=False)
    return time.perf_counter() - begun


async def _morning(town: Town) -> float:
    """Seconds for a morning check, written and queued."""
    bot, runtime = town.bot, town.bot.runtime
    bot.clock.advance(seconds=1)
    now, city = bot.clock.now(), runtime.city()
    routine, today = runtime.catalogue.routines[MORNING], city.calendar.today(now)
    begun = time.perf_counter()
    [told], broken = await send_by_hand(runtime, bot.ledger, routine, today, "ines")
    assert (told, broken) == ("maria", [])
    return time.perf_counter() - begun


async def _rollcall(town: Town) -> float:
    begun = time.perf_counter()
    card = await town.bot.says("olga", "/crisis rollcall")
    took = time.perf_counter() - begun
    assert "Parks and Recreation" in card.model_dump_json()
    return took


async def _digest(town: Town) -> float:
    """Seconds for each message of a digest to everybody, each of whom has something to do."""
    bot, before, took = town.bot, await town.bot.queued("digest"), 0.0
    town.digests += 1
    day = bot.runtime.city().calendar.today(bot.clock.now()) + timedelta(days=town.digests)
    await bot.plan("digest", day, EVERYBODY)
    while (told := await bot.queued("digest") - before) < len(town.those):
        begun = time.perf_counter()
        await bot.looking.fire()
        await bot.looking.work_off()
        took += time.perf_counter() - begun
        bot.clock.advance(seconds=1)
        assert took < 600, f"{told} of {len(town.those)} were told"
    assert told == len(town.those)
    return took / told


MORNING_CHECK, ROLLCALL, DIGEST = "morning check", "roll call's table", "digest, each message"
FIRST: Mapping[str, tuple[int, Work]] = {  # so many times in a round, which then takes long enough to be measured
    MORNING_CHECK: (1, _morning),
    "home": (5, _home),
    **{line: (10, partial(_asked, line)) for line in ("/risk list", "/feedback list", "/city today")},
}
CASES = {
    (name, larger): Case(f"{name}, {larger}, ratio", "ms", WHY, 1.5)
    for name in (*FIRST, ROLLCALL, DIGEST)
    for larger in LARGER
}


async def sizes(workshop: Workshop) -> list[Figure]:
    """All of it in three towns in turn: a small one, one with many people, one with many rows."""
    size = workshop.size
    towns = {
        SMALL: _town(workshop, workshop.few, FEW_PEOPLE, size.few_rows),
        MANY_PEOPLE: _town(workshop, workshop.few, size.people, size.few_rows),
        MANY_ROWS: _town(workshop, workshop.many, FEW_PEOPLE, size.rows),
    }
    figures: list[Figure] = []
    try:
        for name, (times, work) in FIRST.items():
            figures += _figures(name, await _medians(towns, work, size.rounds, times))
        for town in towns.values():
            await town.bot.says("olga", "/crisis activate Water main burst; level 2")
            await town.bot.says("maria", "/crisis confirm")
        figures += _figures(ROLLCALL, await _medians(towns, _rollcall, size.rounds, 10))
        for town in towns.values():
            await town.bot.give_work(town.those, town.rows)
        figures += _figures(DIGEST, await _medians(towns, _digest, size.rounds, 1, DIGESTS))
        for town in towns.values():
            await check_audit(town.bot.runtime)
    finally:
        for town in towns.values():
            town.bot.close()
    return figures


def _town(workshop: Workshop, database: Path, people: int, rows: int) -> Town:
    folder, those = workshop.copy(database), inhabitants(people)
    introduce(folder / "cityops.db", those)
    return Town(StillBot(found(folder, those)), those, rows)


async def _medians(
    towns: Mapping[str, Town], work: Work, rounds: int, times: int, seconds: float = SECONDS
) -> dict[str, float]:
    """The median milliseconds in each town. The first round warms up, unless it is so slow that there is no other."""
    took: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds + 1):
        for name, town in towns.items():
            if sum(took[name]) * times > seconds:
                continue
            values = [await work(town) for _ in range(times)]
            took[name].append(statistics.mean(values))
    return {name: statistics.median(values[1:] or values) * 1000 for name, values in took.items()}


def _figures(name: str, medians: Mapping[str, float]) -> list[Figure]:
    return [CASES[name, larger].measured(medians[larger], medians[SMALL]) for larger in LARGER]


GROUPS = (Group(tuple(CASES.values()), sizes),)
