"""Lists: several words, and how many of them there are, as people say them in a sentence."""

import pytest

from handlers.kit.lists import agreeing, all_of, counted, ended, listed


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 steps go on"), (1, "1 step goes on"), (2, "2 steps go on"), (21, "21 steps go on")],
)
def test_what_is_counted_agrees_with_its_number(count: int, said: str) -> None:
    assert counted(count, "step goes on", "steps go on") == said


@pytest.mark.parametrize(("count", "said"), [(0, "0 departments"), (1, "1 department"), (1200, "1,200 departments")])
def test_where_an_s_is_enough_the_word_is_written_once(count: int, said: str) -> None:
    assert counted(count, "department") == said


@pytest.mark.parametrize(
    ("words", "said"),
    [([], "nobody"), (["Tom"], "Tom"), (["Tom", "Olga"], "Tom and Olga"), (["A", "B", "C"], "A, B and C")],
)
def test_several_words_are_a_sentence(words: list[str], said: str) -> None:
    assert listed(words) == said


@pytest.mark.parametrize(
    ("words", "said"), [([], "nobody is"), (["Tom"], "Tom is"), (["Tom", "Olga"], "Tom and Olga are")]
)
def test_a_verb_agrees_with_those_who_are_named(words: list[str], said: str) -> None:
    assert agreeing(words, "is", "are") == said


@pytest.mark.parametrize(("count", "said"), [(1, "The row fits"), (2, "All 2 rows fit"), (30, "All 30 rows fit")])
def test_the_only_one_is_not_all_of_them(count: int, said: str) -> None:
    assert all_of(count, "row fits", "rows fit") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [("Water burst", "Water burst."), ("Is it safe?", "Is it safe?"), ("Done.", "Done."), ("Help!", "Help!")],
)
def test_a_sentence_has_one_mark_at_its_end(text: str, said: str) -> None:
    assert ended(text) == said
