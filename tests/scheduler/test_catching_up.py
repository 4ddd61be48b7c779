"""Catching up: what becomes of what was due while the bot was down, or before it first started."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.scheduler.told import MONDAY, TEA, Bot, at


@pytest.mark.parametrize("now", ["09:00", "12:00"])
def test_after_an_outage_it_is_sent_as_long_as_it_is_of_use(bot: Bot, now: str) -> None:
    bot.plan(at("06:00"))
    bot.look(at(now))
    assert bot.sent == ["Tea"]


def test_when_it_is_too_late_the_person_is_told_once_instead(bot: Bot) -> None:
    bot.plan(at("06:00"))
    bot.look(at("12:01"))
    bot.look(at("12:02"))
    assert bot.sent == ["The tea of Mon Nov 23, 7:30 AM was not sent"]
    assert ("2026-11-23", "expired") in bot.states


def test_a_day_that_was_never_planned_because_of_a_long_outage_is_caught_up(bot: Bot) -> None:
    bot.look(at("06:00", MONDAY - timedelta(days=7)))
    bot.look(at("09:00"))
    assert bot.sent[-1] == "Tea"
    assert ("2026-11-23", "sent") in bot.states


def test_after_forty_days_one_notice_speaks_for_all_and_nothing_old_is_sent(bot: Bot) -> None:
    bot.look(at("06:00", MONDAY - timedelta(days=40)))
    assert bot.look(at("13:00")) == 27  # 29 weekdays less two holidays
    assert bot.sent == ["The tea of Mon Nov 23, 7:30 AM was not sent"]
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
