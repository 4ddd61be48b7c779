"""Ledger: each occurrence and each timer once, through restarts and changed hours."""

from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial

from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.coming import schedule, times_of
from handlers.kit.context import Context
from handlers.kit.declared import Timer
from handlers.kit.duty import Duties
from handlers.kit.messages import Card
from tests.bound import bound
from tests.scheduler.told import MONDAY, TEA, Bot, at, changed


def faults(bot: Bot) -> list[tuple[str, str, str]]:
    return [(fault.part, fault.about, fault.error) for fault in bot.database.read(lambda store: store.faults.all())]


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
    [due] = bot.database.read(lambda store: bot.ledger.due_occurrences(store, at("07:30"), 50))
    for _ in range(2):
        bot.database.write(lambda store: bot.ledger.fire(due, store, bot.city, at("07:30")))
    assert bot.sent == ["Tea"]


def test_a_closed_day_is_skipped_with_its_reason(bot: Bot) -> None:
    thanksgiving = date(2026, 11, 26)
    bot.plan(at("06:00", thanksgiving))
    assert bot.look(at("08:00", thanksgiving)) == 0
    assert "Thanksgiving" in bot.rows("SELECT reason FROM occurrences WHERE state = 'skipped'")[0][0]
    assert bot.sent == []


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
            bound(
                lambda store, person, deputy: store.time.absences.add(
                    person, MONDAY, MONDAY, deputy, by="ines", at=at("05:00")
                ),
                person,
                deputy,
            )
        )
    bot.look(at("06:00"))
    bot.look(at("07:30"))
    assert bot.rows("SELECT place FROM outbox") == [("dm:rosa",)]
    fired = bot.rows("SELECT seat, person, state, reason FROM occurrences WHERE fired_at IS NOT NULL ORDER BY id")
    assert fired == [
        ("department:water", "rosa", "sent", None),
        ("member:crew/sam", "sam", "skipped", "Sam Rivers is away until Mon Nov 23"),
    ]
    bot.plan(at("08:00"))
    assert bot.fire(at("08:00")) == 0


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
    assert bot.sent == ["The tea could not be made", "Tea"]
    assert bot.rows("SELECT routine, state, reason FROM occurrences WHERE day = '2026-11-23' ORDER BY id") == [
        ("tea", "needs_human", "no tea left"),
        ("cake", "sent", None),
    ]
    assert faults(bot) == [("routine tea", "city_manager", "no tea left")]
    bot.catalogue.routines["tea"] = TEA
    bot.look(at("07:30", MONDAY + timedelta(days=1)))
    assert faults(bot) == []


def test_a_seat_that_is_named_twice_is_planned_and_asked_once(bot: Bot) -> None:
    seats = ["department:water", "department:parks", "department:water"]
    bot.catalogue.routines["tea"] = replace(TEA, to=lambda city, day: seats)
    bot.look(at("06:00"))
    bot.look(at("07:30"))
    assert bot.rows("SELECT place FROM outbox ORDER BY id") == [("dm:hugo",), ("dm:priya",)]


def test_a_routine_that_cannot_be_planned_is_set_aside_and_all_others_are_planned(bot: Bot) -> None:
    def broken(city: City, day: date) -> list[str]:
        raise KeyError("crew")

    bot.catalogue.routines["cake"] = replace(TEA, name="cake", to=broken, late_until=None)
    bot.look(at("06:00"))
    bot.look(at("07:30"))
    assert bot.sent == ["Tea"]
    assert faults(bot) == [("planning of routine cake", "", "KeyError: 'crew'")]
    bot.catalogue.routines["cake"] = replace(TEA, name="cake", late_until=None)
    bot.look(at("08:00"))
    assert bot.sent == ["Tea", "Tea"], "what was due while it was set aside is not lost"
    assert faults(bot) == []


