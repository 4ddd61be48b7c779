"""Values: what a button of ours carries is read back, and whatever else it says is refused in words."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from handlers.kit.errors import UserError
from handlers.kit.values import LONGEST, MOST, NOT_OURS, day_of, number_of, parts_of, ref_of


@pytest.mark.parametrize(
    ("read", "value", "found"),
    [
        (number_of, "7", 7),
        (number_of, "-3600", -3600),
        (number_of, str(MOST), MOST),
        (day_of, "2026-11-23", date(2026, 11, 23)),
        (partial(parts_of, count=2), "CR-2026-01 sam", ["CR-2026-01", "sam"]),
        (ref_of, "feedback F-1", "feedback F-1"),
    ],
)
def test_what_is_ours_is_read_back(read: Callable[[str], object], value: str, found: object) -> None:
    assert read(value) == found


@pytest.mark.parametrize(
    ("read", "value"),
    [
        *(
            (number_of, value)
            for value in ("", "x", "1.5", "1_0", " 7", "7\n", "\u00b2", "\u0667", str(MOST + 1), "9" * 30)
        ),
        *((day_of, value) for value in ("", "today", "2026-02-30", "2026-11-23 ")),
        *((partial(parts_of, count=2), value) for value in ("", "a", "a b c", "a ", "a  b")),
        *((ref_of, value) for value in ("", "x" * (LONGEST + 1))),
    ],
)
def test_all_else_is_refused_in_words(read: Callable[[str], object], value: str) -> None:
    with pytest.raises(UserError, match=NOT_OURS):
        read(value)
