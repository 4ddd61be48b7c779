"""Lists: several words, and how many of them there are, as people say them in a sentence."""

import pytest

from handlers.kit.lists import counted, listed


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 steps go on"), (1, "1 step goes on"), (2, "2 steps go on"), (21, "21 steps go on")],
)
def test_what_is_counted_agrees_with_its_number(count: int, said: str) -> None:
    assert counted(count, "step goes on", "steps go on") == said


@pytest.mark.parametrize(("count", "said"), [(0, "0 departments"), (1, "1 department"), (12, "12 departments")])
def test_where_an_s_is_enough_the_word_is_written_once(count: int, said: str) -> None:
    assert counted(count, "department") == said


@pytest.mark.parametrize(
    ("words", "said"),
    [([], "nobody"), (["Tom"], "Tom"), (["Tom", "Olga"], "Tom and Olga"), (["A", "B", "C"], "A, B and C")],
)
def test_several_words_are_a_sentence(words: list[str], said: str) -> None:
    assert listed(words) == said
