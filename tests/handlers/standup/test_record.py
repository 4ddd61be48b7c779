"""Stand-up: which stand-up an answer belongs to, and how far a stand-up is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

import handlers
import scheduler
from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.city.routines import RoutineFacts
from handlers.kit.context import Context
from handlers.kit.errors import UserError
from handlers.kit.inline import Status
from handlers.kit.messages import Card
from handlers.kit.plain import plain
from handlers.kit.registry import load
from handlers.standup.cards import own_card, own_cards, show, silent_card
from handlers.standup.digest import digest
from handlers.standup.record import closing, day_meant, prompt_ref, standing, taken, window
from storage.database import Database, Store
from storage.standup.records import Standup
from tests.chat.bot import RIVERTON
from tests.sqlite import new_database
from tests.storage.rows import front_of

load(handlers, scheduler)
MONDAY = date(2026, 11, 30)
NEXT = MONDAY + timedelta(days=7)


def at(clock: str, day: date = MONDAY) -> datetime:
    """A moment by Riverton's wall clock, five hours behind Greenwich in November."""
    return datetime.combine(day, time.fromisoformat(clock), UTC) + timedelta(hours=5)


@dataclass
class Desk:
    """A database and a city that are asked at a given moment."""

    database: Database
    city: City

    def context(self, store: Store, now: datetime) -> Context:
        return Context(store=store, city=self.city, now=now, platforms=("desk",))

    def meant(self, now: datetime) -> date:
        return self.database.read(lambda store: day_meant(self.context(store, now), "streets"))

    def opened(self, day: date = MONDAY, closes: str = "12:00") -> Standup:
        def work(store: Store) -> Standup:
            standup = taken(self.context(store, at("09:00", day)), "streets", day)
            return store.standup.records.open(standup, at(closes, day), at("09:00", day))

        return self.database.write(work)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    database = new_database(tmp_path)
    yield Desk(database, read_city(RIVERTON))
    database.close()


@pytest.mark.parametrize(
    ("now", "meant"),
    [
        (at("16:00", MONDAY - timedelta(days=3)), MONDAY),
        (at("08:00"), MONDAY),
        (at("11:59"), MONDAY),
        (at("12:00"), NEXT),
        (at("08:00", MONDAY + timedelta(days=1)), NEXT),
    ],
)
def test_an_answer_belongs_to_the_next_one_that_has_not_closed(desk: Desk, now: datetime, meant: date) -> None:
    assert desk.meant(now) == meant


def test_one_that_was_asked_today_is_meant_until_the_day_ends(desk: Desk) -> None:
    desk.opened()
    assert desk.meant(at("23:00")) == MONDAY
    assert desk.meant(at("00:01", MONDAY + timedelta(days=1))) == NEXT


def test_one_that_was_asked_by_hand_is_meant_before_the_next_in_the_calendar(desk: Desk) -> None:
    wednesday = MONDAY + timedelta(days=2)
    desk.opened(wednesday, "18:00")
    assert desk.meant(at("17:00", wednesday)) == wednesday


def test_a_closed_monday_moves_to_the_next_working_day(desk: Desk) -> None:
    labor_day = date(2027, 9, 6)
    assert desk.meant(at("08:00", labor_day)) == date(2027, 9, 7)


def test_one_word_makes_it_daily_and_the_window_is_the_citys(desk: Desk) -> None:
    facts = RoutineFacts(on="working days", at=time(10), late_until=time(15))
    desk.city = replace(desk.city, routines={"standup": facts})
    assert desk.meant(at("16:00")) == MONDAY + timedelta(days=1)
    assert closing(desk.city, MONDAY) == at("15:00")
    assert window(desk.city, MONDAY) == timedelta(hours=5)


def test_when_none_is_planned_it_says_so(desk: Desk) -> None:
    facts = RoutineFacts(on="first day of January", closed="skip")
    desk.city = replace(desk.city, routines={"standup": facts})
    with pytest.raises(UserError, match="No stand-up is planned in the coming year"):
        desk.meant(at("09:00"))


def test_who_is_missing_away_and_not_reached_are_told_apart(desk: Desk) -> None:
    standup = desk.opened()

    def work(store: Store) -> tuple[set[str], list[str], list[str], list[str], bool]:
        context = desk.context(store, at("11:00"))
        store.standup.answers.keep(standup, "sam", finished="a", next="b", blocker=None, at=at("10:00"))
        store.time.absences.add("hugo", MONDAY, MONDAY, None, by="hugo", at=at("08:00"))
        for person in ("olga", "sam", "hugo"):
            store.chat.posts.add(prompt_ref(standup, person), "desk", f"dm:{person}")
        now = standing(context, standup)
        return set(now.answers), now.missing, list(now.away), now.unreached, now.complete

    assert desk.database.write(work) == ({"sam"}, ["olga"], ["hugo"], ["rosa"], False)


def test_where_nobody_is_there_the_digest_does_not_say_that_all_have_answered(desk: Desk) -> None:
    standup = desk.opened()

    def work(store: Store) -> tuple[Card, Card]:
        context = desk.context(store, at("11:00"))
        for person in context.city.teams["streets"].members:
            store.time.absences.add(person, MONDAY, MONDAY, None, by=person, at=at("08:00"))
        context = desk.context(store, at("11:00"))  # who is away is read once
        return digest(context, standup), silent_card(context, standup)

    shown, silent = desk.database.write(work)
    assert shown.status == Status("neutral", "nobody is there")
    assert "Nobody is there to answer." in plain(silent)


def test_whoever_has_left_the_team_still_stands_in_the_digest(desk: Desk) -> None:
    standup = desk.opened()

    def work(store: Store) -> list[str]:
        for person in ("ben", "olga", "sam", "hugo", "rosa"):
            store.standup.answers.keep(standup, person, finished=f"by {person}", next="b", blocker=None, at=at("10:00"))
        show(desk.context(store, at("11:00")), standup, ["sam"])
        return [row.card or "" for row in front_of(store, at("11:00"))]

    [card] = desk.database.write(work)
    assert card.index("by rosa") < card.index("by ben")


def test_cards_that_only_ask_do_not_look_who_else_has_answered(desk: Desk) -> None:
    standup = desk.opened()

    def asked(persons: list[str]) -> int:
        def work(store: Store) -> int:
            context, said = desk.context(store, at("11:00")), list[str]()
            driver: Any = store.connection.connection.dbapi_connection
            driver.set_trace_callback(said.append)
            own_cards(context, standup, persons)
            driver.set_trace_callback(None)
            return len(said)

        return desk.database.read(work)

    def answer(store: Store) -> None:
        store.standup.answers.keep(standup, "sam", finished="a", next="b", blocker=None, at=at("10:00"))

    desk.database.write(answer)
    assert asked(["olga", "hugo", "rosa"]) == 2  # the answers and the blockers
    assert asked(["olga", "sam"]) > 2


def test_a_blocker_of_somebody_else_is_not_in_ones_own_card(desk: Desk) -> None:
    standup = desk.opened()

    def work(store: Store) -> str:
        for person in ("sam", "olga"):
            store.standup.blockers.add("streets", MONDAY, person, f"in the way of {person}", at("08:00", MONDAY))
        return own_card(desk.context(store, at("09:00", NEXT)), standup, "sam").model_dump_json()

    card = desk.database.write(work)
    assert "in the way of sam (for 7 days)" in card
    assert "olga" not in card
