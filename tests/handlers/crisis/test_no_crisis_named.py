"""No crisis named: a button without a crisis, or of one that is over, does nothing and says what is true."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.inbound import Answered, Asking, Gesture, Pressed, Typed
from handlers.kit.values import NOT_OURS
from storage.audit import audit
from storage.database import Store
from tests.chat.bot import settings_for
from tests.registers.world import World, sentences

REF = "CR-2026-01"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(settings_for(tmp_path))
    opened.begin()
    opened.handle("olga", Typed("/crisis activate Water main burst; level 2"))
    yield opened
    opened.close()


def rows(store: Store) -> int:
    return int(store.connection.execute(select(func.count()).select_from(audit)).scalar_one())


def refused(world: World, person: str, what: Gesture) -> str:
    """What somebody reads who is refused; nothing is written."""
    before = world.read(rows)
    outcome = world.handle(person, what)
    assert isinstance(outcome, Asking) or (isinstance(outcome, Answered) and not outcome.ok), outcome
    assert world.read(rows) == before
    return " ".join(sentences(outcome))


@pytest.mark.parametrize("action", ["crisis.here", "crisis.confirm", "crisis.alone", "crisis.coming", "crisis.cannot",
                                    "crisis.rollcall-anew", "crisis.timeline-sheet"])  # fmt: skip
def test_a_button_that_names_no_crisis_never_means_the_open_one(world: World, action: str) -> None:
    assert refused(world, "maria", Pressed(action, "")) == NOT_OURS


def test_who_is_there_when_it_is_over_reads_that_it_is(world: World) -> None:
    for person in ("maria", "priya"):
        world.handle(person, Typed("/crisis confirm"))
    world.handle("maria", Typed("/crisis standdown Water is back"))
    world.handle("dana", Pressed("crisis.standdown-agree", f"{REF} 1"))
    assert "CR-2026-01 is over already: Dana Whitfield stood it down" in refused(
        world, "tom", Pressed("crisis.here", REF)
    )


def test_a_tick_that_is_not_there_is_taken_back_without_a_trace(world: World) -> None:
    world.handle("maria", Typed("/checklist tick Issue resolution"))
    world.handle("maria", Typed("/checklist untick Issue resolution"))
    before = world.read(rows)
    outcome = world.handle("maria", Typed("/checklist untick Issue resolution"))
    assert isinstance(outcome, Answered)
    assert outcome.card
    assert outcome.card.title == "Not checked off: Issue resolution"
    assert world.read(rows) == before
