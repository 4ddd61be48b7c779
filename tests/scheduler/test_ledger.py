"""Ledger: each occurrence and each timer once, through restarts, outages and changed hours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from handlers.kit.catalogue import Catalogue, Routine, Timer
from handlers.kit.city import City, read_city
from handlers.kit.coming import schedule, times_of
from handlers.kit.context import Context
from handlers.kit.facts import RoutineFacts
from handlers.kit.messages import Card
from handlers.kit.seats import nobody_is_away, sitting
from scheduler.ledger import Ledger
from storage import schema
from storage.database import Database
from tests.chat.bot import RIVERTON

MONDAY = date(2026, 11, 23)


def at(clock: str, day: date = MONDAY) -> datetime:
    """A moment by Riverton's wall clock, five hours behind Greenwich in November."""
    return datetime.combine(day, time.fromisoformat(clock), UTC) + timedelta(hours=5)


def tea(context: Context) -> Card:
    """Say that tea is ready."""
    return Card("Tea")


TEA = Routine("tea", tea, time(7, 30), "working days", "city_manager", time(12), notice=True, repeat=True)


@dataclass
class Bot:
    """A ledger on a real database, told the time."""

    database: Database
    city: City
    catalogue: Catalogue = field(default_factory=lambda: Catalogue(routines={"tea": TEA}))

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.catalogue, ("desk",))

    def plan(self, now: datetime) -> None:
        self.database.write(lambda store: self.ledger.plan(store, self.city, now))

    def fire(self, now: datetime) -> int:
        """Fire all that is due, one transaction each, as the application does; how many there were."""
        occurrences, timers = self.database.read(lambda store: self.ledger.due(store, now))
        for occurrence in occurrences:
            self._fire_one(occurrence, self.ledger.fire, now)
        for timer in timers:
            self._fire_one(timer, self.ledger.fire_timer, now)
        return len(occurrences) + len(timers)

    def _fire_one(self, due: Any, fire: Callable[..., None], now: datetime) -> None:
        try:
            self.database.write(lambda store: fire(due, store, self.city, now))
        except Exception as problem:
            error = str(problem)
            self.database.write(lambda store: self.ledger.broke(due, store, now, error))

    def look(self, now: datetime) -> int:
        self.plan(now)
        return self.fire(now)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.database.read(lambda store: store.connection.execute(text(statement)).all())]

    @property
    def sent(self) -> list[str]:
        """The titles of what was queued, in order."""
        cards = self.rows("SELECT card FROM outbox ORDER BY id")
        return [Card.model_validate_json(card).title for (card,) in cards]

    @property
    def states(self) -> list[tuple[str, str]]:
        return [(str(day), state) for day, state in self.rows("SELECT day, state FROM occurrences ORDER BY day")]


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    database = Database(f"sqlite:///{tmp_path}/cityops.db")
    schema.upgrade(database)
    yield Bot(database, read_city(RIVERTON))
    database.close()


def changed(city: City, **facts: Any) -> City:
    return replace(city, routines={"tea": RoutineFacts(**facts)})


def test_what_is_due_is_sent_once_however_often_one_looks(bot: Bot) -> None:
    bot.plan(at("06:00"))
    assert bot.look(at("07:29")) == 0
    assert bot.look(at("07:30")) == 1
    assert bot.look(at("07:31")) == 0
    assert bot.sent == ["Tea"]
    assert bot.rows("SELECT place, priority, repeat FROM outbox") == [("dm:maria", 2, 1)]
    assert bot.rows("SELECT person, act, subject FROM audit") == [
        ("cityops", "routine tea", "tea 2026-11-23 city_manager")
    ]


def test_a_restart_plans_and_sends_nothing_twice(bot: Bot) -> None:
    bot.look(at("06:00"))
    planned = bot.states
    bot.look(at("06:01"))
    assert bot.states == planned == [(f"2026-11-{day}", "planned") for day in (23, 24, 25)]
    bot.look(at("07:30"))
    bot.look(at("09:00"))
    assert bot.sent == ["Tea"]


