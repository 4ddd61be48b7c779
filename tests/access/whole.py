"""Whole access: all of the matrix, and all sequences of two steps and some of three; see make access."""

import pytest

from tests.access.matrix import read, scene_of, try_everything, write, written
from tests.access.reviewed import unreviewed
from tests.access.search import Search, Step
from tests.access.test_matrix import HOW
from tests.access.town import STRANGER, AccessTown

SEED, DRAWN = 2026, 150  # sequences of three
GROUPS = ("risk", "feedback", "crisis")
ALL_THEIRS = ("olga", "", "feedback")  # a head is refused nothing about feedback of her own


def test_each_role_may_what_the_matrix_says(town: AccessTown, request: pytest.FixtureRequest) -> None:
    lines = written(try_everything(town, town.runtime.catalogue))
    if request.config.getoption("--write-access"):
        write(lines)
    assert lines == read(), HOW


@pytest.mark.parametrize("person", ["sam", "olga"])
@pytest.mark.parametrize("group", [*GROUPS, "rest"])
@pytest.mark.parametrize("holder", [STRANGER, ""], ids=["of others", "of their own"])
def test_no_steps_give_anybody_a_right(town: AccessTown, person: str, holder: str, group: str) -> None:
    search = Search(scene_of(town, holder or person), person)
    goals = [goal for goal in search.goals() if _is_in(goal, group)]
    if (person, holder, group) == ALL_THEIRS:
        assert goals == []
        return
    found = search.gained(2, goals)
    found += search.drawn(3, DRAWN, goals, SEED, found)
    assert unreviewed(found) == []
    assert search.tries > len(goals) > 0


def _is_in(goal: Step, group: str) -> bool:
    return goal.group == group or (group == "rest" and goal.group not in GROUPS)