def test_a_seat_that_cannot_be_planned_is_set_aside_alone(bot: Bot) -> None:
    seats = ["department:water", "department:\ud800", "department:parks"]
    bot.catalogue.routines["tea"] = replace(TEA, to=lambda city, day: seats)
    bot.look(at("06:00"))
    bot.look(at("07:30"))
    assert bot.rows("SELECT place FROM outbox ORDER BY id") == [("dm:hugo",), ("dm:priya",)]
    [(part, about, _)] = faults(bot)
    assert (part, about) == ("planning of routine tea", "department:?")
    del seats[1]
    bot.look(at("08:00"))
    assert faults(bot) == []


def test_a_timer_is_called_once_and_leaves_its_trace(bot: Bot) -> None:
    bot.catalogue.timers["boil"] = Timer(
        "boil", lambda context, subject, step: context.post("ops", Card(f"{subject} {step}"))
    )
    bot.database.write(lambda store: store.time.timers.add("boil", "pot", 2, at("08:00")))
    assert bot.fire(at("07:59")) == 0
    assert bot.fire(at("08:00")) == 1
    assert bot.fire(at("08:01")) == 0
    assert bot.sent == ["pot 2"]
    assert bot.rows("SELECT person, act FROM audit") == [("cityops", "timer boil")]


def test_a_timer_that_changes_nothing_leaves_no_trace(bot: Bot) -> None:
    bot.catalogue.timers["boil"] = Timer("boil", lambda context, subject, step: None)
    bot.database.write(lambda store: store.time.timers.add("boil", "pot", 0, at("08:00")))
    assert bot.fire(at("08:00")) == 1
    assert bot.rows("SELECT person FROM audit") == []


def test_a_timer_cancelled_after_it_was_seen_due_is_not_called(bot: Bot) -> None:
    bot.catalogue.timers["boil"] = Timer("boil", lambda context, subject, step: context.post("ops", Card("never")))
    bot.database.write(lambda store: store.time.timers.add("boil", "pot", 0, at("08:00")))
    [due] = bot.database.read(lambda store: bot.ledger.due_timers(store, at("08:00"), 50))
    bot.database.write(lambda store: store.time.timers.cancel("boil", "pot"))
    bot.database.write(lambda store: bot.ledger.fire_timer(due, store, bot.city, at("08:00")))
    assert bot.sent == []


def test_a_broken_timer_is_set_aside_and_the_others_go_on(bot: Bot) -> None:
    bot.catalogue.timers["boil"] = Timer(
        "boil", lambda context, subject, step: context.post("ops", Card(f"{1 // step}"))
    )
    for kind, step, clock in (("retired", 0, "07:58"), ("boil", 0, "07:59"), ("boil", 1, "08:00")):
        bot.database.write(
            bound(lambda store, kind, step, due: store.time.timers.add(kind, "pot", step, at(due)), kind, step, clock)
        )
    assert bot.fire(at("08:00")) == 3
    assert bot.fire(at("08:01")) == 0
    assert bot.sent == ["1"]
    [retired, boil] = sorted(faults(bot), reverse=True)
    assert retired[:2] == ("timer retired", "pot 0")
    assert boil[:2] == ("timer boil", "pot 0")
    assert "division" in boil[2]


def test_the_schedule_goes_by_time_names_skips_and_crosses_the_clock_change(bot: Bot) -> None:
    coming = schedule(bot.catalogue.routines.values(), bot.city, date(2026, 10, 30), 4, partial(Duties, bot.city))
    assert [(sending.local.isoformat(), sending.skipped) for sending in coming] == [
        ("2026-10-30T07:30:00-04:00", None),
        ("2026-11-02T07:30:00-05:00", None),
    ]
    [holiday] = schedule(bot.catalogue.routines.values(), bot.city, date(2026, 11, 26), 1, partial(Duties, bot.city))
    assert "Thanksgiving" in str(holiday.skipped)


def test_the_citys_times_are_laid_over_the_routines(bot: Bot) -> None:
    times = times_of(TEA, changed(bot.city, on="every day"))
    assert (times.at, times.on, times.late_until) == (time(7, 30), "every day", time(12))
    midnight = times_of(TEA, changed(bot.city, at="00:00"))
    assert midnight.at == time(0)


def test_a_seat_is_the_first_person_with_the_role(bot: Bot) -> None:
    assert Duties(bot.city, MONDAY).seat("city_manager").person == "maria"
