"""Scale: a place on a scale is read as people write it, in the city's own words, or asked back."""

import pytest

from handlers.kit.scale import read_scale

SCALE = (("1", "1 rare"), ("2", "2 unlikely"), ("3", "3 possible"), ("4", "4 likely"), ("5", "5 almost certain"))
YEARS = (("1", "1 1 in 1000 years"), ("2", "2 1 in 100 years"), ("3", "3 every ten"), ("4", "4"), ("5", "5 stage 5"))


@pytest.mark.parametrize(
    "text",
    [
        "4", "4.0", "4,0", "4.00", "Likely", "LIKELY", "like", "4 - Likely", "4 \u2013 likely", "4: likely", "4 likely",
        "4) likely", "4=likely", "Likely (4)", "likely - 4", "Likely 4", "\u00a04\u00a0-\u00a0Likely", "4likely",
        "four", "FOUR", "level 4", "level four", "score 4", "4 out of 5", "four of five", "Likely (four)",
    ],
)  # fmt: skip
def test_a_place_on_a_scale_is_read_as_people_write_it(text: str) -> None:
    assert read_scale(text, SCALE) == "4"


@pytest.mark.parametrize(
    "text", ["0", "6", "4.5", "44", "-4", "4/5", "1-5", "High", "4 - High", "TRUE", "50%", "Likely 9", "", "\u0664"]
)
def test_what_is_not_on_the_scale_is_answered_with_its_words(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"is not on the scale\. Choose a whole number from 1 to 5: 1 rare, 2 unlikely"
    ):
        read_scale(text, SCALE)


def test_a_number_and_a_word_that_differ_are_asked_back() -> None:
    with pytest.raises(ValueError, match=r'could be two things: 4 is "likely" here, and "unlikely" is 2\. Write one'):
        read_scale("4 - Unlikely", SCALE)


def test_words_with_numbers_in_them_are_words() -> None:
    given = [
        read_scale(text, YEARS) for text in ("1 in 100 years", "1", "2", "Every ten", "3 every ten", "4", "stage 5")
    ]
    assert given == ["2", "1", "2", "3", "3", "4", "5"]


def test_the_beginning_of_several_words_is_none_of_them() -> None:
    with pytest.raises(ValueError, match="not on the scale"):
        read_scale("s", (("1", "1 serious"), ("2", "2 severe"), ("3", "3"), ("4", "4"), ("5", "5")))
