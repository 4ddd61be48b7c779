"""Isolation of parts: what breaks when something is due, happens or is announced breaks alone and is named."""

from dataclasses import fields, replace
from datetime import date, datetime
from functools import partial
from importlib import import_module
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from sqlalchemy import text

from bot.inbound import Answered, Changed, Inbound, Pressed, Profile, Typed
from bot.message_changes import heed
from bot.piecework import send_by_hand
from handlers.crisis.command.handover import brief_lines
from handlers.crisis.events import ANSWERED, BEGAN, CHANGED, LEFT, PHONE, ROLE, STARTED
from handlers.kit.catalogue import Catalogue, catalogue
from handlers.kit.coming import seats_of
from handlers.kit.declared import first_line
from handlers.kit.events import (
    ACTED,
    ACTION_CHANGED,
    ACTION_KNOWN,
    ACTION_WANTED,
    ADDING_ACTION,
    ADDING_RISK,
    CRISIS_OVER,
    MORNING_CHECK_READ,
    PLACE_MADE,
    REOPENING_ACTION,
    RISK_ADDED,
    RISK_AS_BEFORE,
    RISK_CLOSED,
    RISK_REOPENED,
    RISK_WANTED,
    STANDUP_HELD,
    Event,
    emit,
)
from handlers.kit.moved import moved_duties
from handlers.kit.parts import missing_line
from storage.database import Store
from tests.bot.breaking import (
    INJECTED,
    breaking,
    breaks,
    does,
    each_with_next,
    injects,
    is_named,
    mended,
    morning_names,
    one_breaks,
    says,
    some_break,
)
from tests.chat.bot import Bot

MONDAY = date(2026, 11, 23)
REF = "CR-2026-01"
ABOUT: dict[Event[Any, ...], tuple[Any, ...]] = {  # what each event is about
    BEGAN: ("crisis",), STARTED: ("crisis",), CHANGED: ("crisis",), CRISIS_OVER: ("crisis",),
    ROLE: ("crisis", "commander", "tom"), LEFT: ("crisis", ("tom",)),
    ANSWERED: ("crisis", "page"), PHONE: ("crisis", "page"), MORNING_CHECK_READ: (MONDAY,), STANDUP_HELD: (MONDAY,),
    RISK_CLOSED: ("risk",), RISK_REOPENED: ("risk",), RISK_AS_BEFORE: ("risk",),
    ACTION_CHANGED: ("action", "added", "tom"), PLACE_MADE: ("crisis:CR-2026-01", "slack"),
}  # fmt: skip
MAY_REFUSE = (ADDING_RISK, RISK_ADDED, RISK_WANTED, ADDING_ACTION, ACTION_WANTED, ACTION_KNOWN, REOPENING_ACTION)
TODAY = text("DELETE FROM occurrences WHERE day <= '2026-11-23'")
DONE = text("SELECT routine, state FROM occurrences WHERE day > '2026-11-23' AND state <> 'planned'")
POSTED = text("SELECT about, channel, remote_id FROM posts WHERE about LIKE '% 2026-11-23 city_manager'")
STATES = text("SELECT routine, state FROM occurrences WHERE day = '2026-11-23' ORDER BY routine")


def test_every_kind_of_part_of_the_catalogue_is_broken_on_purpose() -> None:
    for other in ("test_isolation", "test_isolation_asked", "test_isolation_gathered"):
        import_module(f"tests.bot.{other}")
    assert {field.name for field in fields(Catalogue)} == INJECTED


