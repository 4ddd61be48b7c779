"""Digest: one message a day with what is due and new, and one tap puts a line off, at every door."""

from datetime import UTC, datetime

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen


async def _morning_of(chat: Chat, day: int) -> None:
    """Move the clock to 08:30 in Riverton on a day of November."""
    await chat.bot.settle()
    chat.bot.clock.set(datetime(2026, 11, day, 13, 30, 1, tzinfo=UTC))
    await chat.bot.settle()


async def _digests(chat: Chat, person: str) -> list[Seen]:
    """The digests that somebody has, as they are now."""
    return [message for message in await chat.person(person).direct() if message.title.startswith("Your day")]


@pytest.mark.doors
async def test_what_is_new_waits_for_the_digest_and_is_told_once(chat: Chat) -> None:
    owen = chat.person("owen")
    await owen.says("/feedback add Deep pothole; category streets; via phone")
    await chat.person("sam").says("/feedback close F-1; reason done; answer The pothole is filled")
    assert not [message for message in await owen.direct() if "answered" in message.text]
    await _morning_of(chat, 24)
    [card] = await _digests(chat, "owen")
    assert card.title == "Your day: Tue Nov 24"
    assert "New for you: 1" in card.text
    assert "F-1 “Deep pothole” is answered: The pothole is filled" in card.text
    shown = await owen.presses("Show", card)
    assert shown.title == "F-1 Streets and potholes"
    await _morning_of(chat, 25)
    assert len(await _digests(chat, "owen")) == 1
    assert await chat.person("tom").direct() == []  # nobody gets an empty one


@pytest.mark.doors
async def test_what_is_put_off_leaves_the_card_in_its_place_and_comes_back_tomorrow(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says("/risk add Dam gate stuck; likelihood 2; impact 2; owner @olga; review 2026-11-24")
    olga = chat.person("olga")
    await _morning_of(chat, 24)
    [card] = await _digests(chat, "olga")
    assert "Due or urgent: 1" in card.text
    await olga.presses("Put off until tomorrow", card)
    [card] = await _digests(chat, "olga")
    assert card.title == "Your day: Tue Nov 24"
    assert "Dam gate" not in card.text
    assert "Nothing is left here" in card.text
    home = await olga.says("/city today")
    assert "Dam gate stuck" in home.text
    await _morning_of(chat, 25)
    again = (await _digests(chat, "olga"))[-1]
    assert again.title == "Your day: Wed Nov 25"
    assert "review overdue since Tue Nov 24" in again.text


@pytest.mark.doors
async def test_news_that_is_put_off_is_told_again(chat: Chat) -> None:
    owen = chat.person("owen")
    for number in (1, 2):
        await owen.says("/feedback add Deep pothole; category streets; via phone")
        await chat.person("sam").says(f"/feedback close F-{number}; reason done; answer Filled")
    await _morning_of(chat, 24)
    [card] = await _digests(chat, "owen")
    await owen.presses("Until tomorrow", await owen.unfolds("Put off until tomorrow", card))  # one of the two
    [card] = await _digests(chat, "owen")
    assert "New for you: 1" in card.text
    [put_off] = [ref for ref in ("F-1", "F-2") if ref not in card.text]
    await _morning_of(chat, 25)
    again = (await _digests(chat, "owen"))[-1]
    assert again.title == "Your day: Wed Nov 25"
    assert f"{put_off} “Deep pothole” is answered" in again.text
    assert [ref for ref in ("F-1", "F-2") if ref in again.text] == [put_off]


@pytest.mark.doors
async def test_beyond_ten_the_rest_is_counted_and_can_be_read(chat: Chat) -> None:
    sam = chat.person("sam")
    for number in range(12):
        await sam.says(f"/risk add Number {number:02}; likelihood 2; impact 2; owner @olga; review 2026-11-24")
    await _morning_of(chat, 24)
    olga = chat.person("olga")
    [card] = await _digests(chat, "olga")
    assert "Due or urgent: 12" in card.text
    assert "Number 09" in card.text
    assert "Number 10" not in card.text
    assert "And 2 more." in card.text
    all_of_it = await olga.presses("See all", card)
    assert all_of_it.title == "Due or urgent: 12"
    rest = await olga.presses("Next", all_of_it)
    text = (rest or (await olga.direct())[-1]).text
    assert "Number 11" in text


@pytest.mark.doors
async def test_who_is_away_reads_it_when_they_are_back(chat: Chat) -> None:
    owen = chat.person("owen")
    await owen.says("/feedback add Deep pothole; category streets; via phone")
    await owen.says("/city away from today to 2026-11-24")
    await chat.person("sam").says("/feedback close F-1; reason done; answer Filled")
    await _morning_of(chat, 24)
    assert await _digests(chat, "owen") == []
    await _morning_of(chat, 25)
    [card] = await _digests(chat, "owen")
    assert "F-1 “Deep pothole” is answered: Filled" in card.text


async def test_however_much_is_due_what_is_new_stands_in_the_digest(chat: Chat) -> None:
    olga, sam = chat.person("olga"), chat.person("sam")
    for number in range(12):
        await olga.says(f"/action add Measure gate {number}; owner @sam; due 2026-11-24")
    await sam.says("/feedback add Deep pothole; category streets; via phone")
    await olga.says("/feedback close F-1; reason done; answer The pothole is filled")
    await _morning_of(chat, 24)
    [card] = await _digests(chat, "sam")
    assert "F-1 “Deep pothole” is answered: The pothole is filled" in card.text
    assert "more." in card.text
