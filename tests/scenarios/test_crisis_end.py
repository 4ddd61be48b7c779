"""The end of a crisis: two people end it, and nothing changes before; at every door."""

from datetime import UTC, datetime

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.scenarios.ended import stand_down

REF = "CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"
ASKS = "asks to stand down"


async def _state(chat: Chat) -> str:
    return str((await chat.bot.read(lambda store: store.crisis.records.find(REF))).state)


async def _log(chat: Chat) -> list[str]:
    return [entry.text for entry in await chat.bot.read(lambda store: store.crisis.log.of(REF))]


async def _asked(chat: Chat) -> Seen:
    """Tom asks to stand down; gives what he reads."""
    await chat.person("olga").says(BURST)
    return await chat.person("tom").says("/crisis standdown The pipe is mended")


@pytest.mark.parity("Stand a crisis down together with a second person")
async def test_nothing_changes_before_a_second_person_agrees(chat: Chat) -> None:
    card = await _asked(chat)
    assert card.title == "CR-2026-01: a second person must agree"
    assert "Maria Lopez" in card.text
    assert "Tom Okafor" not in card.text.split("Asked:")[1]
    assert await _state(chat) == "alarm"
    summary, *_ = await chat.place(f"crisis:{REF}")
    assert "by Tom Okafor, Mon Nov 23, 9:00 AM; a second person must agree: The pipe is mended" in summary.text
    assert "by Tom Okafor, and a second person must agree: The pipe is mended" in summary.text
    assert "Stand down" in summary.buttons
    await chat.bot.pass_time(minutes=5, seconds=1)
    assert [message.title for message in await chat.person("hugo").direct() if "(page 2)" in message.title]
    maria = chat.person("maria")
    over = await maria.presses("Agree: stand down", await maria.finds(ASKS))
    assert over.title == "CR-2026-01 is over"
    crisis = await chat.bot.read(lambda store: store.crisis.records.find(REF))
    assert (crisis.state, crisis.ending_by, crisis.closed_by) == ("over", "tom", "maria")
    assert crisis.reason == "The pipe is mended"
    summary, *_ = await chat.place(f"crisis:{REF}")
    assert "asked by Tom Okafor, agreed by Maria Lopez" in summary.text
    *_, told = [message for message in await chat.person("tom").direct() if message.title == "CR-2026-01 is over"]
    assert "Tom Okafor asked for it, and Maria Lopez agreed." in told.text


async def test_the_question_is_answered_everywhere_and_an_old_button_says_by_whom(chat: Chat) -> None:
    await _asked(chat)
    hugo, maria = chat.person("hugo"), chat.person("maria")
    old = await hugo.finds(ASKS)
    await maria.presses("Agree: stand down", await maria.finds(ASKS))
    news = await hugo.finds("Maria Lopez agreed")
    assert news.title == "CR-2026-01: Maria Lopez agreed, Mon Nov 23, 9:00 AM"
    assert news.buttons == {}
    late = await hugo.presses("Agree: stand down", old)
    assert "Maria Lopez agreed, Mon Nov 23, 9:00 AM. CR-2026-01 is over. Nothing was changed." in late.text


async def test_the_question_waits_for_whoever_may_agree_until_it_is_answered(chat: Chat) -> None:
    await _asked(chat)
    line = "CR-2026-01 Water main burst: Tom Okafor asks to stand down: The pipe is mended"
    homes = {name: await chat.person(name).says("/city today") for name in ("maria", "hugo", "tom", "olga")}
    assert {name for name, home in homes.items() if line in home.text} == {"maria", "hugo"}
    home = homes["maria"]
    over = await chat.person("maria").presses("Agree: stand down", home)
    assert over.title == "CR-2026-01 is over"
    assert line not in (await chat.person("hugo").says("/city today")).text


async def test_nobody_agrees_with_themselves(chat: Chat) -> None:
    await _asked(chat)
    again = await chat.person("tom").says("/crisis standdown Really")
    assert again.title == "CR-2026-01: a second person must agree"
    assert "The reason you gave first stands." in again.text
    assert "You asked" not in again.text
    same = await chat.person("tom").says("/crisis standdown The pipe is mended")
    assert "The reason you gave first stands." not in same.text
    assert await _state(chat) == "alarm"
    assert not [message for message in await chat.person("tom").direct() if ASKS in message.title]


async def test_the_command_of_another_is_no_consent_until_they_press_what_they_are_shown(chat: Chat) -> None:
    await _asked(chat)
    maria = chat.person("maria")
    shown = await maria.says("/crisis standdown I have seen it myself")
    assert shown.title == "CR-2026-01: Tom Okafor asks to stand down"
    assert await _state(chat) != "over"
    over = await maria.presses("Agree: stand down", shown)
    assert over.title == "CR-2026-01 is over"
    assert "Tom Okafor asked for it, and you have agreed." in over.text
    assert "asks to stand down as well: I have seen it myself" in await _log(chat)
    assert await _state(chat) == "over"


