"""A sentence in plain words: which words of a list stand in it, and which place it names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.in_town import place_in
from handlers.kit.sentence import Sentence

CATEGORIES = {"streets": ("street", "pothole"), "lights": ("street light", "lamp"), "water": ("pipe", "leak*")}


@pytest.mark.parametrize(
    ("text", "phrase", "said"),
    [
        ("Two POTHOLES on Elm", "pothole", True), ("a pot hole", "pothole", True), ("a potholder", "pothole", False),
        ("it was leaking", "leak*", True), ("it was leaking", "leak", False),
        ("the water preasure is low", "pressure", True),
        ("neighbors are shouting", "shooting", False), ("the street lights are out", "street light", True),
        ("light the street", "street light", False), ("", "pothole", False), ("it's Ann's dog", "anns dog", True),
        ("e-mail came", "e-mail", True),
    ],
)  # fmt: skip
def test_a_word_is_found_whole_in_singular_or_plural_written_apart_or_with_a_typing_mistake(
    text: str, phrase: str, said: bool
) -> None:
    assert bool(Sentence(text).says([phrase])) is said


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a pothole", "streets"), ("the street light is out", "lights"), ("a street light by the pothole", None),
        ("a leaking pipe", "water"), ("good morning", None),
    ],
)  # fmt: skip
def test_only_the_one_choice_that_is_named_is_meant_and_the_longest_phrase_counts(text: str, meant: str | None) -> None:
    assert Sentence(text).meant(CATEGORIES) == meant


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("deep pothole at 12 Elm Street, he phoned", "12 Elm Street"), ("pot hole on elm st near the school", "elm st"),
        ("at the corner of 5th and Main", "5th and Main"), ("glass behind the library, says a mom", "the library"),
        ("truck tipped over on route 9, spill", "route 9"), ("way too high a bill", None),
        ("is monday a holiday", None),
        ("a dead street light, same caller", None), ("lamp dark along ferry landing since may", "ferry landing"),
        ("she came to the counter on Monday", None), ("bins full at 40 Cutter Row", "40 Cutter Row"),
    ],
)  # fmt: skip
def test_a_place_is_an_address_a_corner_a_street_or_a_building(text: str, place: str | None) -> None:
    assert place_in(text, ("Ferry Landing",)) == place


@given(st.text(max_size=400))
def test_whatever_is_typed_is_read(text: str) -> None:
    sentence = Sentence(text)
    assert sentence.meant(CATEGORIES) in {None, *CATEGORIES}
    place = place_in(text, ("City Hall",))
    assert place is None or place.rstrip(".,") == place
