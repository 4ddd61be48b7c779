"""Numbers: what people type is read exactly, or answered with a sentence."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.numbers import DECIMALS, DIGITS, read_amount, read_number, read_whole, spoken_change, spoken_number

KEPT = st.decimals(-(10**DIGITS) + 1, 10**DIGITS - 1, places=DECIMALS)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1250", "1250"), ("1,250", "1250"), ("1 250", "1250"), ("1\u202f250,5", "1250.5"), ("1,250.75", "1250.75"),
        ("12.5", "12.5"), ("12,5", "12.5"), ("12,5 %", "12.5"), ("$1,250", "1250"), (".5", "0.5"), ("0", "0"),
        ("\u22123", "-3"), ("\u20143", "-3"), ("1,250,000", "1250000"), ("007", "7"), ("2.50", "2.5"),
        ("2.5000", "2.5"), ("0.125", "0.125"), ("1250.125", "1250.125"), ("-5", "-5"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(typed: str, number: str) -> None:
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["a few", "12 calls", "1,25,0", "0,125", "1.250,5", "1e5", "12k", "-", "٣", "nan"])
def test_what_is_no_number_or_could_be_two_gets_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match=r"not a number I can read\. Write only the number, such as 1,250 or 12\.5"):
        read_number(typed)


@pytest.mark.parametrize(
    ("typed", "both"),
    [
        ("1.250", "1,250 or 1.25. Write 1250 or 1.25."), ("12.500 %", "12,500 or 12.5. Write 12500 or 12.5."),
        ("$2.345", "2,345 or 2.345. Write 2345 or 2.3450."), ("-1.250", "-1,250 or -1.25. Write -1250 or -1.25."),
    ],
)  # fmt: skip
def test_what_could_be_thousands_or_a_part_is_asked_back(typed: str, both: str) -> None:
    with pytest.raises(ValueError, match=f"could be {both}".replace(".", r"\.")):
        read_number(typed)


@pytest.mark.parametrize("typed", ["-5", "\u22125", "-0.5", "$-3"])
def test_what_is_counted_from_0_up_is_never_below(typed: str) -> None:
    assert read_number(typed) < 0
    with pytest.raises(ValueError, match="is below zero, and this is counted from 0 up"):
        read_amount(typed)


def test_what_is_counted_in_whole_ones_has_no_part_after_the_point() -> None:
    assert [read_whole(typed) for typed in ("90", "90.0", "1,250", "0")] == [90, 90, 1250, 0]
    for typed in ("90.5", "1.250", "-5", "soon"):
        with pytest.raises(ValueError, match=typed):
            read_whole(typed)


@pytest.mark.parametrize(("typed", "why"), [("1000000000000", "too large"), ("1.2345", "too many decimals")])
def test_what_no_database_would_keep_exactly_is_refused(typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_number(typed)


@given(KEPT)
def test_what_people_read_is_read_as_the_same_number(number: Decimal) -> None:
    assert read_number(spoken_number(number)) == number


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [("1250", "1247", "+3"), ("12.5", "13.0", "-0.5"), ("7", "7.000", "same"), ("1250", "0", "+1,250")],
)
def test_a_change_says_by_how_much(now: str, before: str, said: str) -> None:
    assert spoken_change(Decimal(now), Decimal(before)) == said
    assert spoken_change(Decimal(now), None) == ""
