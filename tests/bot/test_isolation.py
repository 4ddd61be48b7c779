"""Isolation: each part of the catalogue breaks in turn; it alone is named, and every other part works."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from handlers.kit.declared import Timer
from handlers.kit.messages import Card
from storage.database import Store
from tests.bot.breaking import breaks, faults, injects, is_named, mended, says
from tests.chat.bot import Bot
from tests.firing import plan


def _add(kind: str, step: int, now: datetime, store: Store) -> None:
    """A timer that breaks, and one behind it that does not."""
    store.time.timers.add(kind, "nothing", 1000, now)
    store.time.timers.add("boil", kind, step, now)


@injects("routines")
async def test_each_routine_that_cannot_be_planned_is_named_and_all_others_are_planned(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = text("SELECT DISTINCT routine FROM occurrences WHERE day > '2026-11-23'")
    whole = {row.routine for row in await bot.read(lambda store: store.connection.execute(count).all())}
    for name, routine in list(catalogue.routines.items()):
        await bot.application.runtime.write(
            lambda store: store.connection.execute(text("DELETE FROM occurrences WHERE day > '2026-11-23'"))
        )
        with monkeypatch.context() as patch:
            patch.setitem(catalogue.routines, name, replace(routine, on="on no day", to=breaks))
            now, city = bot.clock.now(), bot.application.runtime.city()
            plan(bot.application.runtime.database, bot.application.ledger, city, now)
            planned = {row.routine for row in await bot.read(lambda store: store.connection.execute(count).all())}
            assert planned == whole - {name}
            await is_named(bot, f"planning of routine {name}")
        await mended(bot)


@injects("timers")
async def test_each_timer_that_breaks_is_named_and_the_next_one_is_fired_and_delivered(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def boil(context: Context, subject: str, _step: int) -> None:
        context.post("ops", Card(f"After {subject}"))

    sent = text("SELECT card FROM outbox WHERE state = 'sent' ORDER BY id DESC LIMIT 1")
    monkeypatch.setitem(catalogue.timers, "boil", Timer("boil", boil))
    for step, kind in enumerate(list(catalogue.timers)):
        if kind == "boil":
            continue
        now = bot.clock.now()
        with monkeypatch.context() as patch:
            patch.setitem(catalogue.timers, kind, replace(catalogue.timers[kind], function=breaks))
            await bot.application.runtime.write(partial(_add, kind, step, now))
            await bot.settle()
        card = await bot.read(lambda store: store.connection.execute(sent).scalar())
        assert Card.model_validate_json(card).title == f"After {kind}"
        assert await faults(bot) == [f"timer {kind}"]
        await mended(bot)


@injects("todo_lists", "crisis_board_sections", "health_checks")
@pytest.mark.parametrize("kind", ["todo_lists", "crisis_board_sections", "health_checks"])
async def test_each_contribution_that_breaks_is_named_and_all_others_are_heard(
    bot: Bot, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: dict[str, Any] = getattr(catalogue, kind)
    asks = {"todo_lists": "/city today", "crisis_board_sections": "/crisis status", "health_checks": ""}[kind]
    part = {"todo_lists": "waiting", "crisis_board_sections": "board", "health_checks": "watch"}[kind]
    for name, declared in list(known.items()):
        with monkeypatch.context() as patch:
            patch.setitem(known, name, breaks if kind == "health_checks" else replace(declared, function=breaks))
            said = await says(bot, "ines", asks) if asks else str(await bot.application.heartbeat.beat())
            if asks:
                assert f"{name[0].upper()}{name[1:]} could not be read" in said
                assert said.count("could not be read") == 1
            await bot.settle()
            await bot.application.runtime.write(lambda store: None)
            assert await faults(bot) == [f"{part} {name}"]
        await mended(bot)
