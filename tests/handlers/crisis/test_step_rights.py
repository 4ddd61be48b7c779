"""Step rights: buttons that somebody is not shown refuse them too; a step is also for the person it was given to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.inbound import Answered, Pressed, Submitted
from handlers.kit.plain import plain
from tests.chat.bot import settings_for
from tests.handlers.crisis.test_acting_answers import BEGUN, CLOSE, REF, STEP, begin, form
from tests.registers.world import World

OTHER = f"{REF} step prevention"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(settings_for(tmp_path))
    begin(opened, [*BEGUN, ("maria", form(f"crisis.step-give|{STEP}", person="@yuki"))])
    yield opened
    opened.close()


def _said(world: World, person: str, what: Pressed | Submitted) -> str:
    outcome = world.handle(person, what)
    assert isinstance(outcome, Answered)
    assert outcome.card is not None
    return plain(outcome.card)


def test_who_was_given_a_step_does_it_and_takes_no_other(world: World) -> None:
    assert f"Only those who work on {REF}" in _said(world, "yuki", Pressed("crisis.step-mine", OTHER))
    assert f"Only those who work on {REF}" in _said(world, "sam", form(f"crisis.step-done|{STEP}", note=""))
    assert "1 of 5 done" in _said(world, "yuki", form(f"crisis.step-done|{STEP}", note=""))


def test_what_is_not_shown_to_somebody_refuses_them_too(world: World) -> None:
    assert f"Only those who work on {REF}" in _said(world, "sam", Pressed("crisis.take", f"{REF} legal"))
    assert "closes a part of the plan" in _said(world, "dana", CLOSE)
    assert f"Only those who work on {REF}" in _said(world, "sam", Pressed("crisis.step-mine", STEP))
