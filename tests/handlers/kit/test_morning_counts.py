"""Counts of a morning check: what they are compared with, and what was kept before they were compared."""

from datetime import UTC, date, datetime

from handlers.kit.morning import Content, Line, Section
from handlers.kit.morning_counts import compared, counts
from storage.database import Store
from storage.morning_checks import Morning
from tests.handlers.town import Town

AT = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)  # Friday, 07:30 in Riverton
OLD = '{"headline":"Nothing new.","sections":[{"title":"Open and high","total":4,"lines":[],"rest":"risk list"}]}'


def _part(title: str, total: int, *, is_new: bool = False, private: bool = False) -> Section:
    lines = tuple(Line(text=str(number)) for number in range(total))
    return Section(title=title, total=total, lines=lines, is_new=is_new, private=private)


def _kept(*sections: Section, day: date = date(2026, 11, 20)) -> Morning:
    content = Content(headline="", sections=sections, decisions=())
    return Morning(day, "maria", AT, AT, content.model_dump_json())


def _told(sections: list[Section], last: Morning | None) -> dict[str, str]:
    return {figure.label: figure.value for figure in (count.figure for count in counts(sections, last))}


def test_what_came_in_stands_first_and_then_what_changed_in_its_order() -> None:
    last = _kept(_part("New risks", 1, is_new=True), _part("Late", 2), _part("Open", 4), _part("Same", 3))
    now = [_part("New risks", 3, is_new=True), _part("Late", 1), _part("Open", 9), _part("Same", 3)]
    assert list(_told(now, last).items()) == [("New risks (+2)", "3"), ("Late (-1)", "1"), ("Open (+5)", "9")]


def test_what_is_over_is_told_but_not_that_nothing_came_in() -> None:
    last = _kept(_part("New risks", 1, is_new=True), _part("Open crises", 1), _part("Late", 1))
    assert list(_told([_part("Late", 2)], last).items()) == [("Open crises (-1)", "0"), ("Late (+1)", "2")]


def test_what_waits_for_the_reader_alone_is_no_figure() -> None:
    assert _told([_part("Waiting for you", 3, private=True)], _kept()) == {}


def test_what_is_new_for_the_reader_alone_is_no_figure_either() -> None:
    now = [_part("Asked of you", 2, is_new=True, private=True), _part("New risks", 1, is_new=True)]
    assert _told(now, _kept()) == {"New risks (+1)": "1"}


def test_with_nothing_before_there_is_no_change() -> None:
    assert _told([_part("New risks", 2, is_new=True), _part("Late", 1)], None) == {"New risks": "2"}


def test_one_of_before_is_compared_only_where_it_has_counted_the_same() -> None:
    old = Morning(date(2026, 11, 20), "maria", AT, AT, OLD)
    now = [_part("New risks", 2, is_new=True), _part("Open and high", 5), _part("Open, Extreme or High", 7)]
    assert _told(now, old) == {"New risks": "2", "Open and high (+1)": "5"}


async def test_it_says_since_when_and_how_much_there_was_on_the_same_day_a_week_ago(town: Town) -> None:
    now = [_part("New risks", 2, is_new=True), _part("Late", 1)]
    last = _kept(_part("Late", 3))
    week = _kept(_part("New risks", 5, is_new=True), day=date(2026, 11, 16))

    def said(store: Store) -> str:
        return compared(town.runtime.context(store), counts(now, last), last, week)

    assert await town.bot.read(said) == (
        "Changes are since Fri Nov 20, 7:30 AM. A week ago, on Mon Nov 16: new risks 5, late 0."
    )
