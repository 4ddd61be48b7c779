"""Pieces: a piece names the references that it shows."""

from handlers.kit.pieces import refs_in


def test_a_reference_ends_before_the_full_stop_of_its_sentence() -> None:
    assert refs_in("See R-1. CR-2026-01.2, F-7- and AI-1 too; not r-2.") == {"R-1", "CR-2026-01.2", "F-7", "AI-1"}
