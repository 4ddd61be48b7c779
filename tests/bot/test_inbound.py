"""Inbound: whatever people say is kept in characters that every database takes."""

import pytest

from bot.inbound import FromMessage, Gesture, Pressed, Submitted, Typed, in_storable_words


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