def test_two_leaders_that_saw_the_same_occurrence_send_it_once(bot: Bot) -> None:
    bot.plan(at("06:00"))
    [due], _ = bot.database.read(lambda store: bot.ledger.due(store, at("07:30")))
    for _ in range(2):
        bot.database.write(lambda store: bot.ledger.fire(due, store, bot.city, at("07:30")))
    assert bot.sent == ["Tea"]


def test_a_closed_day_is_skipped_with_its_reason(bot: Bot) -> None:
    thanksgiving = date(2026, 11, 26)
    bot.plan(at("06:00", thanksgiving))
    assert bot.look(at("08:00", thanksgiving)) == 0
    assert "Thanksgiving" in bot.rows("SELECT reason FROM occurrences WHERE state = 'skipped'")[0][0]
    assert bot.sent == []


@pytest.mark.parametrize("now", ["09:00", "12:00"])
def test_after_an_outage_it_is_sent_as_long_as_it_is_of_use(bot: Bot, now: str) -> None:
    bot.plan(at("06:00"))
    bot.look(at(now))
    assert bot.sent == ["Tea"]


def test_when_it_is_too_late_the_person_is_told_once_instead(bot: Bot) -> None:
    bot.plan(at("06:00"))
    bot.look(at("12:01"))
    bot.look(at("12:02"))
    assert bot.sent == ["The tea of Mon 23 Nov, 07:30 was not sent"]
    assert ("2026-11-23", "expired") in bot.states


def test_a_day_that_was_never_planned_because_of_a_long_outage_is_caught_up(bot: Bot) -> None:
    bot.look(at("06:00", MONDAY - timedelta(days=7)))
    bot.look(at("09:00"))
    assert bot.sent[-1] == "Tea"
    assert ("2026-11-23", "sent") in bot.states


def test_after_forty_days_one_notice_speaks_for_all_and_nothing_old_is_sent(bot: Bot) -> None:
    bot.look(at("06:00", MONDAY - timedelta(days=40)))
    assert bot.look(at("13:00")) == 27  # 29 weekdays less two holidays
    assert bot.sent == ["The tea of Mon 23 Nov, 07:30 was not sent"]
    assert {state for day, state in bot.states if day <= "2026-11-23"} == {"expired", "skipped"}


def test_of_several_that_are_of_use_however_late_only_the_newest_is_sent(bot: Bot) -> None:
    bot.catalogue.routines["tea"] = replace(TEA, late_until=None)
    bot.look(at("06:00", MONDAY - timedelta(days=10)))
    bot.look(at("23:00"))
    assert bot.sent == ["Tea"]
    assert [day for day, state in bot.states if state == "sent"] == ["2026-11-23"]
    assert "a newer one" in bot.rows("SELECT reason FROM occurrences WHERE state = 'expired'")[0][0]


def test_a_clock_that_is_set_back_sends_nothing_twice(bot: Bot) -> None:
    bot.look(at("06:00"))
    bot.look(at("07:30"))
    for _ in range(2):
        bot.look(at("07:00", MONDAY - timedelta(days=1)))
        bot.look(at("07:31"))
    assert bot.sent == ["Tea"]


def test_somebody_who_joins_after_the_asking_is_not_asked_for_what_is_past(bot: Bot) -> None:
    seats = ["department:water"]
    bot.catalogue.routines["tea"] = replace(TEA, to=lambda city, day: seats, late_until=None)
    bot.look(at("06:00"))
    bot.look(at("08:00"))
    seats.append("department:parks")
    bot.look(at("08:30"))
    assert bot.rows("SELECT place FROM outbox") == [("dm:hugo",)]
    bot.look(at("07:30", MONDAY + timedelta(days=1)))
    assert bot.rows("SELECT place FROM outbox ORDER BY id") == [("dm:hugo",), ("dm:hugo",), ("dm:priya",)]


