"""Crisis confirmation: two people start the plan, or one alone, who is looked at afterwards; at every door."""

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen, SeenForm

ROOM = "crisis:CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"


async def test_staff_raise_the_alarm_and_two_others_start_the_plan(chat: Chat) -> None:
    card = await chat.person("sam").says(BURST)
    assert isinstance(card, Seen)
    assert card.title == "CR-2026-01 has begun"
    assert "You have done your part" in card.text
    tom, maria = chat.person("tom"), chat.person("maria")
    first = await tom.presses("Yes: start the plan", await chat.person("tom").finds("is it a crisis?"))
    assert isinstance(first, Seen)
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
    refused = await tom.presses("I confirm it", await chat.person("tom").finds("please confirm"))
    assert isinstance(refused, Seen)
    assert "It takes a second person" in refused.text
    assert await chat.place("ops") == []


@pytest.mark.parity("Go on alone when nobody confirms a crisis")
async def test_when_nobody_confirms_the_first_goes_on_alone_and_somebody_looks_at_it(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await chat.bot.pass_time(minutes=5, seconds=1)
    olga, maria = chat.person("olga"), chat.person("maria")
    await olga.presses("Go on alone", await chat.person("olga").finds("nobody has confirmed it"))
    [told] = await chat.place("ops")
    assert told.title == "Riverton: a crisis, CR-2026-01"
    summary, *_ = await chat.place(ROOM)
    assert "by Olga Brandt alone, because nobody confirmed it; not looked at yet" in summary.text
    form = await maria.presses("I have looked at it", await chat.person("maria").finds("has started CR-2026-01 alone"))
    assert isinstance(form, SeenForm)
    await maria.fills(form, finding="Yes: minutes counted")
    summary, *_ = await chat.place(ROOM)
    assert "looked at since by Maria Lopez" in summary.text


async def test_a_lone_start_that_nobody_looks_at_is_asked_for_after_a_day(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await chat.bot.pass_time(minutes=5, seconds=1)
    await chat.person("olga").presses("Go on alone", await chat.person("olga").finds("nobody has confirmed it"))
    await chat.bot.pass_time(hours=24, seconds=1)
    assert await chat.person("maria").finds("its lone start is still to be looked at")


async def test_nobody_goes_on_alone_before_the_time_is_over(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await chat.bot.pass_time(minutes=5, seconds=1)
    question = await chat.person("olga").finds("nobody has confirmed it")
    await chat.person("maria").presses("I confirm it", await chat.person("maria").finds("please confirm"))
    late = await chat.person("olga").presses("Go on alone", question)
    assert isinstance(late, Seen)
    assert "Maria Lopez confirmed CR-2026-01 already" in late.text
