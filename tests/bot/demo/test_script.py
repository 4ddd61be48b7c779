"""The script of the invented weeks: stories that people write and that fit into the days."""

from datetime import time

import pytest

from bot.demo.making import DAYS
from bot.demo.script import Cue, cues, read_stories
from bot.demo.weeks import read_table
from handlers.kit.city.reading import read_city
from tests.chat.bot import RIVERTON

STORY = """
# For who reads the file.

4 09:05 owen: feedback add Deep pothole;
   category streets
3 14:20 sam [hole]: risk add A car breaks down; came from {}

0 08:00 maria: > Accept it @ asks you | why It is known
"""


def test_a_story_is_its_lines_and_one_that_begins_with_spaces_goes_on() -> None:
    assert list(read_stories(STORY, "try")) == [
        Cue(4, time(9, 5), "owen", "feedback add Deep pothole; category streets", "try 1"),
        Cue(3, time(14, 20), "sam", "risk add A car breaks down; came from {}", "try 1", "hole"),
        Cue(0, time(8), "maria", "> Accept it @ asks you | why It is known", "try 2"),
    ]


@pytest.mark.parametrize("line", ["owen: feedback add", "4 9:05 owen: help", "4 09:05 owen help"])
def test_what_is_no_line_of_a_story_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="this is no line of a story"):
        list(read_stories(line, "try"))


def test_a_table_has_what_people_answer_and_what_else_they_say_in_which_week() -> None:
    table = read_table("# Weeks.\nsam: one / two\n   / three\n\nsam 2 blocker No paint\n")
    assert table.answers == {"sam": "one / two / three"}
    assert table.besides == {("sam", 2): "blocker No paint"}


def test_every_story_fits_into_the_days_and_is_told_by_people_of_the_city_in_order() -> None:
    told, people = cues(), read_city(RIVERTON).people
    assert {cue.who for cue in told} <= set(people)
    assert max(cue.days for cue in told) < DAYS
    for story in {cue.story for cue in told}:
        moments = [(-cue.days, cue.at) for cue in told if cue.story == story]
        assert moments == sorted(moments), story
