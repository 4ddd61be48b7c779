"""Which crisis is meant: the one in whose room somebody writes; where several may be meant, the bot asks."""

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.scenarios.ended import stand_down
from tests.scenarios.test_crisis_roles import ROOM

OLD, NEW = "CR-2026-01", "CR-2026-02"
FIRST, SECOND = "/crisis activate Water main burst; level 2", "/crisis activate Power is out; level 2"


async def _log(chat: Chat, ref: str) -> list[str]:
    return [entry.text for entry in await chat.bot.read(lambda store: store.crisis.log.of(ref))]


async def _one_over_and_one_open(chat: Chat) -> None:
    await chat.person("olga").says(FIRST)
    await stand_down(chat)
    await chat.person("olga").says(SECOND)


async def _both_open(chat: Chat) -> None:
    olga = chat.person("olga")
    await olga.says(FIRST)
    await olga.presses("It is another one: call the team", await olga.says(SECOND))


async def _both_over(chat: Chat) -> None:
    """The second began later, and ended first."""
    await _both_open(chat)
    for ref in (NEW, OLD):
        await chat.bot.pass_time(minutes=1)
        await stand_down(chat, f"The pipe is mended; crisis {ref}")


@pytest.mark.parity("Mean a crisis by writing in its room")
async def test_in_the_room_of_a_crisis_that_one_is_meant_also_when_it_is_over(chat: Chat) -> None:
    await _one_over_and_one_open(chat)
    tom = chat.person("tom")
    added = await tom.says("/crisis log Written in the old room", place=ROOM)
    assert "Written in the old room" in await _log(chat, OLD)
    assert "Written in the old room" not in await _log(chat, NEW)
    assert added.title == "Added to the timeline of CR-2026-01"
    assert (await tom.says("/crisis status", place=ROOM)).title == "CR-2026-01 Water main burst"
    timeline = await tom.says("/crisis timeline", place=ROOM)
    assert timeline.title.startswith("CR-2026-01")
    assert (await tom.says("/crisis correct", place=ROOM)).title == "CR-2026-01: what do you want to correct?"
    assert (await tom.says("/crisis status")).title == "CR-2026-02 Power is out"


async def test_in_the_room_of_one_that_is_open_nobody_is_asked_which(chat: Chat) -> None:
    await _both_open(chat)
    await chat.person("tom").says("/crisis log The second room", place=f"crisis:{NEW}")
    assert "The second room" in await _log(chat, NEW)


async def test_what_only_an_open_crisis_takes_asks_in_the_room_of_one_that_is_over(chat: Chat) -> None:
    await _one_over_and_one_open(chat)
    tom = chat.person("tom")
    asked = await tom.says("/crisis standdown Light is back", place=ROOM)
    assert asked.title == "CR-2026-01 is over. Which crisis do you mean?"
    assert (await chat.bot.read(lambda store: store.crisis.records.find(NEW))).ending_by is None
    form = await tom.opens("CR-2026-02 Power is out", asked)
    assert form.values == {"reason": "Light is back", "plan": "begun", "crisis": NEW}
    waits = await tom.fills(form)
    assert waits.title == "CR-2026-02: a second person must agree"


async def test_reopen_asks_which_of_those_that_ended_lately_and_takes_the_only_one(chat: Chat) -> None:
    await _both_over(chat)
    maria = chat.person("maria")
    asked = await maria.says("/crisis reopen Not over")
    assert asked.title == "Which crisis do you mean?"
    assert await chat.bot.read(lambda store: store.crisis.records.open()) == []
    form = await maria.opens("CR-2026-02 Power is out", asked)
    assert (form.values["why"], form.values["crisis"]) == ("Not over", NEW)
    assert (await maria.fills(form)).title == "CR-2026-03 goes on from CR-2026-02"
    beside = await maria.says("/crisis reopen Not over")
    assert beside.title == "CR-2026-03 is open already. Is it the same?"
    assert (await maria.presses("It is another one: reopen", beside)).title == "CR-2026-04 goes on from CR-2026-01"


@pytest.mark.doors
async def test_reopen_takes_the_one_that_ended_last_when_none_has_ended_lately(chat: Chat) -> None:
    await _both_over(chat)
    await chat.bot.pass_time(days=8)
    assert (await chat.person("maria").says("/crisis reopen Again")).title == "CR-2026-03 goes on from CR-2026-01"


async def test_correct_asks_which_of_two_open_ones(chat: Chat) -> None:
    await _both_open(chat)
    olga = chat.person("olga")
    asked = await olga.says("/crisis correct")
    assert asked.title == "Which crisis do you mean?"
    assert (
        await olga.presses("CR-2026-01 Water main burst", asked)
    ).title == "CR-2026-01: what do you want to correct?"


async def test_a_form_that_is_opened_in_a_room_means_the_crisis_of_that_room(chat: Chat) -> None:
    await _one_over_and_one_open(chat)
    tom = chat.person("tom")
    told = await tom.typed("/crisis log", place=ROOM)
    form = await tom.opens("Fill in", told) if isinstance(told, Seen) else told
    added = await tom.fills(form, text="Written in the old room")
    assert added.title == "Added to the timeline of CR-2026-01"
    assert "Written in the old room" in await _log(chat, OLD)
