"""Months: which month people mean by its name alone."""

from datetime import date

import pytest

from handlers.checklist.month import read_month


@pytest.mark.parametrize(
    ("words", "today", "month"),
    [
        ("december", date(2026, 11, 28), date(2026, 12, 1)),
        ("feb", date(2026, 11, 28), date(2027, 2, 1)),
        ("march", date(2026, 11, 28), date(2026, 3, 1)),
        ("october", date(2026, 11, 28), date(2026, 10, 1)),
        ("november", date(2026, 11, 28), date(2026, 11, 1)),
        ("december", date(2027, 1, 5), date(2026, 12, 1)),
        ("january", date(2026, 12, 31), date(2027, 1, 1)),
        ("december 2025", date(2026, 11, 28), date(2025, 12, 1)),
    ],
)
def test_a_month_without_a_year_is_one_of_the_next_three_or_the_most_recent(
    words: str, today: date, month: date
) -> None:
    assert read_month(words, today) == month
