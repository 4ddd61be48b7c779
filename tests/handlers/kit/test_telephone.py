"""Telephone: each usual form is one address that is dialed as it was meant, and two numbers are none."""

import pytest

from handlers.kit.telephone import dialed


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("911", "tel:911"),
        ("555-0115", "tel:5550115"),
        ("(555) 0111", "tel:5550111"),
        ("(212) 555-0111", "tel:2125550111"),
        ("+1 (212) 555-0111", "tel:+12125550111"),
        ("212.555.0111", "tel:2125550111"),
        ("555-0115 ext. 12", "tel:5550115;ext=12"),
        ("555-0115 x12", "tel:5550115;ext=12"),
        ("555-0115, extension 1200", "tel:5550115;ext=1200"),
        ("555-0115 #12", "tel:5550115;ext=12"),
        ("+49 (0)30 12345", "tel:+493012345"),
        ("030/12345", "tel:03012345"),
        ("011 49 30 12345678", "tel:011493012345678"),
    ],
)
def test_each_usual_form_is_dialed_as_it_was_meant(written: str, address: str) -> None:
    assert dialed(written) == address


@pytest.mark.parametrize(
    "written",
    [
        *("555-0111 / 555-0191", "555-0111/0191", "555-0111, 555-0191", "555-0111 or 555-0191", "555-0111 555-0191"),
        *("call me", "1", "", "+", "+" + "5" * 19, "555-0115 ext", "555+0111", "555-0111\n"),
    ],
)
def test_what_is_not_one_number_is_refused_with_the_fix(written: str) -> None:
    with pytest.raises(ValueError, match="write one telephone number, such as"):
        dialed(written)
