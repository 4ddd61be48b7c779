"""Lives: under random legal and illegal steps, risks and feedback keep their rules on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.chat.bot import settings_for
from tests.registers.feedback_lives import FeedbackLives
from tests.registers.risk_lives import RiskLives
from tests.registers.world import World, lives


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.doors)])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def world(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """One bot for all lives of a test."""
    keys = {"database_url": request.getfixturevalue("postgresql_url")} if database == "postgresql" else {}
    opened = World(settings_for(tmp_path, **keys))
    yield opened
    opened.close()


def test_risks_live_by_the_rules(world: World, database: str) -> None:
    run_state_machine_as_test(
        lambda: RiskLives(world),  # type: ignore[arg-type]  # it takes a function as well
        settings=lives(database),
    )


def test_feedback_lives_by_the_rules(world: World, database: str) -> None:
    run_state_machine_as_test(
        lambda: FeedbackLives(world),  # type: ignore[arg-type]  # it takes a function as well
        settings=lives(database),
    )
