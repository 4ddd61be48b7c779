"""Risks of a city: from which level on a new risk is announced, in files of today and of before."""

import pytest

from handlers.kit.city.risks import RiskFacts


@pytest.mark.parametrize(
    ("written", "said", "announced"),
    [
        ({}, "Extreme or High", {(5, 5): True, (2, 5): True, (3, 3): False}),
        ({"announced_from": "extreme"}, "Extreme", {(4, 5): True, (3, 5): False}),
        ({"announced_from": "moderate"}, "Extreme, High or Moderate", {(3, 3): True, (1, 4): False}),
        ({"announce_from": 15}, "score 15 or more", {(3, 5): True, (4, 3): False}),
    ],
)
def test_a_risk_is_announced_from_a_level_or_as_an_older_file_says_from_a_score(
    written: dict[str, object], said: str, announced: dict[tuple[int, int], bool]
) -> None:
    facts = RiskFacts.model_validate(written)
    assert facts.announced_words == said
    assert {pair: facts.announces(*pair) for pair in announced} == announced
    assert facts.lowest_announced == min(
        likelihood * impact
        for likelihood in range(1, 6)
        for impact in range(1, 6)
        if facts.announces(likelihood, impact)
    )
