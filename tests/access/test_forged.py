"""Access forged: a button with a forged value is refused with a sentence, and no bug is logged."""

import logging
from collections.abc import Iterator

import pytest

from bot.inbound import Gesture, Pressed, Submitted
from handlers.kit.declared import Action
from handlers.kit.policy import may
from tests.access.cases import cases_of
from tests.access.matrix import Scene, scene_of
from tests.access.town import ACTORS, STRANGER, AccessTown

HUGE = "9" * 30  # larger than an integer of the database
FORGED = ("", "x", HUGE, "R-1 x y z", f"CR-2026-01 {HUGE}", "\ud800")


@pytest.fixture
def scene(town: AccessTown) -> Scene:
    return scene_of(town, STRANGER)


def test_a_forged_value_is_no_bug(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    people = [scene.town.runtime.city().people[ACTORS[role]] for role in ("city_manager", "admin", "crisis_team")]
    for action, what in _forged(scene):
        person = next(person.id for person in people if may(person.all_roles, action.needs))
        answer = scene.town.tries(person, lambda what=what: what)  # type: ignore[misc]
        assert caplog.records == [], (action.name, what, answer.said)


def _forged(scene: Scene) -> Iterator[tuple[Action, Gesture]]:
    """Each button with forged values: some for all of them, and its own with one word replaced, missing or added."""
    for action, case in cases_of(scene.town.runtime.catalogue):
        if isinstance(action, Action):
            words = (case.about(scene.things) or "").split(" ")
            own = [" ".join([*words[:place], HUGE, *words[place + 1 :]]) for place in range(len(words))]
            for value in (*FORGED, *own, " ".join(words[:-1]), " ".join([*words, "x"])):
                yield action, Pressed(action.name, value)
                if action.asks is not None:
                    yield action, Submitted(f"{action.name}|{value}", f"forged {value}", {})