def test_a_deputy_is_asked_and_recorded_and_a_member_who_is_away_is_skipped(bot: Bot) -> None:
    bot.catalogue.routines["tea"] = replace(TEA, to=lambda city, day: ["department:water", "member:crew/sam"])
    for person, deputy in (("hugo", "rosa"), ("sam", None)):
        bot.database.write(
            lambda store, one=(person, deputy): store.absences.add(
                one[0], MONDAY, MONDAY, one[1], by="ines", at=at("05:00")
            )
        )
    bot.look(at("06:00"))
    bot.look(at("07:30"))
    assert bot.rows("SELECT place FROM outbox") == [("dm:rosa",)]
    fired = bot.rows("SELECT seat, person, state, reason FROM occurrences WHERE fired_at IS NOT NULL ORDER BY id")
    assert fired == [
        ("department:water", "rosa", "sent", None),
        ("member:crew/sam", "sam", "skipped", "Sam Rivers is away until Mon 23 Nov"),
    ]
    bot.plan(at("08:00"))
    assert bot.fire(at("08:00")) == 0


@pytest.mark.parametrize("start", ["08:00", "15:00"])
def test_a_first_start_sends_nothing_for_what_is_past_however_often_it_plans(bot: Bot, start: str) -> None:
    first = at(start)
    assert [bot.look(first + timedelta(hours=number)) for number in range(4)] == [0, 0, 0, 0]
    assert bot.states[0] == ("2026-11-24", "planned")
    bot.look(at("07:30", MONDAY + timedelta(days=1)))
    assert bot.sent == ["Tea"]


def test_a_sending_by_hand_before_the_first_start_misses_nothing_either(bot: Bot) -> None:
    now = at("07:00")
    bot.database.write(lambda store: bot.ledger.fire_by_hand(TEA, MONDAY, "ines", store, bot.city, now))
    assert bot.look(at("15:00")) == 0
    assert bot.sent == ["Tea"]
    assert bot.rows("SELECT person, act FROM audit") == [("ines", "routine tea")]


def test_a_changed_hour_moves_what_is_not_sent_and_nothing_else(bot: Bot) -> None:
    bot.look(at("06:00"))
    bot.look(at("07:30"))
    bot.city = changed(bot.city, at="09:15")
    assert bot.look(at("09:15")) == 0
    moved = bot.rows("SELECT day, due_at FROM occurrences WHERE state = 'planned' ORDER BY day")
    assert moved == [("2026-11-24", "2026-11-24 14:15:00.000000"), ("2026-11-25", "2026-11-25 14:15:00.000000")]
    assert bot.sent == ["Tea"]


def test_a_changed_day_rule_takes_back_the_days_it_no_longer_has(bot: Bot) -> None:
    bot.look(at("06:00"))
    bot.city = changed(bot.city, on="every Wednesday")
    bot.plan(at("06:30"))
    assert bot.states == [("2026-11-25", "planned")]


def test_another_seat_does_not_make_a_second_sending(bot: Bot) -> None:
    bot.look(at("06:00"))
    bot.catalogue = Catalogue(routines={"tea": replace(TEA, to="admin")})
    bot.look(at("07:30"))
    assert bot.rows("SELECT place FROM outbox") == [("dm:ines",)]


def test_a_routine_that_is_gone_leaves_nothing_planned(bot: Bot) -> None:
    bot.look(at("06:00"))
    bot.catalogue = Catalogue()
    assert bot.look(at("07:30")) == 0
    assert bot.states == []


def test_a_routine_with_nothing_to_say_says_nothing_and_is_done(bot: Bot) -> None:
    bot.catalogue = Catalogue(routines={"tea": replace(TEA, function=lambda context: None)})
    bot.plan(at("06:00"))
    assert bot.look(at("07:30")) == 1
    assert (bot.sent, bot.states[0]) == ([], ("2026-11-23", "sent"))


def test_a_broken_routine_is_set_aside_and_nothing_of_it_is_kept(bot: Bot) -> None:
    def broken(context: Context) -> Card:
        context.post("ops", Card("half"))
        raise ValueError("no tea left")

    bot.catalogue.routines["tea"] = replace(TEA, function=broken)
    bot.catalogue.routines["cake"] = replace(TEA, name="cake", at=time(7, 31))
    bot.plan(at("06:00"))
    assert bot.fire(at("07:31")) == 2
    assert bot.fire(at("07:32")) == 0
    assert bot.sent == ["Tea"]
    assert bot.rows("SELECT routine, state, reason FROM occurrences WHERE day = '2026-11-23' ORDER BY id") == [
        ("tea", "needs_human", "no tea left"),
        ("cake", "sent", None),
    ]


