"""Values: what our buttons carry is written and read back, and any other value is refused with a sentence."""

import inspect
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import handlers
from handlers.kit.declared import Action
from handlers.kit.errors import UserError
from handlers.kit.listing import PageOf
from handlers.kit.messages import Button
from handlers.kit.registry import load
from handlers.kit.values import EARLIEST, LATEST, LONGEST, MOST, NOT_OURS, Carried, Rest, Spaced, read, written

DAY = date(2026, 11, 23)


@dataclass(frozen=True)
class All(Carried):
    """One field of each type."""

    ref: str
    kind: Literal["step", "page"]
    number: int
    day: date
    rest: Rest


@dataclass(frozen=True)
class Maybe(Carried):
    """A required field, and two optional ones."""

    ref: str
    seen: int = 0
    note: str = ""


WORDS = st.text(st.characters(exclude_characters=" ", exclude_categories=["Cs"]), min_size=1, max_size=LONGEST)
LINES = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def _of(kind: type[Carried]) -> st.SearchStrategy[Carried]:
    """Values of a kind, with anything that its fields may hold."""
    return st.builds(kind, **{field.name: _fitting(kind.hints[field.name]) for field in fields(kind)})


def _fitting(hint: Any) -> st.SearchStrategy[Any]:
    if hint is int:
        return st.integers(-MOST, MOST)
    if hint is date:
        return st.dates(EARLIEST, LATEST)
    if hint is str:
        return WORDS
    most = [argument.most for argument in get_args(hint) if isinstance(argument, Spaced)]
    return LINES.filter(bool).map(lambda line: line[: most[0]]) if most else st.sampled_from(get_args(hint))


def _carrying() -> Iterator[Action]:
    """Each button of ours that carries more than a reference."""
    return (action for action in load(handlers).actions.values() if action.carries)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (All("CR-2026-01", "step", -3600, DAY, "feedback F-1"), "CR-2026-01 step -3600 2026-11-23 feedback F-1"),
        (Maybe("R-1"), "R-1 0"),
        (Maybe("R-1", 7, "late"), "R-1 7 late"),
        (PageOf(), "0"),
        (PageOf(2, "overdue dam"), "2 overdue dam"),
        ("R-1", "R-1"),
    ],
)
def test_a_value_is_written_with_a_space_between_its_words(value: Carried | str, text: str) -> None:
    assert written(value) == text
    assert Button("Go", "a.b", value).value == text
    assert isinstance(value, str) or read(type(value), text) == value


@pytest.mark.parametrize(("text", "value"), [("R-1", Maybe("R-1")), ("R-1 ", Maybe("R-1")), ("R-1 4", Maybe("R-1", 4))])
def test_what_need_not_be_there_may_be_missing(text: str, value: Maybe) -> None:
    assert read(Maybe, text) == value


@given(st.data())
@pytest.mark.parametrize("kind", sorted({action.carries for action in _carrying() if action.carries} | {All}, key=str))
def test_whatever_a_button_carries_is_read_back_as_it_was(kind: type[Carried], data: st.DataObject) -> None:
    value = data.draw(_of(kind))
    assert read(kind, written(value)) == value


@given(
    st.lists(st.sampled_from(["R-1", "step", "7", "-0", "007", "2026-11-23", "20261123", "x y", "", "\n"])).map(
        " ".join
    )
)
def test_whatever_a_text_says_it_is_refused_in_words_or_read_as_a_value_that_is_written(text: str) -> None:
    for kind in (All, Maybe, PageOf):
        with suppress(UserError):
            assert read(kind, written(read(kind, text))) == read(kind, text)


NUMBERS = ("", "x", "1.5", "1_0", " 7", "7\n", "\u00b2", "\u0667", str(MOST + 1), "9" * 30)
DAYS = ("", "today", "2026-02-30", "2026-11-23\n", "0001-01-01", "1969-12-31", "3000-01-01", "9999-12-31")


@pytest.mark.parametrize(
    "text",
    [
        *(f"CR-2026-01 step {number} {DAY} F-1" for number in NUMBERS),
        *(f"CR-2026-01 step 1 {day} F-1" for day in DAYS),
        f"CR-2026-01 stop 1 {DAY} F-1",
        f"CR-2026-01 step 1 {DAY}",
        f"CR-2026-01 step 1 {DAY} ",
        f"CR-2026-01  step 1 {DAY} F-1",
        f" step 1 {DAY} F-1",
        f"{'x' * (LONGEST + 1)} step 1 {DAY} F-1",
        f"CR-2026-01 step 1 {DAY} {'x' * (LONGEST + 1)}",
        "",
    ],
)
def test_what_none_of_ours_says_is_refused_in_words(text: str) -> None:
    with pytest.raises(UserError, match=NOT_OURS):
        read(All, text)


@pytest.mark.parametrize("text", ["", " ", "R-1 x", "R-1 4 late again", "R-1  late"])
def test_a_word_too_many_or_in_the_wrong_place_is_refused(text: str) -> None:
    with pytest.raises(UserError, match=NOT_OURS):
        read(Maybe, text)


@pytest.mark.parametrize("value", [Maybe("two words"), Maybe(""), Maybe("R-1", 4, "a b"), All("a", "step", 1, DAY, "")])
def test_what_could_not_be_read_back_is_not_written(value: Carried) -> None:
    with pytest.raises(ValueError, match="is empty or several"):
        written(value)


def test_what_somebody_looks_for_may_be_long() -> None:
    assert read(PageOf, written(PageOf(1, "dam " * 100))) == PageOf(1, "dam " * 100)


def test_every_kind_says_what_it_is_and_has_only_fields_that_can_be_read() -> None:
    kinds = {action.carries for action in _carrying() if action.carries}
    assert len(kinds) > 15
    for kind in kinds:
        assert "(" not in (inspect.getdoc(kind) or "("), kind  # else dataclass wrote the docstring
        assert [name for name, hint in kind.hints.items() if hint not in (str, int, date) and not get_args(hint)] == []


@pytest.mark.parametrize("day", [EARLIEST, LATEST])
def test_from_the_first_and_last_day_of_ours_weeks_and_years_can_be_counted(day: date) -> None:
    assert read(All, f"CR-2026-01 step 1 {day} F-1").day == day
    assert day - timedelta(days=366) < day < day + timedelta(days=366)
