"""Fired: what a sending, a skip, an expiry and a broken part each leave behind, and who hears of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from handlers.kit.declared import Drawer, Timer
from handlers.kit.messages import Card
from storage.database import Store
from storage.time.timers import DueTimer
from tests.scheduler.told import MONDAY, TEA, Bot, at

OUTBOX = "SELECT place, priority, repeat, draws, about FROM outbox ORDER BY id"
AUDIT = "SELECT person, act, subject, facts FROM audit ORDER BY number"
REF = "tea 2026-11-23 city_manager"


def away(bot: Bot, person: str) -> None:
    bot.database.write(lambda store: store.time.absences.add(person, MONDAY, MONDAY, None, by="ines", at=at("05:00")))


def by_hand(bot: Bot) -> Sequence[str | None]:
    routine = bot.catalogue.routines["tea"]
    to, broken = bot.database.write(
        lambda store: bot.ledger.fire_by_hand(routine, MONDAY, "ines", store, bot.city, at("07:00"))
    )
    assert broken == []
    return to


@pytest.mark.parametrize("repeat", [True, False])
@pytest.mark.parametrize("drawn", [True, False])
def test_what_is_sent_may_be_repeated_and_drawn_again_as_its_routine_says(bot: Bot, repeat: bool, drawn: bool) -> None:
    bot.catalogue.routines["tea"] = replace(TEA, repeat=repeat)
    if drawn:
        bot.catalogue.drawers["tea"] = Drawer("tea", lambda context: Card("Tea"))
    bot.look(at("06:00"))
    bot.look(at("07:30"))
    assert bot.rows(OUTBOX) == [("dm:maria", 2, int(repeat), REF if drawn else None, REF)]
    assert bot.rows(AUDIT) == [("cityops", "routine tea", REF, '{"to": "maria"}')]


@pytest.mark.parametrize("notice", [True, False])
def test_what_has_expired_is_told_where_its_routine_gives_notice_and_is_in_the_audit(bot: Bot, notice: bool) -> None:
    bot.catalogue.routines["tea"] = replace(TEA, notice=notice)
    bot.look(at("06:00"))
    bot.look(at("12:00") + timedelta(seconds=1))
    assert bot.rows(OUTBOX) == [("dm:maria", 2, 1, None, None)] * notice
    assert bot.rows(AUDIT) == [("cityops", "routine tea", REF, '{"expired": true}')]
    [(person, state, reason)] = bot.rows("SELECT person, state, reason FROM occurrences WHERE fired_at IS NOT NULL")
    assert (person, state, reason) == ("maria", "expired", "the bot was down until Mon Nov 23, 12:00 PM")


def test_who_is_skipped_is_in_the_audit_and_reads_nothing(bot: Bot) -> None:
    bot.catalogue.routines["tea"] = replace(TEA, to=lambda city, day: ["member:crew/sam"])
    away(bot, "sam")
    bot.look(at("06:00"))
    bot.look(at("07:30"))
    assert bot.rows(OUTBOX) == []
    skipped = ("cityops", "routine tea", "tea 2026-11-23 member:crew/sam", '{"skipped": true}')
    assert bot.rows(AUDIT) == [skipped]
    assert by_hand(bot) == []


def test_what_somebody_has_sent_by_hand_goes_at_once_and_says_so_in_the_audit(bot: Bot) -> None:
    assert by_hand(bot) == ["maria"]
    assert bot.rows(OUTBOX) == [("dm:maria", 1, 1, None, REF)]
    assert bot.rows(AUDIT) == [("ines", "routine tea", REF, '{"by_hand": true, "to": "maria"}')]
    assert bot.rows("SELECT person, state, day FROM occurrences") == [("maria", "by_hand", "2026-11-23")]


def test_a_sending_for_everybody_is_nobodys(bot: Bot) -> None:
    bot.catalogue.routines["tea"] = replace(TEA, to="everybody", function=lambda context: None)
    bot.look(at("06:00"))
    bot.look(at("07:30"))
    assert bot.rows("SELECT person, state FROM occurrences WHERE fired_at IS NOT NULL") == [(None, "sent")]
    assert bot.rows(AUDIT)[0][3] == '{"to": null}'


@pytest.mark.parametrize(
    ("now", "last"),
    [("00:30", "2026-11-25"), ("22:59", "2026-11-25"), ("23:30", "2026-11-25"), ("23:59", "2026-11-25")],
)
def test_the_next_48_hours_are_planned_and_nothing_after_them(bot: Bot, now: str, last: str) -> None:
    bot.catalogue.routines["tea"] = replace(TEA, on="every day")
    bot.plan(at(now))
    assert bot.states[-1] == (last, "planned")


def test_a_clock_that_was_set_back_plans_from_that_moment_on(bot: Bot) -> None:
    bot.plan(at("06:00", MONDAY + timedelta(days=7)))
    bot.plan(at("06:00"))
    assert ("2026-11-23", "planned") in bot.states


def test_while_the_clock_is_in_doubt_only_what_counts_seconds_goes_on(bot: Bot) -> None:
    for name, counts in (("boil", True), ("steep", False)):
        bot.catalogue.timers[name] = Timer(name, lambda context, subject, step: None, counts)
        bot.database.write(partial(_add, name))
    bot.plan(at("06:00"))

    def due(in_doubt: bool) -> tuple[int, list[str]]:
        def look(store: Store) -> tuple[int, list[str]]:
            occurrences = bot.ledger.due_occurrences(store, at("08:00"), 50, in_doubt)
            timers: Sequence[DueTimer] = bot.ledger.due_timers(store, at("08:00"), 50, in_doubt)
            return len(occurrences), [timer.kind for timer in timers]

        return bot.database.read(look)

    assert (due(False), due(True)) == ((1, ["boil", "steep"]), (0, ["boil"]))


def _add(name: str, store: Store) -> None:
    store.time.timers.add(name, "pot", 3, at("07:00"))


@pytest.mark.parametrize(("notice", "known", "told"), [(True, True, 1), (False, True, 0), (True, False, 0)])
def test_who_waits_for_what_broke_is_told_where_its_routine_gives_notice(
    bot: Bot, notice: bool, known: bool, told: int
) -> None:
    bot.catalogue.routines["tea"] = replace(TEA, notice=notice)
    bot.plan(at("06:00"))
    [due] = bot.database.read(lambda store: bot.ledger.due_occurrences(store, at("07:30"), 50))
    if not known:
        del bot.catalogue.routines["tea"]
    for _ in range(2):  # the second time it is set aside already
        bot.database.write(lambda store: bot.ledger.broke(due, store, bot.city, at("07:30"), "no tea"))
    assert bot.rows("SELECT place, priority, repeat FROM outbox") == [("dm:maria", 2, 1)] * told
    faults = bot.database.read(lambda store: store.faults.all())
    assert [(fault.part, fault.about, fault.error) for fault in faults] == [("routine tea", "city_manager", "no tea")]


def test_a_timer_that_broke_is_set_aside_once_by_its_subject_and_step(bot: Bot) -> None:
    bot.database.write(partial(_add, "boil"))
    [due] = bot.database.read(lambda store: bot.ledger.due_timers(store, at("08:00"), 50))
    bot.database.write(lambda store: store.time.timers.end(due.id, "fired"))
    bot.database.write(lambda store: bot.ledger.broke(due, store, bot.city, at("08:00"), "cold"))
    assert bot.database.read(lambda store: store.faults.all()) == []
    bot.database.write(lambda store: store.time.timers.add("boil", "pot", 4, at("07:00")))
    [due] = bot.database.read(lambda store: bot.ledger.due_timers(store, at("08:00"), 50))
    bot.database.write(lambda store: bot.ledger.broke(due, store, bot.city, at("08:00"), "cold"))
    [fault] = bot.database.read(lambda store: store.faults.all())
    assert (fault.part, fault.about, fault.error, fault.since) == ("timer boil", "pot 4", "cold", at("08:00"))
