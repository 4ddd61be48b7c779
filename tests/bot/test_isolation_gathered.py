"""Isolation of what is gathered: a section of the morning check that breaks is missing alone, and what may refuse an
event does no harm when it breaks."""

from typing import Any

import pytest

from handlers.kit.catalogue import catalogue
from handlers.kit.declared import RecordPart
from handlers.kit.events import (
    ACTION_WANTED,
    ADDING_ACTION,
    ADDING_RISK,
    RISK_ADDED,
    RISK_WANTED,
    Event,
    WantedAction,
    WantedRisk,
    emit,
)
from handlers.kit.parts import missing_line
from storage.database import Store
from tests.bot.breaking import breaking, injects, is_named, mended, morning_names, one_breaks, says
from tests.chat.bot import Bot

ABOUT: dict[Event[Any, ...], tuple[Any, ...]] = {  # what each event that may be refused is about
    ADDING_RISK: (), RISK_ADDED: (None,), RISK_WANTED: (WantedRisk("Gate", 2, 2, "sam", None, ()),),
    ADDING_ACTION: (WantedAction("Oil it", "sam", None, None),),
    ACTION_WANTED: (WantedAction("Oil it", "sam", None, None),),
}  # fmt: skip


@pytest.mark.parametrize("event", ABOUT, ids=[event.name for event in ABOUT])
async def test_each_listener_that_may_refuse_an_event_and_breaks_ends_all_of_it(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, event: Event[Any, ...]
) -> None:
    def happens(store: Store) -> None:
        emit(event, bot.application.runtime.context(store), *ABOUT[event])

    for name, listener in list(catalogue.listeners[event.name].items()):
        with monkeypatch.context() as patch:
            patch.setitem(catalogue.listeners, event.name, {name: breaking(listener)})
            with pytest.raises(KeyError, match="broken on purpose"):
                await bot.application.runtime.write(happens)
    assert await bot.read(lambda store: store.risk.records.find("R-1")) is None


@injects("morning_sections")
async def test_each_section_that_breaks_is_missing_from_the_morning_check_alone(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in catalogue.morning_sections:
        await mended(bot)
        bot.clock.advance(minutes=1)
        await bot.settle()
        with monkeypatch.context() as patch:
            ran = one_breaks(patch, catalogue.morning_sections, name)
            await morning_names(bot, f"section {name}")
        assert set(ran) == catalogue.morning_sections.keys() - {name}
        assert missing_line(name) in (await bot.read(lambda store: store.morning_checks.newest())).content
        await is_named(bot, f"section {name}")


@injects("morning_sentences")
async def test_each_sentence_that_breaks_is_missing_from_the_morning_check_alone(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in catalogue.morning_sentences:
        await mended(bot)
        bot.clock.advance(minutes=1)
        await bot.settle()
        with monkeypatch.context() as patch:
            ran = one_breaks(patch, catalogue.morning_sentences, name)
            await morning_names(bot, f"morning {name}")
        assert set(ran) == catalogue.morning_sentences.keys() - {name}
        await is_named(bot, f"morning {name}")


@injects("city_words")
async def test_each_feature_that_cannot_say_what_it_names_is_named_and_all_others_say_it(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in catalogue.city_words:
        await mended(bot)
        with monkeypatch.context() as patch:
            ran = one_breaks(patch, catalogue.city_words, name)
            bot.clock.advance(hours=1, minutes=1)
            await bot.settle()
        assert set(ran) == catalogue.city_words.keys() - {name}
        await is_named(bot, f"city words {name}")


@injects("record_sections", "record_buttons")
@pytest.mark.parametrize("kind", ["record_sections", "record_buttons"])
async def test_each_part_of_a_record_that_breaks_is_missing_from_its_card_alone(
    bot: Bot, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: dict[str, RecordPart[Any]] = getattr(catalogue, kind)
    for line in ("feedback add The gate is stuck; category streets; via phone", "risk add Gate; likelihood 2; impact 2",
                 "action add Oil the gate; due friday; about R-1", "action done A-1"):  # fmt: skip
        await says(bot, "sam", f"/{line}")
    for name, part in list(known.items()):
        await mended(bot)
        ref, show = ("F-1", "feedback") if "F-1".startswith(part.begins) else ("A-1", "action")
        with monkeypatch.context() as patch:
            ran = one_breaks(patch, known, name)
            shown = await says(bot, "sam", f"/{show} show {ref}")
            await bot.settle()
        assert "ate" in shown
        assert (missing_line(name) in shown) == (kind == "record_sections")
        assert set(ran) == {other for other, part in known.items() if ref.startswith(part.begins)} - {name}
        await is_named(bot, f"{'section' if kind == 'record_sections' else 'buttons'} {name}")


@injects("morning_buttons")
async def test_the_buttons_of_a_line_that_break_are_missing_from_the_morning_check_alone(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    await says(bot, "sam", "/risk add The gate is stuck; likelihood 5; impact 5")
    for name in catalogue.morning_buttons:
        await mended(bot)
        bot.clock.advance(minutes=1)
        await bot.settle()
        with monkeypatch.context() as patch:
            ran = one_breaks(patch, catalogue.morning_buttons, name)
            await morning_names(bot, f"buttons {name}")
        assert set(ran) == catalogue.morning_buttons.keys() - {name}
        assert "The gate is stuck" in (await bot.read(lambda store: store.morning_checks.newest())).content
        await is_named(bot, f"buttons {name}")
