"""Inbound: what people say is kept in characters that every database takes, and none of it is in the log."""

import pytest

from bot.inbound import FromMessage, Gesture, Inbound, Pressed, Submitted, Typed, in_storable_words


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (Typed("help \ud83d"), Typed("help ")),
        (Pressed("risk.show", "R-1\x00"), Pressed("risk.show", "R-1")),
        (FromMessage("risk add", "Dam\ud83d leaks", key="k"), FromMessage("risk add", "Dam leaks", key="k")),
        (FromMessage("risk add", "Dam", author="Ann\ud83d"), FromMessage("risk add", "Dam", author="Ann")),
        (Submitted("risk.add|\x00", "n\ud83d", {"title": "\ude00Dam"}), Submitted("risk.add|", "n", {"title": "Dam"})),
        (Typed("Dam \U0001f600"), Typed("Dam \U0001f600")),
    ],
)
def test_half_an_emoji_and_nul_are_left_out(said: Gesture, kept: Gesture) -> None:
    assert in_storable_words(said) == kept


@pytest.mark.parametrize(
    ("said", "about"),
    [
        (Pressed("risk.show", "R-1"), "R-1"),
        (Pressed("crisis.here", "CR-2026-01"), "CR-2026-01"),
        (Pressed("say", "risk add Mrs Resident called about R-1"), None),
        (Typed("R-1"), None),
    ],
)
def test_the_log_names_the_reference_of_a_button_and_nothing_that_somebody_wrote(
    said: Gesture, about: str | None
) -> None:
    assert Inbound("slack", "U1", said).about == about
