"""Away: deputies are asked instead, people are told, and it ends by itself, at every door."""

from datetime import UTC, datetime

import pytest

from tests.chat.door import Chat


@pytest.mark.parity("Be away, and a deputy is asked")
async def test_the_deputy_gets_the_morning_check_while_the_manager_is_away_and_not_after(chat: Chat) -> None:
    told = await chat.person("maria").says("/city away from today to tomorrow deputy @olga")
    assert told.title == "You are away from Mon Nov 23 to Tue Nov 24"
    for day in (24, 25):
        chat.bot.clock.set(datetime(2026, 11, day, 12, 30, 1, tzinfo=UTC))
        await chat.bot.settle()
    olgas = [card.title for card in await chat.person("olga").direct()]
    assert "You stand in for Maria Lopez" in olgas
    assert [title for title in olgas if title.startswith("Good morning")] == [
        "Good morning. Riverton, Tue Nov 24, 7:30 AM"
    ]
    marias = [card.title for card in await chat.person("maria").direct() if card.title.startswith("Good morning")]
    assert marias == ["Good morning. Riverton, Wed Nov 25, 7:30 AM"]


async def test_coming_back_early_ends_it_and_the_deputy_is_told(chat: Chat) -> None:
    maria = chat.person("maria")
    await maria.says("/city away from today to friday deputy @olga")
    assert "Maria Lopez: Mon Nov 23 to Fri Nov 27" in (await maria.says("/city absences")).text
    assert (await maria.says("/city back")).title == "Welcome back"
    assert (await chat.person("olga").direct())[-1].title == "Maria Lopez is back"
    assert "Nobody is away" in (await maria.says("/city absences")).text
    again = await maria.says("/city back")
    assert "You are not away" in again.text


@pytest.mark.parity("Change or end an absence")
async def test_coming_back_ends_the_absence_of_today_and_not_the_one_of_december(chat: Chat) -> None:
    maria = chat.person("maria")
    await maria.says("/city away from 2026-12-21 to 2026-12-31 deputy @tom")
    early = await maria.says("/city back")
    assert early.title == "You are not away today"
    assert "Maria Lopez: Mon Dec 21 to Thu Dec 31" in early.text
    await maria.says("/city away from today to friday deputy @olga")
    back = await maria.says("/city back")
    assert back.title == "Welcome back"
    assert "Maria Lopez: Mon Dec 21 to Thu Dec 31, asked instead: Tom Okafor" in back.text
    assert "Maria Lopez is back" not in [card.title for card in await chat.person("tom").direct()]
    form = await maria.opens("Change", back)
    assert form.values["from_day"] == "2026-12-21"
    changed = await maria.fills(form, from_day="2026-12-22", to_day="2026-12-30", deputy="@dana")
    assert changed.title == "You are away from Tue Dec 22 to Wed Dec 30"
    assert "Maria Lopez is back" in [card.title for card in await chat.person("tom").direct()]
    assert "You stand in for Maria Lopez" in [card.title for card in await chat.person("dana").direct()]
    ended = await maria.presses("End", await maria.says("/city absences"))
    assert ended.title == "You are not away then"
    assert "Nobody is away" in (await maria.says("/city absences")).text
    undone = await maria.presses("Undo", ended)
    assert "Maria Lopez: Tue Dec 22 to Wed Dec 30, asked instead: Dana Whitfield" in undone.text
    assert "Undone: Maria Lopez is back" in [card.title for card in await chat.person("dana").direct()]


@pytest.mark.doors
async def test_an_absence_said_by_mistake_is_undone_and_the_deputy_reads_it(chat: Chat) -> None:
    said = await chat.person("maria").says("/city away from today to friday deputy @olga")
    await chat.person("maria").presses("Undo", said)
    assert "Undone: You stand in for Maria Lopez" in [card.title for card in await chat.person("olga").direct()]
    assert "Nobody is away" in (await chat.person("maria").says("/city absences")).text


@pytest.mark.doors
async def test_an_absence_over_another_one_is_asked_about_once(chat: Chat) -> None:
    maria = chat.person("maria")
    await maria.says("/city away from 2026-12-21 to 2026-12-31 deputy @tom")
    form = await maria.opens("/city away")
    again = await maria.is_asked_again(form, from_day="2026-12-28", to_day="2027-01-05", deputy="@dana")
    assert "You are away from Mon Dec 21 to Thu Dec 31 already." in again.errors["from_day"]
    kept = await maria.fills(again, from_day="2026-12-28", to_day="2027-01-05", deputy="@dana")
    assert kept.title == "You are away from Mon Dec 28 to Tue Jan 5, 2027"


async def test_an_end_before_the_beginning_is_said_before_an_absence_that_overlaps(desk_chat: Chat) -> None:
    maria = desk_chat.person("maria")
    await maria.says("/city away from 1 dec to 3 dec")
    past = await maria.opens("/city away from 1 dec to 20 nov")
    assert past.errors == {"to_day": "2026-11-20 is in the past. Write 2027-11-20 if you mean next year."}
    assert past.values["to_day"] == "20 nov"
    before = await maria.opens("/city away from 1 dec to 2026-11-20")
    assert before.errors == {"to_day": "That is before Tue Dec 1. Choose the last day away."}


@pytest.mark.doors
async def test_only_they_themselves_or_their_head_change_an_absence(chat: Chat) -> None:
    await chat.person("sam").says("/city away from today to friday deputy @olga")
    others = await chat.person("owen").says("/city absences")
    assert "Sam Rivers: Mon Nov 23 to Fri Nov 27" in others.text
    assert "End" not in others.buttons
    heads = await chat.person("olga").says("/city absences")
    ended = await chat.person("olga").presses("End", heads)
    assert ended.title == "Sam Rivers is not away anymore"
    [news] = await chat.bot.read(lambda store: store.chat.notes.all("sam"))
    assert news.line == "Olga Brandt has ended your absence: Mon Nov 23 to Fri Nov 27."


async def test_a_wrong_absence_is_told_beside_its_field_and_nothing_is_kept(chat: Chat) -> None:
    maria = chat.person("maria")
    form = await maria.opens("/city away")
    wrong = await maria.is_asked_again(form, from_day="2026-12-04", to_day="2026-12-01")
    assert "before Fri Dec 4" in wrong.errors["to_day"]
    right = await maria.fills(wrong, from_day="2026-12-04", to_day="2026-12-08")
    assert right.title == "You are away from Fri Dec 4 to Tue Dec 8"


@pytest.mark.parity("Ask what the bot will send")
async def test_what_is_coming_for_somebody_can_be_asked(chat: Chat) -> None:
    coming = await chat.person("maria").says("/city schedule")
    assert "Tue Nov 24, 7:30 AM" in coming.text
    assert "skipped: Thanksgiving" in coming.text