def test_a_timer_is_called_once_and_leaves_its_trace(bot: Bot) -> None:
    bot.catalogue.timers["boil"] = Timer(
        "boil", lambda context, subject, step: context.post("ops", Card(f"{subject} {step}"))
    )
    bot.database.write(lambda store: store.timers.add("boil", "pot", 2, at("08:00")))
    assert bot.fire(at("07:59")) == 0
    assert bot.fire(at("08:00")) == 1
    assert bot.fire(at("08:01")) == 0
    assert bot.sent == ["pot 2"]
    assert bot.rows("SELECT person, act FROM audit") == [("cityops", "timer boil")]


def test_a_timer_that_changes_nothing_leaves_no_trace(bot: Bot) -> None:
    bot.catalogue.timers["boil"] = Timer("boil", lambda context, subject, step: None)
    bot.database.write(lambda store: store.timers.add("boil", "pot", 0, at("08:00")))
    assert bot.fire(at("08:00")) == 1
    assert bot.rows("SELECT person FROM audit") == []


def test_a_timer_cancelled_after_it_was_seen_due_is_not_called(bot: Bot) -> None:
    bot.catalogue.timers["boil"] = Timer("boil", lambda context, subject, step: context.post("ops", Card("never")))
    bot.database.write(lambda store: store.timers.add("boil", "pot", 0, at("08:00")))
    _, [due] = bot.database.read(lambda store: bot.ledger.due(store, at("08:00")))
    bot.database.write(lambda store: store.timers.cancel("boil", "pot"))
    bot.database.write(lambda store: bot.ledger.fire_timer(due, store, bot.city, at("08:00")))
    assert bot.sent == []


def test_a_broken_timer_is_set_aside_and_the_others_go_on(bot: Bot) -> None:
    bot.catalogue.timers["boil"] = Timer(
        "boil", lambda context, subject, step: context.post("ops", Card(f"{1 // step}"))
    )
    for kind, step, clock in (("retired", 0, "07:58"), ("boil", 0, "07:59"), ("boil", 1, "08:00")):
        bot.database.write(lambda store, one=(kind, step, clock): store.timers.add(one[0], "pot", one[1], at(one[2])))
    assert bot.fire(at("08:00")) == 3
    assert bot.fire(at("08:01")) == 0
    assert bot.sent == ["1"]
    failed = bot.database.read(lambda store: store.timers.failed())
    assert [(kind, subject) for kind, subject, _ in failed] == [("retired", "pot"), ("boil", "pot")]
    assert "division" in failed[1][2]


def test_the_schedule_goes_by_time_names_skips_and_crosses_the_clock_change(bot: Bot) -> None:
    coming = schedule(bot.catalogue, bot.city, date(2026, 10, 30), 4, nobody_is_away)
    assert [(one.local.isoformat(), one.skipped) for one in coming] == [
        ("2026-10-30T07:30:00-04:00", None),
        ("2026-11-02T07:30:00-05:00", None),
    ]
    [holiday] = schedule(bot.catalogue, bot.city, date(2026, 11, 26), 1, nobody_is_away)
    assert "Thanksgiving" in str(holiday.skipped)


def test_the_citys_times_are_laid_over_the_routines(bot: Bot) -> None:
    times = times_of(TEA, changed(bot.city, on="every day"))
    assert (times.at, times.on, times.late_until) == (time(7, 30), "every day", time(12))
    midnight = times_of(TEA, changed(bot.city, at="00:00"))
    assert midnight.at == time(0)


def test_a_seat_is_the_first_person_with_the_role(bot: Bot) -> None:
    assert sitting(bot.city, "city_manager", MONDAY, nobody_is_away).person == "maria"