async def test_agree_is_an_answer_to_the_question_and_no_reason_of_its_own(chat: Chat) -> None:
    await _asked(chat)
    maria = chat.person("maria")
    for words in ("agree", "Agreed.", "yes", "I agree"):
        shown = await maria.says(f"/crisis standdown {words}")
        assert shown.title == "CR-2026-01: Tom Okafor asks to stand down"
        assert {"Agree: stand down", "Not yet"} <= set(shown.buttons)
    assert not [text for text in await _log(chat) if "as well" in text]
    assert await _state(chat) != "over"
    await maria.says("/crisis standdown Agreed with the county")
    assert "asks to stand down as well: Agreed with the county" in await _log(chat)


@pytest.mark.parity("Say that a crisis is not over yet")
async def test_not_yet_says_why_and_the_one_who_asked_is_told(chat: Chat) -> None:
    await _asked(chat)
    maria, tom, hugo = chat.person("maria"), chat.person("tom"), chat.person("hugo")
    old = await hugo.finds(ASKS)
    form = await maria.opens("Not yet", await maria.finds(ASKS))
    assert list(form.values) == ["why"]
    await maria.fills(form, why="Two streets are dry")
    assert await _state(chat) == "alarm"
    news = await tom.finds("not yet")
    assert news.title == "CR-2026-01 goes on: Maria Lopez says not yet"
    assert "Two streets are dry" in news.text
    assert "says not to stand down yet: Two streets are dry" in await _log(chat)
    late = await hugo.presses("Agree: stand down", old)
    assert "This is answered already: Maria Lopez said not yet, Mon Nov 23, 9:00 AM." in late.text
    assert await _state(chat) == "alarm"
    await stand_down(chat)
    assert await _state(chat) == "over"


async def test_whoever_asked_takes_it_back(chat: Chat) -> None:
    card = await _asked(chat)
    tom, maria = chat.person("tom"), chat.person("maria")
    old = await maria.finds(ASKS)
    gone_on = await tom.presses("Take it back", card)
    assert gone_on.title == "CR-2026-01 goes on"
    late = await maria.presses("Agree: stand down", old)
    assert "Tom Okafor took it back" in late.text
    assert await _state(chat) == "alarm"
    summary, *_ = await chat.place(f"crisis:{REF}")
    assert "Stand-down requested" not in summary.text


@pytest.mark.doors
async def test_after_a_day_whoever_asked_is_reminded_once(chat: Chat) -> None:
    await _asked(chat)
    tom = chat.person("tom")
    await chat.bot.pass_time(hours=24, seconds=1)
    assert [message.title for message in await tom.direct() if "You asked 24 hours ago." in message.text] == [
        "CR-2026-01: a second person must agree"
    ]
    await chat.bot.pass_time(hours=48)
    assert len([message for message in await tom.direct() if "You asked" in message.text]) == 1
    assert await _state(chat) == "alarm"


async def test_nobody_without_the_right_ends_a_crisis(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await chat.person("sam").says("/crisis standdown It is fine")
    assert (await chat.bot.read(lambda store: store.crisis.records.find(REF))).ending_by is None


@pytest.mark.doors
async def test_the_morning_check_counts_no_drill(chat: Chat) -> None:
    await chat.person("olga").says(BURST + "; kind drill")
    chat.bot.clock.set(datetime(2026, 11, 24, 12, 30, 1, tzinfo=UTC))  # 07:30 in Riverton
    await chat.bot.settle()
    check = await chat.person("maria").finds("Good morning")
    assert "New crises" not in check.text
    assert "Open crises" not in check.text
    assert "Paged and not answered" not in check.text
    assert check.status == "DRILL, level 2, not confirmed yet"
    assert "DRILL: CR-2026-01 Water main burst: Olga Brandt wants the plan started." in check.text


async def test_what_waits_for_somebody_in_a_drill_says_that_it_is_one(chat: Chat) -> None:
    await chat.person("olga").says(BURST + "; kind drill")
    today = await chat.person("tom").says("/city today")
    assert "DRILL: Crisis CR-2026-01: you are needed." in today.text
    await stand_down(chat)
    await chat.person("tom").says("/crisis follow-up Try it at night; owner @tom; due friday")
    today = await chat.person("tom").says("/city today")
    assert "DRILL: A-1 Try it at night" in today.text


async def test_the_city_the_room_and_whoever_raised_the_alarm_hear_that_it_is_over(chat: Chat) -> None:
    await chat.person("sam").says("/crisis activate Water main burst; where Mill Road; level 2")
    tom, maria, sam = chat.person("tom"), chat.person("maria"), chat.person("sam")
    await tom.presses("Yes: start the plan", await tom.finds("is it a crisis?"))
    await maria.presses("I confirm it", await maria.finds("please confirm"))
    assert await sam.finds("CR-2026-01 is confirmed")
    await stand_down(chat, "Water is back on")
    city, room = await chat.place("ops"), await chat.place("crisis:CR-2026-01")
    for told in (city[-1], room[-1], await sam.finds("CR-2026-01 is over")):
        assert told.title == "CR-2026-01 is over"
        assert "Why: Water is back on" in told.text
