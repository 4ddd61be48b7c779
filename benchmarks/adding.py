"""Adding: what `/risk add` costs in Slack and in Teams, in memory and on the disk, alone and with 32 in flight."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.cases import Case, Figure, Group
from benchmarks.floor import Floor
from benchmarks.house import House
from benchmarks.proof import check
from benchmarks.rounds import How, Side, in_flight, medians, one_at_a_time
from benchmarks.rows import Rows
from benchmarks.teams_floor import TeamsFloor
from benchmarks.teams_house import TeamsHouse
from benchmarks.workshop import Workshop
from tests.sqlite import migrated

SLACK_ROWS = 5  # what one `/risk add` writes: the counter, the risk, its timer, the audit row, the inbox key
TEAMS_ROWS = SLACK_ROWS + 2  # and the answer: its post and its outbox row
IN_MEMORY = "the dispatch answers nothing and keeps nothing; what is left is policy, form, card, audit and SQL"
WITH_SYNC = "the floor commits as many rows; a person waits three times the least they could, and no longer"
AT_ONCE = "work that waits together may share what it costs; 0.05 is what one median differs from the next"


def _cases(platform: str) -> tuple[Case, Case, Case]:
    return (
        Case(f"/risk add in {platform} in memory, ratio to the bare dispatch", "ms", IN_MEMORY, 6.0),
        Case(f"/risk add in {platform} with sync, ratio to dispatch and commit", "ms", WITH_SYNC, 3.0),
        Case(f"/risk add in {platform} with sync, 32 in flight to one at a time, ratio", "ms", AT_ONCE, 1.05),
    )


SLACK, TEAMS = _cases("Slack"), _cases("Teams")
GROWTH = Case(
    "file growth per 1,000 /risk add, KB",
    "KB",
    "kept, so that a change shows; the floor has the same rows",
    None,
    "ours",
)


@dataclass
class Pair:
    """The bot behind one door and the floor, which get requests of the same kind."""

    bot: House | TeamsHouse
    floor: Floor | TeamsFloor
    sent: int = 0  # to the bot
    to_floor: int = 0

    async def timed(self, how: How, count: int, *, floor: bool = False) -> float:
        """Milliseconds for each of so many new requests."""
        side: Side = self.floor if floor else self.bot
        requests = [side.receive(request) for request in self.bot.requests(count)]
        took = await how(side, requests)
        if floor:
            self.to_floor += count
        else:
            self.sent += count
        return took


async def in_slack(workshop: Workshop) -> list[Figure]:
    """In Slack, where the answer is the acknowledgement; and by how much the file grows."""
    folder = workshop.folder()
    memory = await _measured(House(workshop.in_memory()), Floor, None, workshop)
    disk = await _measured(House(folder), Floor, Rows(folder, SLACK_ROWS), workshop)
    return [*_figures(SLACK, memory, disk), _growth(folder, disk)]


async def in_teams(workshop: Workshop) -> list[Figure]:
    """In Teams, where the outbox brings the answer."""
    folder = workshop.folder()
    memory = await _measured(TeamsHouse(workshop.in_memory()), TeamsFloor, None, workshop)
    disk = await _measured(TeamsHouse(folder), TeamsFloor, Rows(folder, TEAMS_ROWS), workshop)
    return _figures(TEAMS, memory, disk)


async def _measured(
    house: House | TeamsHouse, floor: Callable[[Rows | None], Floor | TeamsFloor], rows: Rows | None, workshop: Workshop
) -> dict[str, float]:
    """The medians in ms; what was sent is there afterwards on both sides, and the audit holds."""
    size = workshop.size
    await house.open()
    pair = Pair(house, floor(rows))
    turns = {
        "floor": partial(pair.timed, one_at_a_time, size.each, floor=True),
        "ours": partial(pair.timed, one_at_a_time, size.each),
        "at once": partial(pair.timed, in_flight, size.each),
    }
    try:
        await pair.timed(one_at_a_time, size.warm_up, floor=True)
        await pair.timed(one_at_a_time, size.warm_up)
        found = await medians(turns, size.rounds)
        await check(house.application.runtime, risks=pair.sent)
        assert rows is None or rows.count == pair.to_floor * rows.each
    finally:
        await house.close()
        if rows:
            rows.close()
    return found | {"sent": pair.sent, "to floor": pair.to_floor}


def _figures(cases: tuple[Case, Case, Case], memory: Mapping[str, float], disk: Mapping[str, float]) -> list[Figure]:
    in_memory, with_sync, at_once = cases
    return [
        in_memory.measured(memory["ours"], memory["floor"]),
        with_sync.measured(disk["ours"], disk["floor"]),
        at_once.measured(disk["at once"], disk["ours"]),
    ]


def _growth(folder: Path, disk: Mapping[str, float]) -> Figure:
    empty = migrated(folder / "empty.db").stat().st_size
    ours = ((folder / "cityops.db").stat().st_size - empty) / disk["sent"]
    return GROWTH.measured(ours * 1000 / 1024, (folder / "floor.db").stat().st_size / disk["to floor"] * 1000 / 1024)


GROUPS = (Group((*SLACK, GROWTH), in_slack), Group(TEAMS, in_teams))
