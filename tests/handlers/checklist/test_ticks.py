"""Ticks: what the bot sees done by itself is ticked once, for its own day."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from handlers.checklist.owed import current
from handlers.checklist.ticks import tick, tick_seen
from handlers.kit.city.checklists import ChecklistFacts, ChecklistItem
from handlers.kit.city.reading import read_city
from handlers.kit.context import Context
from storage.database import Database
from tests.chat.bot import RIVERTON
from tests.sqlite import new_database

MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)
CITY = read_city(RIVERTON)
Work = Callable[[Context], None]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = new_database(tmp_path)
    yield opened
    opened.close()


def on(database: Database, day: date, work: Work) -> dict[str, str]:
    """Do something at ten on a day, and give who has ticked each item by then."""
    now = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)

    def run(store: object) -> dict[str, str]:
        context = Context(store=store, city=CITY, now=now, platforms=("desk",))  # type: ignore[arg-type]
        work(context)
        return {entry.item.id: entry.tick.person for entry in current(context, day) if entry.tick}

    return database.write(run)


def test_what_is_seen_is_ticked_by_the_bot_and_nothing_else_is(database: Database) -> None:
    assert on(database, MONDAY, lambda context: tick_seen(context, "morning-check")) == {"morning-check": "cityops"}
    ticked = on(database, MONDAY, lambda context: tick_seen(context, "standup", MONDAY))
    assert ticked == {"morning-check": "cityops", "team-stand-up": "cityops"}


def test_whoever_ticked_it_before_stays(database: Database) -> None:
    def by_maria(context: Context) -> None:
        [owed] = [entry for entry in current(context, MONDAY) if entry.item.id == "morning-check"]
        assert tick(context, owed, "maria")
        assert not tick(context, owed, "ines")
        tick_seen(context, "morning-check")

    assert on(database, MONDAY, by_maria) == {"morning-check": "maria"}


def test_what_is_seen_late_or_on_a_closed_day_ticks_no_other_day(database: Database) -> None:
    tuesday = date(2026, 11, 24)
    assert on(database, tuesday, lambda context: tick_seen(context, "morning-check", MONDAY)) == {}
    assert on(database, SATURDAY, lambda context: tick_seen(context, "morning-check")) == {}


def test_every_item_of_the_guide_is_on_rivertons_lists() -> None:
    def names(*whens: str) -> list[str]:
        return [item.name for item in CITY.checklists.item if item.when in whens]

    assert len(names("daily")) == len(names("weekly")) == 5
    assert [len(names(f"week {number}")) for number in (1, 2, 3, 4)] == [4, 4, 4, 4]
    assert names("quarterly", "annually") == ["Strategic assessment", "Comprehensive audit"]


def test_an_item_keeps_what_was_ticked_when_its_name_or_owner_changes(database: Database) -> None:
    on(database, MONDAY, lambda context: tick_seen(context, "morning-check"))
    renamed = ChecklistItem(id="morning-check", name="Dawn check", when="daily", owner="admin", seen="morning-check")

    def look(context: Context) -> None:
        context.city = replace(CITY, checklists=ChecklistFacts(item=(renamed,)))
        [owed] = current(context, MONDAY, ["admin"])
        assert owed.tick is not None

    assert on(database, MONDAY, look) == {"morning-check": "cityops"}
