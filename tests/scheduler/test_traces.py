"""Traces: what each firing leaves in the audit and outbox, how far ahead is planned, and what waits for the clock."""

import json
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from handlers.kit.context import Context
from handlers.kit.declared import Timer
from handlers.kit.messages import Card
from handlers.kit.parts import Broken
from tests.bound import bound
from tests.scheduler.told import MONDAY, TEA, Bot, at


def audited(bot: Bot) -> list[tuple[Any, ...]]:
    rows = bot.rows("SELECT person, act, subject, facts FROM audit ORDER BY number")
    return [(person, act, subject, json.loads(facts)) for person, act, subject, facts in rows]


def by_hand(bot: Bot, routine: Any, clock: str = "06:00") -> tuple[list[str | None], list[Broken]]:
    now = at(clock)
    return bot.database.write(lambda store: bot.ledger.fire_by_hand(routine, MONDAY, "ines", store, bot.city, now))


def away(bot: Bot, person: str) -> None:
    bot.database.write(lambda store: store.time.absences.add(person, MONDAY, MONDAY, None, by="ines", at=at("05:00")))


def test_what_was_sent_skipped_or_expired_says_so_in_the_audit(bot: Bot) -> None:
    bot.catalogue.routines["tea"] = replace(TEA, to=lambda city, day: ["department:water", "member:crew/sam"])
    away(bot, "sam")
    bot.look(at("06:00"))
    bot.look(at("07:30"))
    bot.look(at("12:01", MONDAY + timedelta(days=1)))
    tea, water, crew = "routine tea", "department:water", "member:crew/sam"
    assert sorted(audited(bot), key=lambda row: row[2]) == [
        ("cityops", tea, f"tea 2026-11-23 {water}", {"to": "hugo"}),
        ("cityops", tea, f"tea 2026-11-23 {crew}", {"skipped": True}),
        ("cityops", tea, f"tea 2026-11-24 {water}", {"expired": True}),
        ("cityops", tea, f"tea 2026-11-24 {crew}", {"expired": True}),
    ]


def test_a_sending_by_hand_goes_as_an_answer_and_names_who_asked(bot: Bot) -> None:
    routine = replace(TEA, to=lambda city, day: ["department:water", "member:crew/sam"])
    away(bot, "sam")
    assert by_hand(bot, routine) == (["hugo"], [])
    assert bot.rows("SELECT place, priority FROM outbox") == [("dm:hugo", 1)]
    assert bot.rows("SELECT state, person FROM occurrences") == [("by_hand", "hugo")]
    assert audited(bot) == [("ines", "routine tea", "tea 2026-11-23 department:water", {"to": "hugo", "by_hand": True})]


def test_by_hand_a_seat_that_breaks_is_named_and_the_others_are_sent(bot: Bot) -> None:
    def for_parks_only(context: Any) -> Card:
        if context.seat != "department:parks":
            raise ValueError("no tea")
        return Card("Tea")

    routine = replace(TEA, function=for_parks_only, to=lambda city, day: ["department:water", "department:parks"])
    to, broken = by_hand(bot, routine)
    assert (to, [fault.about for fault in broken]) == (["priya"], ["department:water"])

    def no_seats(city: Any, day: date) -> list[str]:
        raise ValueError("no seats")

    to, broken = by_hand(bot, replace(TEA, to=no_seats))
    assert (to, [fault.part for fault in broken]) == ([], ["seats of routine tea"])


@pytest.mark.parametrize(("clock", "last"), [("23:59", "2026-11-25"), ("00:00", "2026-11-25"), ("00:30", "2026-11-25")])
def test_the_days_that_begin_within_48_hours_are_planned(bot: Bot, clock: str, last: str) -> None:
    bot.plan(at(clock))
    assert bot.states[-1] == (last, "planned")


def test_what_is_due_at_the_moment_from_which_on_is_planned_is_planned_too(bot: Bot) -> None:
    bot.plan(at("07:30"))
    assert bot.states[0] == ("2026-11-23", "planned")
    bot.catalogue.routines["cake"] = replace(TEA, name="cake", at=time(7, 29, 59))
    bot.plan(at("07:31"))
    assert bot.rows("SELECT min(day) FROM occurrences WHERE routine = 'cake'") == [("2026-11-24",)]


def test_while_the_clock_is_in_doubt_only_what_counts_the_seconds_of_a_crisis_goes(bot: Bot) -> None:
    bot.catalogue.timers["boil"] = Timer("boil", lambda context, subject, step: None)
    bot.catalogue.timers["page"] = Timer("page", lambda context, subject, step: None, counts_seconds=True)
    bot.plan(at("06:00"))
    for kind in ("boil", "page"):
        bot.database.write(bound(lambda store, kind: store.time.timers.add(kind, "pot", 0, at("07:00")), kind))
    now, ledger = at("07:30"), bot.ledger
    assert not bot.database.read(lambda store: ledger.due_occurrences(store, now, 50, in_doubt=True))
    assert [
        timer.kind for timer in bot.database.read(lambda store: ledger.due_timers(store, now, 50, in_doubt=True))
    ] == ["page"]
    assert len(bot.database.read(lambda store: ledger.due_occurrences(store, now, 50))) == 1
    assert len(bot.database.read(lambda store: ledger.due_timers(store, now, 50))) == 2


@pytest.mark.parametrize(("notice", "told"), [(True, ["The tea could not be made"]), (False, [])])
def test_who_waits_for_a_routine_that_broke_is_told_where_it_gives_notice(
    bot: Bot, notice: bool, told: list[str]
) -> None:
    def broken(context: Context) -> Card:
        raise ValueError("no tea left")

    bot.catalogue.routines["tea"] = replace(TEA, function=broken, notice=notice)
    bot.look(at("06:00"))
    bot.look(at("07:30"))
    assert bot.sent == told
    assert bot.rows("SELECT place, priority, repeat FROM outbox") == [("dm:maria", 2, 1)] * len(told)


@pytest.mark.parametrize(("notice", "told"), [(True, 1), (False, 0)])
def test_who_misses_a_routine_is_told_where_it_gives_notice(bot: Bot, notice: bool, told: int) -> None:
    bot.catalogue.routines["tea"] = replace(TEA, notice=notice)
    bot.look(at("06:00"))
    bot.look(at("12:01"))
    assert bot.rows("SELECT place, priority, repeat FROM outbox") == [("dm:maria", 2, 1)] * told


def test_what_ended_meanwhile_is_neither_skipped_nor_expired_nor_broken_again(bot: Bot) -> None:
    bot.catalogue.routines["tea"] = replace(TEA, to=lambda city, day: ["department:water", "member:crew/sam"])
    away(bot, "sam")
    bot.plan(at("06:00"))
    due = bot.database.read(lambda store: bot.ledger.due_occurrences(store, at("07:30"), 50))
    assert bot.fire(at("07:30")) == 2
    before = (bot.rows("SELECT count(*) FROM outbox"), len(audited(bot)))
    for occurrence in due:
        for now in (at("07:31"), at("13:00")):
            bot.database.write(
                bound(lambda store, occurrence, now: bot.ledger.fire(occurrence, store, bot.city, now), occurrence, now)
            )
        bot.database.write(
            bound(
                lambda store, occurrence: bot.ledger.broke(occurrence, store, bot.city, at("13:00"), "late"), occurrence
            )
        )
    assert (bot.rows("SELECT count(*) FROM outbox"), len(audited(bot))) == before
    assert bot.database.read(lambda store: store.faults.all()) == []
