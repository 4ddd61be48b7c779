"""Pages: the page asked for, or the nearest there is."""

import pytest

from handlers.kit.messages import Buttons, Card, Note, Row
from handlers.kit.pages import page_of


def _page(count: int, wanted: str) -> Card:
    def rows(offset: int, limit: int) -> list[Row]:
        return [Row(str(number)) for number in range(count)[offset : offset + limit]]

    return page_of("Numbers", count, wanted, rows, "numbers.page")


@pytest.mark.parametrize(
    ("wanted", "first", "foot"),
    [
        ("0", "0", "Page 1 of 3"),
        ("2", "20", "Page 3 of 3"),
        ("9", "20", "Page 3 of 3"),
        ("-1", "0", "Page 1 of 3"),
        ("two", "0", "Page 1 of 3"),
        ("9" * 50, "0", "Page 1 of 3"),
    ],
)
def test_a_page_that_is_not_there_is_the_nearest(wanted: str, first: str, foot: str) -> None:
    card = _page(25, wanted)
    assert isinstance(card.body[0], Row)
    assert card.body[0].text.parts == (first,)
    assert isinstance(card.body[-1], Note)
    assert card.body[-1].parts == (foot,)


@pytest.mark.parametrize(("wanted", "labels"), [("0", ["Next"]), ("1", ["Previous", "Next"]), ("2", ["Previous"])])
def test_the_buttons_lead_only_to_pages_that_are_there(wanted: str, labels: list[str]) -> None:
    buttons = _page(25, wanted).body[-2]
    assert isinstance(buttons, Buttons)
    assert [button.label for button in buttons.buttons] == labels


def test_ten_fit_on_one_page_without_buttons() -> None:
    assert all(isinstance(word, Row) for word in _page(10, "0").body)
