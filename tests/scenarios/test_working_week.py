"""Working week: a city that works from Sunday to Thursday and counts its year from February, at every door."""

from datetime import UTC, datetime

import pytest

from tests.chat.door import Chat
from tests.scenarios.peoplefile import change

OWN = (
    'working_days = ["sun", "Monday", "Tue", "Wednesday", "Thursday"]\n'
    'first_weekday = "Sunday"\nfiscal_year_starts = "February"\n'
)


async def works_from_sunday(chat: Chat) -> None:
    text = (chat.bot.application.settings.city_dir / "city.toml").read_text(encoding="utf-8")
    before = text[text.index("working_days =") : text.index("[[closing_days]]")]
    await change(chat, before, OWN, "city.toml")


async def wait(chat: Chat, day: int, hour: int, month: int = 11) -> None:
    """Wait until a full hour of late 2026 by Riverton's wall clock, five hours behind Greenwich."""
    chat.bot.clock.set(datetime(2026, month, day, hour + 5, 1, tzinfo=UTC))
    await chat.bot.settle()


@pytest.mark.parity("Read the week as the city counts it")
async def test_a_week_begins_and_is_worked_as_the_city_says(chat: Chat) -> None:
    await works_from_sunday(chat)
    await wait(chat, 27, 9)
    before = len(await chat.person("maria").direct())
    await wait(chat, 28, 9)
    assert len(await chat.person("maria").direct()) == before, "Saturday is no working day"
    await wait(chat, 29, 9)
    assert len(await chat.person("maria").direct()) > before, "the morning check comes on Sunday"
    weeks = [card.title for card in await chat.place("ops") if card.title.startswith("Checklist, ")]
    assert weeks[-1] == "Checklist, Sun 29 Nov to Sat 5 Dec"


async def test_a_quarter_is_one_of_the_fiscal_year(chat: Chat) -> None:
    await works_from_sunday(chat)
    card = await chat.person("maria").says("/checklist")
    assert "This quarter, until Sun 31 Jan" in card.text
    assert "This fiscal year, until Sun 31 Jan" in card.text
    assert "Week 4, Sun 22 Nov to Sat 28 Nov" in card.text
