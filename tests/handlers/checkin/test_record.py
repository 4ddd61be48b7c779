"""Check-ins: what it takes to read the newest, and how a department's week is said wherever it stands."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

import handlers
import scheduler
from handlers.checkin.digest import digest_card, show_everywhere
from handlers.checkin.record import newest_week, ref_of, reminder_ref
from handlers.kit.city.reading import read_city
from handlers.kit.context import Context
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card
from handlers.kit.plain import plain
from handlers.kit.registry import load
from storage.checkin.records import Checkin
from storage.database import Database, Store
from tests.chat.bot import RIVERTON
from tests.handlers.town import Town
from tests.sqlite import new_database

load(handlers, scheduler)
CITY = read_city(RIVERTON)
THURSDAY = date(2026, 11, 19)
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
T = TypeVar("T")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = new_database(tmp_path)
    yield database
    database.close()


def _context(store: Store) -> Context:
    return Context(store=store, city=CITY, now=NOW, platforms=("desk",))


def _asked(store: Store, day: date = THURSDAY) -> list[Checkin]:
    """The check-ins of all departments, asked in the order of their ids."""
    checkins = store.checkin.records
    return [
        checkins.begin(department, day, asked="sam", at=NOW, closes_at=NOW) for department in sorted(CITY.departments)
    ]


def _answer(store: Store, checkin: Checkin, health: int) -> Checkin:
    return store.checkin.records.answer(checkin, health=health, risk=None, help=None, readings={}, by="sam", at=NOW)


def _statements(database: Database, work: Callable[[Store], T]) -> tuple[T, list[str]]:
    """What some work gives, and what it says to the database."""
    said = list[str]()

    def counted(store: Store) -> T:
        driver: Any = store.connection.connection.dbapi_connection
        driver.set_trace_callback(said.append)
        try:
            return work(store)
        finally:
            driver.set_trace_callback(None)

    return database.write(counted), said


def test_the_newest_are_read_in_the_order_of_the_citys_file_without_what_they_are_compared_with(
    database: Database,
) -> None:
    for day in (THURSDAY - timedelta(days=7), THURSDAY):
        database.write(partial(_asked, day=day))
    newest, said = _statements(database, lambda store: newest_week(_context(store)))
    assert [checkin.department for checkin in newest] == list(CITY.departments)
    assert {checkin.day for checkin in newest} == {THURSDAY}
    assert len(said) == 2  # which day is the newest, and its check-ins


def test_the_question_and_its_reminder_become_one_card_that_is_drawn_once(database: Database) -> None:
    def answered(store: Store) -> Checkin:
        checkin = _answer(store, _asked(store)[0], 4)
        for ref in (ref_of(checkin), reminder_ref(checkin)):
            store.chat.posts.posted(store.chat.posts.add(ref, "desk", "dm:sam"), ref, "1")
        return checkin

    checkin = database.write(answered)
    _, said = _statements(database, lambda store: show_everywhere(_context(store), checkin))
    assert len([line for line in said if "FROM readings" in line]) == 1
    updates = database.read(lambda store: [store.chat.outbox.find(number) for number in (1, 2)])
    assert [(row.about, "answered" in (row.card or "")) for row in updates if row] == [
        (ref_of(checkin), True), (reminder_ref(checkin), True),
    ]  # fmt: skip


def test_the_digest_says_how_many_are_at_each_level_that_is_not_steady_the_worst_first(database: Database) -> None:
    def status(*healths: int) -> Status | None:
        def work(store: Store) -> Status | None:
            for checkin, health in zip(_asked(store), healths, strict=False):
                _answer(store, checkin, health)
            return digest_card(_context(store), THURSDAY).status

        return database.write(work)

    count = len(CITY.departments)
    assert status(2, 4) == Status("warning", f"1 strained, {count - 2} did not answer")
    assert status(2, 1, 2) == Status("critical", f"1 struggling, 2 strained, {count - 3} did not answer")
    assert status(*[3] * count) == Status("good", "all steady or better")


async def test_a_check_in_that_a_department_was_not_asked_for_is_refused_by_its_day(town: Town) -> None:
    for action in ("checkin.show", "checkin.silent", "checkin.open"):
        card = await town.presses("maria", "Show", Card("", Buttons(Button("Show", action, "water 2020-01-02"))))
        assert card
        assert "was not asked on Thu Jan 2, 2020." in plain(card)
