"""Crisis roll call: twelve heads, some of them silent, answers that age out; at every door."""

import pytest

from bot.inbound import Answered, Inbound, Pressed
from handlers.kit.city.reading import read_city
from tests.chat.bot import RIVERTON
from tests.chat.door import Chat
from tests.scenarios.ended import stand_down

ROOM = "crisis:CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"
HEADS = {department.id: department.head for department in read_city(RIVERTON).departments.values()}
SILENT = ("noah", "lena", "amara")


async def _begin(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    maria = chat.person("maria")
    await maria.presses("I confirm it", await maria.finds("please confirm"))


async def _all_but_three_answer(chat: Chat) -> None:
    await _begin(chat)
    for head in HEADS.values():
        if head not in SILENT:
            await chat.person(head).presses("OK", await chat.person(head).finds(": how is "))


@pytest.mark.parity("Answer a roll call with one tap")
async def test_the_silent_are_named_and_asked_again_and_whoever_leads_reads_it(chat: Chat) -> None:
    await _all_but_three_answer(chat)
    summary, *_ = await chat.place(ROOM)
    assert "3 not answered yet" in summary.text
    assert "9 OK" in summary.text
    for silent in ("Library: no answer yet (Noah Peretz)", "Planning and Building: no answer yet (Lena Hoffmann)"):
        assert silent in summary.text
    await chat.bot.pass_time(minutes=10, seconds=1)
    for head in HEADS.values():
        asked = [card for card in await chat.person(head).direct() if ": how is " in card.title]
        assert len(asked) == (2 if head in SILENT else 0)
    await chat.bot.pass_time(minutes=10)
    told = await chat.person("tom").finds("3 departments are silent")
    assert "Transit: Amara Diallo" in told.text
    summary, *_ = await chat.place(ROOM)
    assert "3 silent" in summary.text, "late by now"
    for head, count in (("amara", "2 departments are silent"), ("lena", "1 department is silent")):
        await chat.person(head).presses("OK", await chat.person(head).finds(": how is "))
        left = await chat.person("tom").finds(count)
    assert "Transit" not in left.text
    assert "Library: Noah Peretz" in left.text
    assert len([card for card in await chat.person("tom").direct() if "silent" in card.title]) == 1


@pytest.mark.doors
async def test_a_line_can_be_added_to_a_quick_answer_and_another_answer_takes_its_place(chat: Chat) -> None:
    await _begin(chat)
    priya = chat.person("priya")
    await priya.presses("OK", await priya.finds(": how is "))
    form = await priya.opens("Add a line", await priya.finds("Parks and Recreation: OK"))
    await priya.fills(form, line="All rangers are in")
    matrix = await priya.says("/crisis rollcall")
    assert "All rangers are in" in matrix.text
    assert "Priya Nair, 9:00 AM" in matrix.text
    assert "(asked: Noah Peretz)" in matrix.text
    form = await priya.opens("Affected", await priya.finds("Parks and Recreation: OK"))
    await priya.fills(form, line="The river path is flooded")
    [summary] = await chat.place(ROOM)
    assert "1 affected" in summary.text
    assert "The river path is flooded" in summary.text, "who is not well is named first"


@pytest.mark.doors
async def test_the_morning_check_names_the_silent_until_they_answer(chat: Chat) -> None:
    await _all_but_three_answer(chat)
    await chat.bot.pass_time(hours=22, minutes=31)  # 07:31 of the next day
    morning = await chat.person("maria").finds("Good morning")
    assert "Noah Peretz: Crisis CR-2026-01 Water main burst: how is Library?" in morning.text
    noah = chat.person("noah")
    await noah.presses("OK", await noah.finds(": how is "))
    assert "Done (OK" in (await chat.person("maria").finds("Good morning")).text


@pytest.mark.doors
async def test_a_bot_that_starts_again_asks_nobody_once_more(chat: Chat) -> None:
    await _begin(chat)
    await chat.bot.restart()
    await chat.bot.pass_time(minutes=10, seconds=1)
    await chat.bot.restart()
    await chat.bot.pass_time(minutes=5)
    asked = [card for card in await chat.person("noah").direct() if ": how is " in card.title]
    assert len(asked) == 2


@pytest.mark.doors
async def test_in_a_drill_each_department_is_asked_once(chat: Chat) -> None:
    await chat.person("olga").says(f"{BURST}; kind drill")
    maria = chat.person("maria")
    await maria.presses("I confirm it", await maria.finds("please confirm"))
    priya = chat.person("priya")
    await priya.presses("OK", await priya.finds(": how is "))
    await chat.bot.pass_time(minutes=30)
    await chat.bot.pass_time(hours=23)  # over the quiet hours, in which a drill wakes nobody
    for head in ("priya", "noah"):
        asked = [card for card in await chat.person(head).direct() if "Parks" in card.title or "Library" in card.title]
        assert len(asked) == 1, head
        assert asked[0].title.startswith("DRILL: ")


async def test_help_reaches_whoever_leads_at_once(chat: Chat) -> None:
    await _begin(chat)
    priya = chat.person("priya")
    form = await priya.opens("Need help", await priya.finds(": how is "))
    await priya.fills(form, line="Two rangers for the river path")
    assert "Two rangers" in (await chat.person("tom").finds("Parks and Recreation needs help")).text
    summary, *_ = await chat.place(ROOM)
    assert "Parks and Recreation: Two rangers for the river path" in summary.text


@pytest.mark.parity("See every department in one table")
async def test_an_answer_ages_out_and_the_department_is_asked_again(chat: Chat) -> None:
    await _all_but_three_answer(chat)
    await chat.bot.pass_time(hours=12, minutes=1)
    priya = chat.person("priya")
    assert "Last answer: OK, 12 hours ago, asked again" in (await priya.finds(": how is ")).text
    matrix = await chat.person("tom").says("/crisis rollcall")
    assert "last answer: OK, 12 hours ago, asked again" in matrix.text
    await priya.presses("OK", await priya.finds(": how is "))
    summary, *_ = await chat.place(ROOM)
    assert "1 OK" in summary.text


async def test_the_table_goes_by_the_departments_names_and_asks_again_once_somebody_has_answered(chat: Chat) -> None:
    await _begin(chat)
    matrix = await chat.person("tom").says("/crisis rollcall")
    assert not matrix.buttons
    assert "12 not answered yet" in matrix.text
    names = [department.name for department in read_city(RIVERTON).departments.values()]
    assert sorted(names, key=matrix.text.rindex) == sorted(names)


@pytest.mark.doors
async def test_asking_again_asks_nobody_twice_for_the_same(chat: Chat) -> None:
    await _all_but_three_answer(chat)
    matrix = await chat.person("tom").says("/crisis rollcall")
    await chat.person("tom").presses("Ask again those who answered", matrix)
    for department, head in HEADS.items():
        told = [
            card.title
            for card in await chat.person(head).direct()
            if ": how is " in card.title or " OK, " in card.title
        ]
        assert len(told) == (1 if head in SILENT else 2), department


@pytest.mark.doors
async def test_a_deputy_answers_for_a_silent_head_and_nobody_else_does(chat: Chat) -> None:
    await _begin(chat)
    await chat.bot.pass_time(minutes=20, seconds=1)
    leila = chat.person("leila")
    await leila.presses("OK", await leila.finds("how is Finance?"))
    summary, *_ = await chat.place(ROOM)
    assert "Leila Haddad: Finance: OK" in summary.text
    stranger = Inbound("say", "sam", Pressed("crisis.department-ok", "CR-2026-01 finance"))
    refused = await chat.bot.application.runtime.handle(stranger)
    assert isinstance(refused, Answered)
    assert refused.card
    assert "Only the head of Finance, or the person who stands in for them, can answer for it." in str(refused.card)


@pytest.mark.doors
async def test_after_the_end_an_old_question_says_so(chat: Chat) -> None:
    await _begin(chat)
    noah = chat.person("noah")
    asked = await noah.finds(": how is ")
    await stand_down(chat)
    late = await noah.presses("OK", asked)
    assert "CR-2026-01 is over already: Maria Lopez stood it down, Mon Nov 23, 9:00 AM." in late.text