@injects("routines")
async def test_each_routine_that_breaks_when_it_is_due_is_named_and_the_next_one_is_sent(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, following in each_with_next(catalogue.routines):

        def plan(store: Store, routines: tuple[str, str] = (name, following)) -> None:
            store.connection.execute(TODAY)
            for routine in routines:
                seat = seats_of(catalogue.routines[routine], bot.application.runtime.city(), MONDAY)[0]
                store.time.occurrences.plan(routine, MONDAY, seat, bot.clock.now(), None)

        await mended(bot)
        await bot.application.runtime.write(plan)
        with monkeypatch.context() as patch:
            patch.setitem(catalogue.routines, name, replace(catalogue.routines[name], function=breaks, notice=False))
            await bot.settle()
        states = dict(await bot.read(lambda store: store.connection.execute(STATES).all()))
        assert states == {name: "needs_human", following: "sent"}
        await is_named(bot, f"routine {name}")
    await morning_names(bot, f"routine {name}")


@injects("listeners")
async def test_each_listener_that_breaks_is_named_and_all_others_of_its_event_do_their_part(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = {event.name: event for event in (ACTED, *ABOUT)}
    assert catalogue.listeners.keys() - {event.name for event in MAY_REFUSE} == events.keys()
    for event, known in ((events[name], known) for name, known in catalogue.listeners.items() if name in events):
        for name, listener in list(known.items()):
            await mended(bot)
            with monkeypatch.context() as patch:
                ran = one_breaks(patch, known, name)
                undone = await _happens(bot, event, name)
            assert set(ran) == known.keys() - {name}, event
            assert first_line(listener).rstrip(".").lower() in undone.lower()
            await is_named(bot, part := f"{event.name}: {listener.__name__.replace('_', ' ')}")
    await morning_names(bot, part)


async def _happens(bot: Bot, event: Event[Any, ...], words: str) -> str:
    """Let the event happen; gives what the person who acts reads about what was not done."""
    if event == ACTED:
        return await says(bot, "tom", f"/crisis log {words}")

    def happens(store: Store) -> str:
        context, now = bot.application.runtime.context(store), bot.clock.now()
        crisis = store.crisis.records.add(
            what=words, where=None, level=2, scenario=None, drill=False, by="olga", at=now, year=2026
        )
        risk = store.risk.records.add(
            title=words, likelihood=2, impact=2, owner="sam", review_on=None, by="olga", at=now
        )
        action = store.actions.records.add(what=words, about=risk.ref, owner="sam", due_on=MONDAY, by="olga", at=now)
        page = store.crisis.pages.add(crisis.ref, "tom", now)
        made = {"crisis": crisis, "page": page, "risk": risk, "action": action}
        emit(event, context, *(made.get(about, about) for about in ABOUT[event]))
        store.crisis.records.change(crisis, state="over")
        return " ".join(context.undone)

    return await bot.application.runtime.write(happens)


@injects("crisis_report_sections")
async def test_each_chapter_that_breaks_is_missing_from_the_report_and_the_others_stand(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = list(catalogue.crisis_report_sections)
    for broken in (names[::2], names[1::2]):  # each document takes long
        await mended(bot)
        with monkeypatch.context() as patch:
            ran = some_break(patch, catalogue.crisis_report_sections, broken)
            drafted = await does(bot, "tom", Typed("/crisis document"))
        assert isinstance(drafted, Answered)
        assert drafted.card
        [file] = drafted.card.files
        paper = [paragraph.text for paragraph in Document(BytesIO(file.data)).paragraphs]
        missing = [line for line in paper if "could not be read" in line]
        assert sorted(missing) == sorted(missing_line(name) for name in broken)
        assert set(ran) == set(names) - set(broken)
        await bot.application.runtime.write(lambda store: None)
        await is_named(bot, *(f"chapter {name}" for name in broken))


def _brief(bot: Bot, store: Store) -> list[str]:
    crisis = store.crisis.records.find(REF)
    assert crisis is not None
    return brief_lines(bot.application.runtime.context(store), crisis)


@injects("crisis_handover_sections")
async def test_each_brief_that_breaks_is_missing_alone_from_what_the_next_commander_reads(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(catalogue.crisis_handover_sections):
        await mended(bot)
        with monkeypatch.context() as patch:
            ran = one_breaks(patch, catalogue.crisis_handover_sections, name)
            lines = await bot.application.runtime.write(partial(_brief, bot))
        assert [line for line in lines if "could not be read" in line] == [missing_line(name)]
        assert set(ran) == catalogue.crisis_handover_sections.keys() - {name}
        await is_named(bot, f"brief {name}")
    await morning_names(bot, f"brief {name}")


@injects("on_message_changed")
async def test_each_feature_that_breaks_over_a_changed_message_is_named_and_the_others_hear_of_it(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def introduce(account: str) -> Profile:
        raise AssertionError(account)

    monkeypatch.setitem(catalogue.on_message_changed, "kettle", lambda context, key, text: None)
    for name in catalogue.on_message_changed.keys() - {"kettle"}:
        await mended(bot)
        with monkeypatch.context() as patch:
            ran = one_breaks(patch, catalogue.on_message_changed, name)
            await heed(bot.application.runtime, Changed("slack", "slack:C1/1.0", "New words", name), introduce)
        assert set(ran) == catalogue.on_message_changed.keys() - {name}
        await is_named(bot, f"heeder {name}")
    await morning_names(bot, f"heeder {name}")


@injects("on_seen")
async def test_whoever_presses_a_button_is_answered_when_what_follows_the_reading_breaks(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(catalogue.on_seen):
        await _sent_by_hand(bot, name)
        [post] = await bot.read(lambda store: store.connection.execute(POSTED).all())
        with monkeypatch.context() as patch:
            patch.setitem(catalogue.on_seen, name, breaking(catalogue.on_seen[name]))
            pressed = Inbound(
                "desk", "maria", Pressed("say", "risk list"), channel=post.channel, message=post.remote_id
            )
            outcome = await bot.application.runtime.handle(pressed)
        assert isinstance(outcome, Answered)
        assert outcome.ok
        assert (await bot.read(lambda store, of=post.about: store.chat.posts.seen(of)))[0] == "maria"
        await is_named(bot, f"seen {name}")
    await morning_names(bot, f"seen {name}")


async def _sent_by_hand(bot: Bot, name: str) -> None:
    routine, application = catalogue.routines[name], bot.application
    _, broken = await send_by_hand(application.runtime, application.ledger, routine, MONDAY, "ines")
    bot.clock.advance(seconds=1)  # each sending by hand has its moment
    assert broken == []
    await bot.settle()


@injects("holdings")
async def test_each_holding_that_breaks_is_missing_alone_from_a_handover_and_from_what_has_moved(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        await says(bot, "sam", f"/risk add Gate {number}; likelihood 2; impact 2; owner @tom")
    await says(bot, "tom", "/city away from today to friday; deputy @sam")
    for name in list(catalogue.holdings):
        await mended(bot)
        with monkeypatch.context() as patch:
            ran = one_breaks(patch, catalogue.holdings, name)
            shown = await says(bot, "maria", "/city handover @tom to @olga")
        assert shown.count("could not be read") == 1
        assert missing_line(name) in shown
        assert ("Gate 1" in shown) == (name != "risks")
        assert set(ran) == catalogue.holdings.keys() - {name}
        await bot.application.runtime.write(lambda store: None)
        await is_named(bot, f"handover of {name}")
        await mended(bot)
        with monkeypatch.context() as patch:
            patch.setitem(catalogue.holdings, name, replace(catalogue.holdings[name], holders=breaks))
            moved = await bot.application.runtime.write(
                lambda store: moved_duties(bot.application.runtime.context(store))
            )
        assert [line.text for section in moved for line in section.lines if "read" in line.text] == [missing_line(name)]
        await is_named(bot, f"duties {name}")


@pytest.mark.doors
async def test_after_a_day_on_which_a_part_of_each_kind_breaks_all_else_was_done_and_the_morning_names_them(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {
        "todo_lists": "own risks",
        "crisis_board_sections": "roles",
        "timers": "crisis.roles-free",
        "routines": "digest",
    }
    for kind, name in broken.items():
        known: dict[str, Any] = getattr(catalogue, kind)
        monkeypatch.setitem(known, name, replace(known[name], function=breaks))
    monkeypatch.setitem(catalogue.health_checks, "crisis pages", breaks)
    for day, clock in ((24, "12:30"), (24, "13:30"), (25, "12:30")):  # 07:30, 08:30, 07:30
        bot.clock.set(datetime.fromisoformat(f"2026-11-{day}T{clock}:01+00:00"))
        await bot.settle()
        await bot.application.heartbeat.beat()
    rows = await bot.read(lambda store: store.connection.execute(DONE).all())
    assert {row.routine for row in rows if row.state == "needs_human"} == {"digest"}
    assert {row.routine for row in rows if row.state == "sent"} >= {"morning-check", "crisis-card"}
    assert {row.state for row in rows} <= {"needs_human", "sent", "skipped"}
    morning = await bot.read(lambda store: store.morning_checks.newest())
    assert morning.day == date(2026, 11, 25)
    for part in ("waiting own risks", "board roles", "timer crisis.roles-free", "routine digest", "watch crisis pages"):
        assert part in morning.content
    assert "Not working, please tell IT: 5." in morning.content
