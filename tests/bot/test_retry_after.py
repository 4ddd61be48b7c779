"""Retry-After: whatever the header says, nobody waits for longer than an hour."""

import pytest

from bot.post import Wait
from bot.retry_after import asked_to_wait, retry_after

DATE = "Mon, 23 Nov 2026 14:00:00 GMT"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("17", 17), ("1.5", 1.5), ("0", 0), (" 30 ", 30), ("3600", 3600), ("3601", 3600), ("99999999", 3600),
        ("9" * 400, 3600), ("-5", None), ("soon", None), ("", None), ("nan", None), ("inf", None), ("1e3", None),
        ("\u0663", None), ("17, 18", None), ("Mon, 23 Nov 2026 14:00:45 GMT", 45), ("Mon, 23 Nov 2026 13:00:00 GMT", 0),
        ("Mon, 23 Nov 2026 15:00:30 +0100", 30), ("Thu, 01 Jan 2099 00:00:00 GMT", 3600),
        ("Thu, 32 Foo 2099 99:00:00 GMT", None),
        ("Mon, 23 Nov 99999999999999999999 14:00:45 GMT", None), ("Mon, 23 Nov 2026 14:00:45", 45),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_not_heeded_and_nothing_is_waited_for_longer_than_an_hour(
    said: str, seconds: float | None
) -> None:
    assert retry_after({"retry-after": said, "Date": DATE}) == seconds


def test_who_asks_for_too_long_is_named_with_what_they_asked() -> None:
    why = "Slack asks to go slower, for 99999999 seconds; it is tried again after 3600"
    assert asked_to_wait("Slack asks to go slower", {"Retry-After": "99999999"}) == Wait(why, 3600)
    assert asked_to_wait("Slack asks to go slower", {}) == Wait("Slack asks to go slower", None)
