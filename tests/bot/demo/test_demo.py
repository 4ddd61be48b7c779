"""The invented weeks: a city that looks like one, and a database like any other."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import RealClock
from bot.demo.making import DAYS, play
from bot.settings import Settings
from handlers.kit.city.reading import read_city
from handlers.kit.inline import Status
from handlers.kit.morning import Content, Rank
from storage.chat.desk import desk_messages
from storage.checkin.records import checkins
from storage.database import Database, Store
from tests.bot.conftest import Call
from tests.bot.demo.conftest import NOW
from tests.chat.bot import RIVERTON

BURST = "CR-2026-01"
EACH_TIME = (  # at dawn after the holidays, in the middle of a check-in, on a weekend after two closed days
    datetime(2027, 1, 4, 11, 0, tzinfo=UTC),
    datetime(2026, 7, 9, 14, 20, tzinfo=UTC),
    datetime(2026, 11, 28, 19, 0, tzinfo=UTC),
)


def newest_morning(store: Store) -> Content:
    morning = store.morning_checks.newest()
    assert morning is not None
    assert morning.day == NOW.date()
    return Content.model_validate_json(morning.content)


def test_the_audit_is_whole_nothing_broke_and_nothing_is_on_its_way(riverton: Database) -> None:
    def state(store: Store) -> tuple[Any, ...]:
        rows, bad = store.audit.first_bad_row()
        assert rows > 500
        return bad, store.faults.all(), store.chat.undelivered.count(), store.chat.outbox.counts(NOW)

    assert riverton.read(state) == (None, [], 0, {})


def test_the_newest_morning_asks_for_decisions_the_worst_first(riverton: Database) -> None:
    decisions = riverton.read(newest_morning).decisions
    assert decisions is not None
    assert [(line.decide.status, line.decide.rank) for line in decisions if line.decide] == [
        (Status("critical", "Extreme"), Rank.NOBODYS),
        (Status("critical", "Struggling"), Rank.STRAINED),
        (Status("warning", "Help needed"), Rank.HELP),
    ]
    dam, transit, wanted = (line.text for line in decisions)
    assert "Gate 2 of the Mill Creek dam sticks half open has no owner" in dam
    assert "Transit" in transit
    assert "Two drivers for the early shift" in wanted


def test_the_newest_morning_says_what_is_new_and_what_is_late(riverton: Database) -> None:
    sections = {section.title: section for section in riverton.read(newest_morning).sections}
    assert 5 < sections["Due today or late"].total < 40
    assert sections["New feedback"].total > 0
    assert sections["New risks"].total > 0


def test_a_department_is_worse_week_by_week_and_says_why(riverton: Database) -> None:
    asked = (
        select(checkins.c.health, checkins.c.help).where(checkins.c.department == "transit").order_by(checkins.c.day)
    )
    answers: Sequence[Any] = riverton.read(lambda store: store.connection.execute(asked).all())
    healths = [answer.health for answer in answers]
    assert healths == sorted(healths, reverse=True)
    assert healths[0] - healths[-1] >= 2
    assert answers[-1].help


def test_a_crisis_is_over_with_its_statements_its_lessons_and_what_follows(riverton: Database) -> None:
    def read(store: Store) -> tuple[Any, ...]:
        crisis = store.crisis.records.find(BURST)
        assert crisis is not None
        statements = store.crisis.reports.of(BURST, "statement")
        return crisis, statements, store.actions.records.about(BURST), store.crisis.ratings.of(BURST)

    crisis, statements, actions, ratings = riverton.read(read)
    assert (crisis.state, crisis.drill, crisis.closed_by) == ("over", False, "maria")
    assert "cast iron pipe" in crisis.cause
    assert "valve maps" in crisis.lessons
    assert [statement.state for statement in statements] == ["approved"] * 4
    assert {action.state for action in actions} == {"open", "done"}
    assert len(ratings) == 4


def test_everybody_who_says_something_is_of_people_toml(riverton: Database) -> None:
    said = select(desk_messages.c.said_by).where(desk_messages.c.said_by.is_not(None)).distinct()
    people = set(riverton.read(lambda store: store.connection.execute(said).scalars().all()))
    assert people <= set(read_city(RIVERTON).people)
    assert len(people) > 15


def test_the_doctor_finds_nothing_to_mend(
    call: Call, folder: Path, played: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{played}")
    monkeypatch.setattr(RealClock, "now", lambda _clock: NOW)
    code, out, _ = call("doctor")
    assert code == 0, out
    assert "ok       database: all of it is invented; to begin with an empty city: EMPTY=1 make run" in out.splitlines()


@pytest.mark.doors
@pytest.mark.parametrize("now", EACH_TIME)
def test_the_whole_is_played_on_any_day_and_nobody_is_off_script(tmp_path: Path, now: datetime) -> None:
    play(Settings.model_construct(city_dir=RIVERTON), tmp_path / "riverton.db", now, DAYS)
    database = Database(f"sqlite:///{tmp_path}/riverton.db")
    assert database.read(lambda store: store.crisis.records.last_drill()) is not None
    assert database.read(lambda store: store.risk.acceptances.to_decide(("maria",)))["maria"]
    assert database.read(lambda store: store.faults.all()) == []
    assert database.read(lambda store: store.audit.first_bad_row())[1] is None
    database.close()
