"""Crisis roles: taken by button, handed over with a brief, given back; at every door."""

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen

ROOM = "crisis:CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"


async def begin(chat: Chat) -> None:
    """A crisis that is confirmed, and somebody who comes."""
    await chat.person("olga").says(BURST)
    maria, tom = chat.person("maria"), chat.person("tom")
    await maria.presses("I confirm it", await maria.finds("please confirm"))
    await tom.presses("On my way", await tom.finds("you are needed"))


async def take_commander(chat: Chat) -> None:
    tom = chat.person("tom")
    await tom.presses("Take Commander", await tom.finds("will you take a role?"))


@pytest.mark.parity("Take a role in a crisis, with the first instructions")
async def test_whoever_comes_is_asked_for_their_role_and_reads_what_to_do_first(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    orders = await chat.person("tom").finds("you are Commander")
    assert "Say when the next update comes, and keep to it." in orders.text
    [summary] = await chat.place(ROOM)
    assert "Commander: Tom Okafor" in summary.text
    assert "Legal: nobody yet, asked: Victor Mensah and Grace Kim" in summary.text
    assert not [card for card in await chat.person("tom").direct() if "will you take a role" in card.title]


async def test_a_role_that_another_has_is_not_taken(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    shown = await chat.person("dana").says("/crisis roles")
    assert isinstance(shown, Seen)
    assert "Commander: Tom Okafor" in shown.text
    refused = await chat.person("dana").says("/crisis handover Commander; person @dana")
    assert isinstance(refused, Seen)
    assert "Only Tom Okafor" in refused.text


@pytest.mark.parity("Hand over a role with a brief of what is open")
async def test_who_takes_over_reads_what_is_open_due_and_promised(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    card = await chat.person("tom").says("/crisis handover Commander; person @marcus")
    assert isinstance(card, Seen)
    assert card.title == "Marcus Bell is Commander of CR-2026-01"
    brief = await chat.person("marcus").finds("you are Commander")
    assert "What is open, due and promised:" in brief.text
    assert "Activate crisis team" in brief.text
    [summary] = await chat.place(ROOM)
    assert "Commander: Marcus Bell" in summary.text
    assert "you are Commander" not in "".join(card.title for card in await chat.person("tom").direct())


async def test_who_cannot_gives_a_role_back_and_the_leader_reads_it(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await chat.person("tom").says("/crisis handover Legal; person @grace")
    grace = chat.person("grace")
    await grace.presses("I cannot", await grace.finds("you are Legal"))
    assert await chat.person("tom").finds("Legal is free again")
    [summary] = await chat.place(ROOM)
    assert "Legal: nobody yet" in summary.text


async def test_staff_who_do_not_work_on_it_take_no_role(chat: Chat) -> None:
    await begin(chat)
    shown = await chat.person("yuki").says("/crisis roles")
    assert isinstance(shown, Seen)
    refused = await chat.person("yuki").presses("Take it", shown)
    assert isinstance(refused, Seen)
    assert "Only those who work on CR-2026-01" in refused.text
