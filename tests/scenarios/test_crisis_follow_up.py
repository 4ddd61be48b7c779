"""Follow-ups of a crisis: somebody's, in their digest each day until they are done; late ones in the morning check."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from handlers.actions.record import HAPPENED as IN_ITS_HISTORY
from handlers.crisis.afterwards.follow_up import HAPPENED as IN_THE_LOG
from storage.actions.events import How
from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.scenarios.ended import stand_down

REF = "CR-2026-01"
KEYS = "/crisis follow-up Buy valve keys; owner @hugo; due 2026-11-26"


async def _over(chat: Chat) -> Seen:
    await chat.person("olga").says("/crisis activate Water main burst; where Mill Road; level 2")
    return await stand_down(chat)


async def _morning(chat: Chat, day: int, hour: int = 13, minute: int = 30) -> None:
    """08:30 in Riverton, when the digests go, or another time of a day in November."""
    chat.bot.clock.set(datetime(2026, 11, day, hour, minute, 1, tzinfo=UTC))
    await chat.bot.settle()


@pytest.mark.parity("Give somebody a follow-up of a crisis")
async def test_a_follow_up_is_added_from_the_card_of_the_end_and_its_owner_is_told(chat: Chat) -> None:
    over = await _over(chat)
    maria = chat.person("maria")
    form = await maria.opens("Add a follow-up", over)
    assert form.values["crisis"] == REF
    added = await maria.fills(form, what="Buy valve keys", owner="@hugo", due="2026-11-26")
    assert added.title == "Added A-1"
    told = await chat.person("hugo").finds("asks you to act")
    assert told.title == "A-1: Maria Lopez asks you to act on CR-2026-01"
    assert "Buy valve keys" in told.text
    assert "Thu Nov 26" in told.text
    summary, *_ = await chat.place(f"crisis:{REF}")
    assert "Actions: 0 of 1 done" in summary.text
    shown = await maria.says(f"/crisis status {REF}")
    assert "Buy valve keys" in shown.text
    assert {"Add a follow-up", "Cause and lessons", "Draft the after-action report"} <= set(shown.buttons)


@pytest.mark.doors
async def test_it_stands_in_the_digest_each_day_until_it_is_done(chat: Chat) -> None:
    await _over(chat)
    await chat.person("maria").says(KEYS)
    hugo = chat.person("hugo")
    await _morning(chat, 24)
    first = await hugo.finds("Your day: Tue Nov 24")
    assert "Still to be done: 1" in first.text
    assert "Buy valve keys" in first.text
    await _morning(chat, 25)
    assert "Buy valve keys" in (await hugo.finds("Your day: Wed Nov 25")).text
    await hugo.presses("Done", await hugo.finds("asks you to act"))
    await _morning(chat, 27)
    later = [message for message in await hugo.direct() if message.title == "Your day: Fri Nov 27"]
    assert not [message for message in later if "Buy valve keys" in message.text]


@pytest.mark.doors
async def test_a_late_one_stands_in_the_morning_check(chat: Chat) -> None:
    await _over(chat)
    await chat.person("tom").says("/crisis follow-up Buy valve keys; owner @hugo; due 2026-11-24")
    await _morning(chat, 25, 12)
    check = await chat.person("maria").finds("Good morning")
    assert "Hugo Lindqvist: A-1 Buy valve keys (CR-2026-01, was due Tue Nov 24)" in check.text
    hugo = chat.person("hugo")
    assert await hugo.presses("Done", await hugo.finds("asks you to act"))
    check = await chat.person("maria").finds("Good morning")
    assert "Done (done by Hugo Lindqvist, 7:30 AM): Hugo Lindqvist: A-1" in check.text


@pytest.mark.doors
async def test_it_is_done_once_and_an_old_button_says_by_whom(chat: Chat) -> None:
    await _over(chat)
    card = await chat.person("maria").says(KEYS)
    hugo = chat.person("hugo")
    told = await hugo.finds("asks you to act")
    done = await hugo.presses("Done", told)
    assert done.title == "A-1 is done"
    late = await chat.person("maria").presses("Done", card)
    assert "done by Hugo Lindqvist, Mon Nov 23, 9:00 AM" in late.text
    summary, *_ = await chat.place(f"crisis:{REF}")
    assert "Actions: 1 of 1 done" in summary.text


@pytest.mark.doors
async def test_only_its_owner_and_those_who_lead_finish_it(chat: Chat) -> None:
    await _over(chat)
    await chat.person("maria").says("/crisis follow-up Buy valve keys; owner @hugo; due friday")
    card = await chat.person("olga").says("/crisis follow-up Thank the neighbours; owner @owen; due friday")
    assert card.title == "Added A-2"
    refused = await chat.person("ben").says("/action done A-2")
    assert "Only Owen" in refused.text
    mine = await chat.person("owen").finds("asks you to act")
    await chat.person("owen").presses("Done", mine)
    second = (await chat.bot.read(lambda store: store.actions.records.about(REF)))[1]
    assert second.settled_by == "owen"


@pytest.mark.doors
async def test_a_day_that_is_past_is_refused_and_so_is_somebody_who_does_not_work_on_it(chat: Chat) -> None:
    await _over(chat)
    maria = chat.person("maria")
    form = await maria.opens("/crisis follow-up")
    past = await maria.is_asked_again(form, what="Buy valve keys", owner="@hugo", due="2026-11-20")
    assert past.errors == {"due": "2026-11-20 is in the past. Choose today or a later day."}
    refused = await chat.person("sam").says("/crisis follow-up Buy valve keys; owner @hugo; due friday")
    assert "Only those who work on CR-2026-01" in refused.text
    assert await chat.bot.read(lambda store: store.actions.records.about(REF)) == []


async def test_the_log_says_so_when_what_became_of_a_follow_up_is_taken_back(chat: Chat) -> None:
    await _over(chat)
    await chat.person("maria").says(KEYS)
    hugo = chat.person("hugo")
    await hugo.presses("Undo", await hugo.says("/action done A-1"))
    await hugo.presses("Undo", await hugo.says("/action drop A-1; why There are keys"))
    await hugo.presses("Undo", await hugo.says("/action assign A-1; owner @grace"))
    log = [entry.text for entry in await chat.bot.read(lambda store: store.crisis.log.of(REF))]
    line = "takes back a change: Hugo Lindqvist has A-1 Buy valve keys, due Thu Nov 26, 2026"
    assert log.count(line) == 3
    assert await chat.bot.read(lambda store: store.faults.all()) == []


def test_whatever_happens_to_an_action_has_words_in_its_history_and_in_the_log_of_a_crisis() -> None:
    assert {*IN_ITS_HISTORY} == {*IN_THE_LOG} == {*get_args(How)}
