"""Listing: the page asked for, or the nearest there is."""

import pytest

from handlers.kit.listing import FULL, LINE, Listing, PageOf, filled, in_sections, pieces
from handlers.kit.messages import Button, Buttons, Card, Note, Row
from handlers.kit.plain import plain_word


def _page(count: int, wanted: int) -> Card:
    def rows(offset: int, limit: int) -> list[Row]:
        return [Row(str(number)) for number in range(count)[offset : offset + limit]]

    return Listing(Card("Numbers"), count, rows).page(PageOf(wanted), "numbers.page")


@pytest.mark.parametrize(
    ("wanted", "first", "foot"),
    [
        (0, "0", "Page 1 of 3"),
        (2, "20", "Page 3 of 3"),
        (9, "20", "Page 3 of 3"),
        (-1, "0", "Page 1 of 3"),
    ],
)
def test_a_page_that_is_not_there_is_the_nearest(wanted: int, first: str, foot: str) -> None:
    card = _page(25, wanted)
    assert isinstance(card.body[0], Row)
    assert card.body[0].text.parts == (first,)
    assert isinstance(card.body[-1], Note)
    assert card.body[-1].parts == (foot,)


@pytest.mark.parametrize(("wanted", "labels"), [(0, ["Next"]), (1, ["Previous", "Next"]), (2, ["Previous"])])
def test_the_buttons_lead_only_to_pages_that_are_there(wanted: int, labels: list[str]) -> None:
    buttons = _page(25, wanted).body[-2]
    assert isinstance(buttons, Buttons)
    assert [button.label for button in buttons.buttons] == labels


def test_the_buttons_carry_what_the_list_is_of() -> None:
    card = Listing(Card("Dams"), 25, lambda offset, limit: []).page(PageOf(1, "overdue dam"), "dams.page")
    [buttons] = [word for word in card.body if isinstance(word, Buttons)]
    assert [button.value for button in buttons.buttons] == ["0 overdue dam", "2 overdue dam"]


def test_ten_fit_on_one_page_without_buttons() -> None:
    assert all(isinstance(word, Row) for word in _page(10, 0).body)


@pytest.mark.parametrize(
    ("lengths", "starts"),
    [
        ([], []),
        ([9] * 25, [0, 10, 20]),
        ([FULL], [0]),
        ([FULL, 1], [0, 1]),
        ([1, FULL, FULL], [0, 1, 2]),
        ([FULL // 2] * 5, [0, 2, 4]),
    ],
)
def test_a_page_takes_ten_rows_or_fewer_long_ones(lengths: list[int], starts: list[int]) -> None:
    assert filled(["x" * length for length in lengths]) == starts


@pytest.mark.parametrize("text", ["", "Pumps run", "word " * 4000, "x" * 20_000, "1\n" * 2000, "a b " + "x" * FULL * 2])
def test_a_text_longer_than_a_page_is_cut_into_pieces_that_are_all_of_it(text: str) -> None:
    found = list(pieces(text))
    assert "".join(found) == text
    assert all(len(piece) + LINE * piece.count("\n") <= FULL for piece in found)
    assert not [piece for piece in found[:-1] if text.startswith("word") and piece[-1] != " "]


@pytest.mark.parametrize(
    ("wanted", "labels"), [(0, ["Next", "Add"]), (1, ["Previous", "Add"]), (9, ["Previous", "Add"])]
)
def test_buttons_that_turn_the_page_stand_with_the_others(wanted: int, labels: list[str]) -> None:
    def rows(offset: int, limit: int) -> list[Row]:
        return [Row(letter) for letter in ("a", "b", "c")[offset : offset + limit]]

    listed = Listing(Card("Letters"), 3, rows, starts=(0, 2), ways=[Button("Add", "letters.add")])
    card = listed.page(PageOf(wanted), "letters.page")
    [buttons] = [word for word in card.body if isinstance(word, Buttons)]
    assert [button.label for button in buttons.buttons] == labels
    assert len([word for word in card.body if isinstance(word, Row)]) == (2 if wanted == 0 else 1)


def test_a_heading_stands_where_a_section_begins_and_once_on_each_page() -> None:
    words = in_sections((1, 3, 4, 5), lambda number: "Odd" if number % 2 else "Even", lambda number: Row(str(number)))
    assert [plain_word(word) for word in words] == ["Odd", "1", "3", "Even", "4", "Odd", "5"]
