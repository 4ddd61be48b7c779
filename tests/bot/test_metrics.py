"""Metrics: a quantile is always a count that somebody really has."""

import pytest

from bot.metrics import quantile


@pytest.mark.parametrize(
    ("counts", "share", "expected"),
    [([], 0.5, 0), ([3], 0.5, 3), ([1, 2], 0.5, 1), ([4, 1, 2], 0.5, 2), (range(1, 11), 0.9, 9), (range(1, 11), 1, 10),
     (range(1, 12), 0.9, 10), ([0, 0, 7], 1, 7)],
)  # fmt: skip
def test_a_quantile_is_what_that_share_of_people_does_not_exceed(
    counts: list[int], share: float, expected: int
) -> None:
    assert quantile(list(counts), share) == expected
