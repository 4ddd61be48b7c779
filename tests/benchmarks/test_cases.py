"""The cases: each does what it says with few rows, its floor the same work, and proves that the rows are there."""

import pytest

from benchmarks.adding import SLACK_ROWS, TEAMS_ROWS
from benchmarks.cases import Group
from benchmarks.floor import Floor
from benchmarks.house import House
from benchmarks.proof import check
from benchmarks.registry import GROUPS
from benchmarks.rounds import in_flight, one_at_a_time
from benchmarks.rows import Rows
from benchmarks.teams_floor import TeamsFloor
from benchmarks.teams_house import TeamsHouse
from benchmarks.workshop import Workshop
from storage.database import Store

OWN_PROCESSES = ("start to ready with Slack only, s", "memory growth per 10,000 commands after the first 20,000, MB")
WITHIN_A_PROCESS = [group for group in GROUPS if group.cases[0].name not in OWN_PROCESSES]


@pytest.mark.doors
@pytest.mark.parametrize("group", WITHIN_A_PROCESS, ids=lambda group: group.cases[0].name)
async def test_a_group_gives_a_figure_for_each_of_its_cases(group: Group, workshop: Workshop) -> None:
    figures = await group.measure(workshop)
    assert {figure.case for figure in figures} == set(group.cases)
    assert all(figure.ours > 0 for figure in figures if figure.case.compared == "ours")


@pytest.mark.parametrize(
    ("house_of", "floor_of", "each"), [(House, Floor, SLACK_ROWS), (TeamsHouse, TeamsFloor, TEAMS_ROWS)]
)
async def test_the_floor_commits_as_many_rows_as_the_bot(
    house_of: type[House] | type[TeamsHouse], floor_of: type[Floor] | type[TeamsFloor], each: int, workshop: Workshop
) -> None:
    folder = workshop.folder()
    house, rows = house_of(folder), Rows(folder, each)
    await house.open(looking=False)
    before = written(house)
    for side in (house, floor_of(rows)):
        await one_at_a_time(side, [side.receive(request) for request in house.requests(2)])
    assert written(house) - before == 2 * each == rows.count
    await in_flight(house, [house.receive(request) for request in house.requests(3)])
    await check(house.application.runtime, risks=5)
    with pytest.raises(AssertionError, match="6 risks were logged, 5 are there"):
        await check(house.application.runtime, risks=6)
    await house.close()
    rows.close()


def written(house: House | TeamsHouse) -> int:
    """How many rows the writer has written so far, by SQLite's own count."""

    def changes(store: Store) -> int:
        return int(store.connection.connection.dbapi_connection.total_changes)  # type: ignore[union-attr]

    return house.application.runtime.database.submit_write(changes).result()
