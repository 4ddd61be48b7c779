"""Taking out: each command and button of the catalogue that gives a file out has a right for it and an audit row."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest
from sqlalchemy import select

from bot.inbound import Answered
from handlers.kit.declared import Action, Command
from handlers.kit.messages import File
from handlers.kit.policy import TAKES_OUT, may
from storage.audit import audit
from storage.database import Store
from tests.access.cases import Case, cases_of, gesture
from tests.access.matrix import Scene, scene_of
from tests.access.town import ACTORS, STRANGER, AccessTown

Row = tuple[str, str]  # who, and the act


def taken_out(store: Store) -> list[Row]:
    """The rows about what left the bot in a file."""
    rows = store.connection.execute(select(audit.c.person, audit.c.act, audit.c.facts))
    return [(row.person, row.act) for row in rows if "format" in json.loads(row.facts)]


@dataclass(frozen=True)
class Given:
    """What came of a try: whether it was done, whether a file came of it, and the rows that were written about that."""

    done: bool
    has_file: bool
    rows: list[Row]


def tries(scene: Scene, actor: str, target: Command | Action, case: Case, number: int) -> Given:
    """Let somebody try it, and put everything back."""
    town = scene.town
    about = case.about(scene.things)
    assert about is not None, f"{target.name} has no record to be tried with"
    what = gesture(target, case, about, scene.things, town.runtime.city(), f"taken out {number}")
    try:
        answer = town.does(actor, lambda: what, case.way, reads_only=target.reads_only)
        card = answer.outcome.card if isinstance(answer.outcome, Answered) else None
        has_file = any(isinstance(word, File) for word in card.body) if card else False
        return Given(answer.letter == "A", has_file, town.read(taken_out))
    finally:
        town.goes_back()


def who_may(town: AccessTown, right: str) -> Iterator[str]:
    people = town.runtime.city().people
    return (actor for actor in ACTORS.values() if actor in people and may(people[actor].all_roles, right))


@pytest.mark.doors
def test_whatever_gives_a_file_out_has_a_right_for_that_and_leaves_a_row(town: AccessTown) -> None:
    scene, numbers = scene_of(town, STRANGER), count()
    assert town.read(taken_out) == []
    found: set[str] = set()
    for target, case in cases_of(town.runtime.catalogue):
        for actor in who_may(town, target.needs):
            given = tries(scene, actor, target, case, next(numbers))
            if given.has_file:
                found.add(target.name)
                assert target.needs in TAKES_OUT, f"{target.name} gives a file out: its right is to stand in TAKES_OUT"
                assert given.rows == [(actor, target.name)], f"{target.name} gives a file out and leaves no row"
            else:
                assert given.rows == []
            if given.done:
                break
    declared = {target.name for target, _ in cases_of(town.runtime.catalogue) if target.needs in TAKES_OUT}
    assert found == declared, "not all of them gave a file out here: tests/access/cases.py does not fit"
