"""Access forged: whatever the value of a button says, it is refused in words, and no bug is logged."""

import logging
from collections.abc import Iterator

import pytest

from bot.inbound import Gesture, Pressed, Submitted
from handlers.kit.catalogue import Action
from handlers.kit.policy import may
from tests.access.cases import cases_of
from tests.access.matrix import Scene, scene_of
from tests.access.town import ACTORS, STRANGER, AccessTown

HUGE = "9" * 30  # more than a database counts
FORGED = ("", "x", HUGE, "R-1 x y z", f"CR-2026-01 {HUGE}", "\ud800")


@pytest.fixture
def scene(town: AccessTown) -> Scene:
    return scene_of(town, STRANGER)


def test_a_forged_value_is_no_bug(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    people = [scene.town.runtime.city().people[ACTORS[role]] for role in ("city_manager", "admin", "crisis_team")]
    for action, what in _forged(scene):
        person = next(one.id for one in people if may(one.all_roles, action.needs))
        answer = scene.town.tries(person, lambda what=what: what)  # type: ignore[misc]
        assert caplog.records == [], (action.name, what, answer.said)


def _forged(scene: Scene) -> Iterator[tuple[Action, Gesture]]:
    """Each button with values that none of ours has: some of anything, and its own with a word that is another."""
    for action, case in cases_of(scene.town.runtime.catalogue):
        if isinstance(action, Action):
            words = (case.about(scene.things) or "").split(" ")
            own = [" ".join([*words[:place], HUGE, *words[place + 1 :]]) for place in range(len(words))]
            for value in (*FORGED, *own, " ".join(words[:-1]), " ".join([*words, "x"])):
                yield action, Pressed(action.name, value)
                if action.asks is not None:
                    yield action, Submitted(f"{action.name}|{value}", f"forged {value}", {})
