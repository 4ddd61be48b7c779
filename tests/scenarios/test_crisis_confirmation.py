"""Crisis confirmation: two people start the plan, or one alone, which is reviewed afterwards; at every door."""

import pytest

from tests.chat.door import Chat
from tests.scenarios.ended import stand_down

ROOM = "crisis:CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"


async def test_staff_raise_the_alarm_and_two_others_start_the_plan(chat: Chat) -> None:
    card = await chat.person("sam").says(BURST)
    assert card.title == "CR-2026-01 has begun"
    assert "You have done your part" in card.text
    tom, maria = chat.person("tom"), chat.person("maria")
    await tom.presses("Yes: start the plan", await chat.person("tom").finds("is it a crisis?"))
    assert await chat.place("ops") == []
    await maria.presses("I confirm it", await chat.person("maria").finds("please confirm"))
    [told] = await chat.place("ops")
    assert told.title == "Riverton: a crisis, CR-2026-01"
    summary, *_ = await chat.place(ROOM)
    assert "by Tom Okafor, confirmed by Maria Lopez" in summary.text


async def test_nobody_confirms_what_they_declared_themselves(chat: Chat) -> None:
    await chat.person("sam").says(BURST)
    tom = chat.person("tom")
    await tom.presses("Yes: start the plan", await chat.person("tom").finds("is it a crisis?"))
    answered = await tom.finds("Tom Okafor says it is a crisis")
    assert set(answered.buttons) <= {"About this crisis"}, "a fold is no way to confirm"
    summary = await tom.says("/crisis status")
    for refused in (await tom.presses("I confirm it", summary), await tom.says("/crisis confirm")):
        assert "It takes a second person" in refused.text
    assert await chat.place("ops") == []


@pytest.mark.doors
async def test_an_alarm_that_nobody_confirms_is_asked_about_again_and_again_and_stands_in_lists(chat: Chat) -> None:
    await chat.person("sam").says(BURST)
    maria, priya = chat.person("maria"), chat.person("priya")
    assert await _asked(chat, "maria") == 1
    assert await _asked(chat, "priya") == 0
    await chat.bot.pass_time(minutes=5, seconds=1)
    assert (await _asked(chat, "maria"), await _asked(chat, "priya")) == (2, 1)  # a head has the right too
    for minutes, times in ((6, 3), (6, 3), (6, 4)):  # at twice the time
        await chat.bot.pass_time(minutes=minutes)
        assert await _asked(chat, "maria") == times
    today = await priya.says("/city today")
    assert "Nobody has said yet that it is a crisis" in today.text
    await priya.presses("Yes: start the plan", await priya.finds("is it a crisis?"))
    assert await _asked(chat, "priya") == 0  # answered, wherever it is posted
    await maria.says("/crisis confirm")
    assert await chat.place("ops") != []
    assert "confirmed by Maria Lopez" in (await priya.finds("confirmed by Maria Lopez")).title
    await chat.bot.pass_time(hours=5)
    assert await _asked(chat, "maria") == 0


async def _asked(chat: Chat, person: str) -> int:
    titles = [card.title for card in await chat.person(person).direct()]
    return len([title for title in titles if "is it a crisis?" in title or "please confirm" in title])


async def test_whoever_says_yes_first_has_the_others_asked_with_a_message_of_its_own(chat: Chat) -> None:
    await chat.person("sam").says(BURST)
    tom = chat.person("tom")
    await tom.presses("Yes: start the plan", await tom.finds("is it a crisis?"))
    titles = [card.title for card in await chat.person("hugo").direct()]
    assert "CR-2026-01: Tom Okafor says it is a crisis" in titles
    assert titles[-1] == "CR-2026-01: please confirm"


async def test_for_somebody_who_is_away_their_deputy_is_asked_to_confirm(chat: Chat) -> None:
    await chat.person("maria").says("/city away from today to friday; deputy @priya")
    await chat.person("sam").says(BURST)
    assert (await _asked(chat, "maria"), await _asked(chat, "priya")) == (0, 1)


async def test_a_drill_that_nobody_confirms_is_asked_about_once_more(chat: Chat) -> None:
    await chat.person("sam").says(f"{BURST}; kind drill")
    for _ in range(10):
        await chat.bot.pass_time(minutes=10)
    assert await _asked(chat, "tom") == 2


@pytest.mark.parity("Go on alone when nobody confirms a crisis")
async def test_when_nobody_confirms_the_first_goes_on_alone_and_somebody_looks_at_it(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await chat.bot.pass_time(minutes=5, seconds=1)
    olga, maria = chat.person("olga"), chat.person("maria")
    await olga.presses("Go on alone", await chat.person("olga").finds("nobody has confirmed it"))
    [told] = await chat.place("ops")
    assert told.title == "Riverton: a crisis, CR-2026-01"
    summary, *_ = await chat.place(ROOM)
    assert "by Olga Brandt alone, because nobody confirmed it; not reviewed yet" in summary.text
    form = await maria.opens("I reviewed it", await chat.person("maria").finds("has started CR-2026-01 alone"))
    await maria.fills(form, finding="Yes: minutes counted")
    summary, *_ = await chat.place(ROOM)
    assert "reviewed since by Maria Lopez" in summary.text


@pytest.mark.doors
async def test_a_lone_start_that_nobody_looks_at_is_asked_for_after_a_day(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await chat.bot.pass_time(minutes=5, seconds=1)
    await chat.person("olga").presses("Go on alone", await chat.person("olga").finds("nobody has confirmed it"))
    await chat.bot.pass_time(hours=24, seconds=1)
    assert await chat.person("maria").finds("the start by one person still needs a review")


@pytest.mark.doors
async def test_whoever_raised_the_alarm_is_not_told_of_two_people_when_one_went_on_alone(chat: Chat) -> None:
    await chat.person("sam").says(BURST)
    tom = chat.person("tom")
    await tom.presses("Yes: start the plan", await tom.finds("is it a crisis?"))
    await chat.bot.pass_time(minutes=5, seconds=1)
    await tom.presses("Go on alone", await tom.finds("nobody has confirmed it"))
    assert "Tom Okafor agrees with you" in (await chat.person("sam").finds("CR-2026-01 is confirmed")).text


@pytest.mark.doors
async def test_a_lone_start_that_is_over_is_still_looked_at(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await chat.bot.pass_time(minutes=5, seconds=1)
    await chat.person("olga").presses("Go on alone", await chat.person("olga").finds("nobody has confirmed it"))
    await stand_down(chat)
    maria = chat.person("maria")
    today = await maria.says("/city today")
    assert "Olga Brandt started it alone. Was it right?" in today.text
    form = await maria.opens("I reviewed it", await maria.finds("has started CR-2026-01 alone"))
    await maria.fills(form, finding="Yes")
    today = await maria.says("/city today")
    assert "started it alone" not in today.text


async def test_nobody_goes_on_alone_before_the_time_is_over(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await chat.bot.pass_time(minutes=5, seconds=1)
    question = await chat.person("olga").finds("nobody has confirmed it")
    await chat.person("maria").presses("I confirm it", await chat.person("maria").finds("please confirm"))
    late = await chat.person("olga").presses("Go on alone", question)
    assert "Maria Lopez confirmed CR-2026-01 already" in late.text
