"""Crisis roll-call: twelve heads, some of them silent, answers that age out; at every door."""

import pytest

from handlers.kit.city import read_city
from tests.chat.bot import RIVERTON
from tests.chat.door import Chat
from tests.chat.seen import Seen, SeenForm
from tests.scenarios.ended import stand_down

ROOM = "crisis:CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"
HEADS = {one.id: one.head for one in read_city(RIVERTON).departments.values()}
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


@pytest.mark.parity("Answer a roll-call with one tap")
async def test_the_silent_are_named_and_asked_again_and_whoever_leads_reads_it(chat: Chat) -> None:
    await _all_but_three_answer(chat)
    summary, *_ = await chat.place(ROOM)
    assert "9 OK. Silent: Library (Noah Peretz), Planning and Building (Lena Hoffmann), Transit (Amara Diallo)." in (
        summary.text
    )
    await chat.bot.pass_time(minutes=10, seconds=1)
    for head in HEADS.values():
        asked = [card for card in await chat.person(head).direct() if ": how is " in card.title]
        assert len(asked) == (2 if head in SILENT else 0)
    await chat.bot.pass_time(minutes=10)
    told = await chat.person("tom").finds("3 departments are silent")
    assert "Transit: Amara Diallo" in told.text
    amara = chat.person("amara")
    await amara.presses("OK", await amara.finds(": how is "))
    assert "Transit" not in (await chat.person("tom").finds("2 departments are silent")).text


async def test_help_reaches_whoever_leads_at_once(chat: Chat) -> None:
    await _begin(chat)
    priya = chat.person("priya")
    form = await priya.presses("Need help", await priya.finds(": how is "))
    assert isinstance(form, SeenForm)
    await priya.fills(form, line="Two rangers for the river path")
    assert "Two rangers" in (await chat.person("tom").finds("Parks and Recreation needs help")).text
    summary, *_ = await chat.place(ROOM)
    assert "Help for: Parks and Recreation" in summary.text


@pytest.mark.parity("See every department in one table")
async def test_an_answer_ages_out_and_the_department_is_asked_again(chat: Chat) -> None:
    await _all_but_three_answer(chat)
    await chat.bot.pass_time(hours=12, minutes=1)
    priya = chat.person("priya")
    assert "was OK, 12 hours ago, asked again" in (await priya.finds(": how is ")).text
    matrix = await chat.person("tom").says("/crisis rollcall")
    assert isinstance(matrix, Seen)
    assert "was OK, 12 hours ago, asked again" in matrix.text
    await priya.presses("OK", await priya.finds(": how is "))
    summary, *_ = await chat.place(ROOM)
    assert "1 OK" in summary.text


async def test_asking_again_asks_nobody_twice_for_the_same(chat: Chat) -> None:
    await _all_but_three_answer(chat)
    matrix = await chat.person("tom").says("/crisis rollcall")
    assert isinstance(matrix, Seen)
    await chat.person("tom").presses("Ask those again who answered", matrix)
    for department, head in HEADS.items():
        told = [
            card.title
            for card in await chat.person(head).direct()
            if ": how is " in card.title or " OK, " in card.title
        ]
        assert len(told) == (1 if head in SILENT else 2), department


async def test_a_deputy_answers_for_a_silent_head_and_nobody_else_does(chat: Chat) -> None:
    await _begin(chat)
    await chat.bot.pass_time(minutes=20, seconds=1)
    leila = chat.person("leila")
    await leila.presses("OK", await leila.finds("how is Finance?"))
    summary, *_ = await chat.place(ROOM)
    assert "Leila Haddad: Finance: OK" in summary.text


async def test_after_the_end_an_old_question_says_so(chat: Chat) -> None:
    await _begin(chat)
    noah = chat.person("noah")
    asked = await noah.finds(": how is ")
    await stand_down(chat)
    late = await noah.presses("OK", asked)
    assert isinstance(late, Seen)
    assert "CR-2026-01 is over already" in late.text
