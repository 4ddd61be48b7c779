"""Crisis paging: one who comes is enough where the city says so; deputies and the phone follow; at every door."""

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen

ROOM = "crisis:CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"


async def _calls(chat: Chat, person: str) -> list[str]:
    """The titles of the pages that somebody got."""
    return [card.title for card in await chat.person(person).direct() if card.title.startswith("Crisis CR-")]


async def _presses(chat: Chat, person: str, label: str) -> None:
    await chat.person(person).presses(label, await chat.person(person).finds("you are needed"))


async def _minutes(chat: Chat, minutes: int) -> None:
    for _ in range(minutes):
        await chat.bot.pass_time(minutes=1)


async def test_a_page_says_what_somebody_is_asked_to_be(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    assert "You are asked as: Communications." in (await chat.person("felix").finds("you are needed")).text


@pytest.mark.parity("Where one is enough, the others of a role are not called again")
async def test_where_one_is_enough_the_others_are_called_again_only_when_that_one_cannot(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await _presses(chat, "tom", "On my way")
    await _minutes(chat, 12)
    assert await _calls(chat, "marcus") == ["Crisis CR-2026-01: somebody else comes, you are not needed"]
    tom = chat.person("tom")
    await tom.presses("I cannot come after all", await tom.finds("you said"))
    assert (await _calls(chat, "marcus"))[-1] == "Crisis CR-2026-01: you are needed (page 2)"


async def test_where_all_must_answer_each_is_called_until_they_do(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await _presses(chat, "ines", "On my way")
    await _minutes(chat, 6)
    assert (await _calls(chat, "hugo"))[-1] == "Crisis CR-2026-01: you are needed (page 2)"


@pytest.mark.parity("A deputy is called when nobody answers")
async def test_a_deputy_is_called_for_somebody_silent_and_for_somebody_who_cannot(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await _presses(chat, "victor", "I cannot come")
    stand_in = await chat.person("leila").finds("you are needed")
    assert "You stand in for Victor Mensah." in stand_in.text
    assert await _calls(chat, "rosa") == []
    await _minutes(chat, 11)
    assert "You stand in for Hugo Lindqvist." in (await chat.person("rosa").finds("you are needed")).text


async def test_somebody_who_is_away_is_called_by_their_deputy(chat: Chat) -> None:
    await chat.person("hugo").says("/city away from today to friday; deputy @rosa")
    await chat.person("olga").says(BURST)
    assert await _calls(chat, "hugo") == []
    assert "You stand in for Hugo Lindqvist." in (await chat.person("rosa").finds("you are needed")).text


@pytest.mark.parity("Read whom to call by phone, and say what came of it")
async def test_who_leads_reads_whom_to_call_by_phone_until_they_say_what_came_of_it(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    for person in ("tom", "felix", "victor", "ines", "olga"):
        await _presses(chat, person, "On my way")
    await _minutes(chat, 11)
    await _presses(chat, "rosa", "On my way")
    await _minutes(chat, 5)
    tom = chat.person("tom")
    numbers = await tom.finds("by phone")
    assert numbers.title == "CR-2026-01: please call 1 by phone"
    assert "Hugo Lindqvist: 555-0116" in numbers.text
    await _minutes(chat, 15)
    assert len([card for card in await tom.direct() if "by phone" in card.title]) == 2
    await tom.presses("Hugo comes", await tom.finds("by phone"))
    summary, *_ = await chat.place(ROOM)
    assert "Hugo Lindqvist: on my way" in summary.text
    assert "by phone: Hugo Lindqvist comes" in summary.text
    assert (await tom.finds("nobody is to be called any more")).buttons == {}
    await _minutes(chat, 31)
    assert len([card for card in await tom.direct() if "called any more" in card.title]) == 2


async def test_when_the_commanders_phone_is_off_those_above_read_whom_to_call(chat: Chat) -> None:
    await chat.person("sam").says(BURST)
    await _minutes(chat, 16)
    for person in ("sam", "maria"):
        numbers = await chat.person(person).finds("by phone")
        assert "Tom Okafor: 555-0111" in numbers.text
    await chat.person("sam").presses("Tom not reached", await chat.person("sam").finds("by phone"))
    summary, *_ = await chat.place(ROOM)
    assert "not reached by phone" in summary.text


async def test_a_call_that_another_has_answered_for_says_so(chat: Chat) -> None:
    await chat.person("sam").says(BURST)
    await _minutes(chat, 16)
    sam, numbers = chat.person("sam"), await chat.person("sam").finds("by phone")
    await _presses(chat, "dana", "On my way")
    refused = await sam.presses("Dana cannot", numbers)
    assert isinstance(refused, Seen)
    assert "Dana Whitfield: on my way" in refused.text
    summary, *_ = await chat.place(ROOM)
    assert "Dana Whitfield: on my way" in summary.text


async def test_a_drill_calls_softly(chat: Chat) -> None:
    await chat.person("olga").says(BURST + "; kind drill")
    await _minutes(chat, 40)
    hugo = [card.title for card in await chat.person("hugo").direct() if "you are needed" in card.title]
    assert hugo == ["DRILL: Crisis CR-2026-01: you are needed", "DRILL: Crisis CR-2026-01: you are needed (page 2)"]
    assert await _calls(chat, "rosa") == []
    assert not [card for card in await chat.person("tom").direct() if "by phone" in card.title]
