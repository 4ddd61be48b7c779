"""Away: deputies are asked instead, people are told, and it ends by itself, at every door."""

from datetime import UTC, datetime

import pytest

from tests.chat.door import Chat


@pytest.mark.parity("Be away, and a deputy is asked")
async def test_the_deputy_gets_the_morning_check_while_the_manager_is_away_and_not_after(chat: Chat) -> None:
    told = await chat.person("maria").says("/city away from today to tomorrow deputy @olga")
    assert told.title == "You are away from Mon 23 Nov 2026 to Tue 24 Nov 2026"
    for day in (24, 25):
        chat.bot.clock.set(datetime(2026, 11, day, 12, 30, 1, tzinfo=UTC))
        await chat.bot.settle()
    olgas = [card.title for card in await chat.person("olga").direct()]
    assert "You stand in for Maria Lopez" in olgas
    assert [title for title in olgas if title.startswith("Good morning")] == [
        "Good morning. Riverton, Tue 24 Nov, 07:30"
    ]
    marias = [card.title for card in await chat.person("maria").direct() if card.title.startswith("Good morning")]
    assert marias == ["Good morning. Riverton, Wed 25 Nov, 07:30"]


async def test_coming_back_early_ends_it_and_the_deputy_is_told(chat: Chat) -> None:
    maria = chat.person("maria")
    await maria.says("/city away from today to friday deputy @olga")
    assert "Maria Lopez: Mon 23 Nov 2026 to Fri 27 Nov 2026" in (await maria.says("/city absences")).text
    assert (await maria.says("/city back")).title == "Welcome back"
    assert (await chat.person("olga").direct())[-1].title == "Maria Lopez is back"
    assert "Nobody is away" in (await maria.says("/city absences")).text
    again = await maria.says("/city back")
    assert "You are not away" in again.text


async def test_a_wrong_absence_is_told_beside_its_field_and_nothing_is_kept(chat: Chat) -> None:
    maria = chat.person("maria")
    form = await maria.opens("/city away")
    wrong = await maria.is_asked_again(form, from_day="2026-12-04", to_day="2026-12-01")
    assert "before Fri 4 Dec 2026" in wrong.errors["to_day"]
    right = await maria.fills(wrong, from_day="2026-12-04", to_day="2026-12-08")
    assert right.title == "You are away from Fri 4 Dec 2026 to Tue 8 Dec 2026"


@pytest.mark.parity("Ask what the bot will send")
async def test_what_is_coming_for_somebody_can_be_asked(chat: Chat) -> None:
    coming = await chat.person("maria").says("/city schedule")
    assert "Tue 24 Nov, 07:30" in coming.text
    assert "skipped: Thanksgiving" in coming.text
