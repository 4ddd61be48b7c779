"""Hints: what looks like contact data is noticed, and what only resembles it a little is not."""

import pytest

from handlers.kit.hints import personal


@pytest.mark.parametrize(
    ("text", "seems"),
    [
        ("Call me at 212-555-0147 please", ["a phone number"]),
        ("(212) 555 0147", ["a phone number"]),
        ("+49 30 1234567", ["a phone number"]),
        ("write to ann.lee@example.org", ["an e-mail address"]),
        ("ann@example.org or 212.555.0147", ["an e-mail address", "a phone number"]),
        ("my card 4111 1111 1111 1111 was charged twice", ["a card number"]),
        ("4111-1111-1111-1111", ["a card number"]),
        ("1234 5678 9012 3456", []),  # no card: its check digit is wrong
        ("Pothole in front of 12 Elm Street", []),
        ("since 2026-11-23, again on 11/24/2026", []),
        ("Bus 42 at 7:30, 3 times", []),
        ("bill 2026-000123 of $1,204.50", []),
        ("see @sam and the #water place", []),
        ("closed 2026-11-01 - 2026-11-05, budget 2025 - 2026", []),
        ("since 2026-11-23 1400, on 11/23/2026 11/24/2026", []),
        ("server 192.168.100.200 at 40.712776, -74.005974", []),
        ("2026-11-23 212-555-0147", ["a phone number"]),
        ("(212)555-0147x12", ["a phone number"]),
        ("212.555.0147", ["a phone number"]),
        ("", []),
    ],
)
def test_what_a_text_seems_to_hold(text: str, seems: list[str]) -> None:
    assert personal(text) == seems
