"""Stand-up: its window, its reminder and its digest after outages, by hand, and when everybody was early."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

import handlers
import scheduler
from handlers.kit.city.reading import read_city
from handlers.kit.city.routines import RoutineFacts
from handlers.kit.city.standup import StandupFacts, Team
from handlers.kit.context import Context
from handlers.kit.messages import Card
from handlers.kit.registry import load
from handlers.standup.cards import show
from handlers.standup.record import taken
from storage.database import Store
from tests.chat.bot import RIVERTON
from tests.scheduler.told import Bot, at
from tests.sqlite import new_database

MONDAY = date(2026, 11, 30)
CREW = Team(id="crew", name="Crew", place="ops", members=("sam", "olga"))
ASKED, REMINDER = "Stand-up Crew, Mon Nov 30", "Reminder: Stand-up Crew, Mon Nov 30"


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    """A bot with one crew of two people, which already ran the Friday before."""
    database = new_database(tmp_path)
    city = replace(read_city(RIVERTON), standup=StandupFacts(team=(CREW,)))
    catalogue = load(handlers, scheduler)
    alone = replace(catalogue, routines={"standup": catalogue.routines["standup"]})
    bot = Bot(database, city, alone)
    bot.look(at("16:00", MONDAY - timedelta(days=3)))
    yield bot
    database.close()


def answer(bot: Bot, person: str, now: datetime) -> None:
    def work(store: Store) -> None:
        context = Context(store=store, city=bot.city, now=now, platforms=("desk",))
        standup = taken(context, "crew", MONDAY)
        store.standup.answers.keep(standup, person, finished="a", next="b", blocker=None, at=now)
        show(context, standup, [person])

    bot.database.write(work)


def by_hand(bot: Bot, now: datetime) -> None:
    routine = bot.catalogue.routines["standup"]
    bot.database.write(lambda store: bot.ledger.fire_by_hand(routine, MONDAY, "ines", store, bot.city, now))


def last(bot: Bot) -> tuple[str, str]:
    """The place of the newest message, and all of its text."""
    place, card = bot.rows("SELECT place, card FROM outbox ORDER BY id DESC LIMIT 1")[0]
    return place, str(Card.model_validate_json(card))


def test_each_is_asked_once_reminded_once_and_the_digest_comes_at_the_end(bot: Bot) -> None:
    for clock in ("08:59", "09:00", "09:01", "11:23", "11:24", "11:59"):
        bot.look(at(clock, MONDAY))
    assert bot.sent == [ASKED, ASKED, REMINDER, REMINDER]
    bot.look(at("12:00", MONDAY))
    bot.look(at("12:01", MONDAY))
    posts = bot.rows("SELECT place FROM outbox WHERE kind = 'post' ORDER BY id")
    assert posts == [("dm:sam",), ("dm:olga",), ("dm:sam",), ("dm:olga",), ("ops",)]


def test_asked_late_the_reminder_comes_later_and_the_end_stays(bot: Bot) -> None:
    for clock in ("11:00", "11:47"):
        bot.look(at(clock, MONDAY))
    assert bot.sent == [ASKED, ASKED]
    bot.look(at("11:48", MONDAY))
    assert bot.sent[2:] == [REMINDER, REMINDER]
    bot.look(at("12:00", MONDAY))
    assert bot.rows("SELECT place, count(*) FROM outbox WHERE place = 'ops'")[0] == ("ops", 1)


def test_after_an_outage_at_its_end_the_digest_comes_and_no_reminder(bot: Bot) -> None:
    bot.look(at("09:00", MONDAY))
    bot.look(at("15:00", MONDAY))
    assert REMINDER not in bot.sent
    assert bot.rows("SELECT count(*) FROM outbox WHERE place = 'ops'") == [(1,)]


def test_when_nobody_could_be_asked_nothing_is_sent_at_all(bot: Bot) -> None:
    bot.look(at("12:01", MONDAY))
    bot.look(at("18:00", MONDAY))
    assert bot.sent == []
    assert [state for day, state in bot.states if day == str(MONDAY)] == ["expired", "expired"]


def test_an_early_answer_is_not_lost_when_nobody_could_be_asked(bot: Bot) -> None:
    answer(bot, "sam", at("16:00", MONDAY - timedelta(days=3)))
    bot.look(at("12:01", MONDAY))
    place, text = last(bot)
    assert place == "ops"
    assert "('Not reached', 'Olga Brandt')" in text
    assert "label='Answered', done=1, of=2" in text


def test_when_everybody_was_early_nobody_is_asked_and_the_digest_comes_at_the_hour(bot: Bot) -> None:
    for person in CREW.members:
        answer(bot, person, at("16:00", MONDAY - timedelta(days=3)))
    assert bot.sent == []
    for clock in ("09:00", "11:24", "12:00"):
        bot.look(at(clock, MONDAY))
    assert bot.sent == [ASKED]
    assert last(bot)[0] == "ops"


def test_sent_by_hand_after_its_end_it_has_a_window_of_the_same_length(bot: Bot) -> None:
    bot.look(at("12:01", MONDAY))
    by_hand(bot, at("14:00", MONDAY))
    bot.look(at("16:23", MONDAY))
    assert bot.sent == [ASKED, ASKED]
    bot.look(at("16:24", MONDAY))
    assert bot.sent[2:] == [REMINDER, REMINDER]
    assert bot.rows("SELECT place FROM outbox WHERE place = 'ops'") == []
    bot.look(at("17:00", MONDAY))
    assert bot.rows("SELECT place FROM outbox WHERE place = 'ops'") == [("ops",)]


def test_nobody_is_asked_twice_however_often_it_is_sent_by_hand(bot: Bot) -> None:
    by_hand(bot, at("08:30", MONDAY))
    by_hand(bot, at("08:31", MONDAY))
    bot.look(at("09:00", MONDAY))
    assert bot.sent == [ASKED, ASKED]


def test_an_hour_that_was_changed_after_an_early_answer_holds(bot: Bot) -> None:
    answer(bot, "sam", at("08:00", MONDAY))
    bot.city = replace(bot.city, routines={"standup": RoutineFacts(late_until="14:00")})
    for clock in ("09:00", "12:00", "13:59"):
        bot.look(at(clock, MONDAY))
    assert bot.rows("SELECT place FROM outbox WHERE place = 'ops'") == []
    bot.look(at("14:00", MONDAY))
    assert bot.rows("SELECT place FROM outbox WHERE place = 'ops'") == [("ops",)]


def test_a_team_that_is_gone_breaks_nothing(bot: Bot) -> None:
    bot.look(at("09:00", MONDAY))
    bot.city = replace(bot.city, standup=StandupFacts())
    bot.look(at("12:00", MONDAY))
    assert bot.sent == [ASKED, ASKED]
    assert bot.database.read(lambda store: store.faults.all()) == []
