"""Lives: people come and go by random steps; on each database nobody who left is asked and all duties have somebody."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.duties.people_lives import PeopleLives
from tests.duties.town import Town, town_settings

MANY = os.environ.get("LIVES")
FEW = {"sqlite": 2, "postgresql": 1}  # without LIVES; the other database need only show the same


def lives(database: str) -> settings:
    """How many lives a test runs."""
    if MANY:
        return settings(max_examples=int(MANY), stateful_step_count=40)
    return settings(max_examples=FEW[database], stateful_step_count=12, derandomize=True, phases=[Phase.generate])


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.doors)])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    opened = Town(town_settings(request, tmp_path))
    yield opened
    opened.close()


def test_whoever_comes_and_goes_somebody_is_asked_once(town: Town, request: pytest.FixtureRequest) -> None:
    run_state_machine_as_test(
        lambda: PeopleLives(town),  # type: ignore[arg-type]  # it takes a function as well
        settings=lives(request.node.callspec.params["town"]),
    )
