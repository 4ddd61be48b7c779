"""Quiet hours: in the night people get pages and answers, and all else in the morning, at every door."""

from datetime import UTC, datetime

import pytest

from tests.chat.door import Chat

EVENING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 20:00 in Riverton, on the Monday
MORNING = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # 07:00


@pytest.mark.doors
async def test_at_night_a_page_and_its_answer_pass_by_what_waits_for_the_morning(chat: Chat) -> None:
    chat.bot.clock.set(EVENING)
    maria, hugo = chat.person("maria"), chat.person("hugo")
    told = await maria.says("/city away from tomorrow to friday deputy @hugo")
    assert told.title.startswith("You are away")  # the answer comes at once
    assert await hugo.direct() == []
    await chat.person("olga").says("/crisis activate Water main burst; level 2")
    await hugo.presses("On my way", await hugo.finds("you are needed"))
    assert await hugo.finds("you said “on my way”")  # a card is brought up to date at night too
    await chat.bot.pass_time(hours=10, minutes=59, seconds=50)
    titles = [card.title for card in await hugo.direct()]
    assert "You stand in for Maria Lopez" not in titles
    chat.bot.clock.set(MORNING)
    titles = [card.title for card in await hugo.direct()]
    assert "You stand in for Maria Lopez" in titles


async def test_what_waited_through_the_night_says_in_the_morning_how_things_stand_then(chat: Chat) -> None:
    chat.bot.clock.set(EVENING)
    sam, olga = chat.person("sam"), chat.person("olga")
    await sam.says("/risk add Dam gate stuck; likelihood 2; impact 2; owner @olga")
    await sam.says("/risk add Pump fails; likelihood 2; impact 2; owner @olga")
    await sam.says("/risk update R-1; title Dam gate broken")
    await chat.person("maria").says("/risk close R-2; reason It was replaced")
    assert await olga.direct() == []
    chat.bot.clock.set(MORNING)
    [card] = await olga.direct()
    assert card.title == "Sam Rivers has logged R-1: you look after it"
    assert "Dam gate broken" in card.text
    assert "Dam gate stuck" not in card.text
