"""Crisis window: a part of the plan is closed with its answers, by the person who leads; at every door."""

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.scenarios.test_crisis_plan import plan_of
from tests.scenarios.test_crisis_roles import ROOM, begin, take_commander

ANSWERS = {"answer_1": "Nobody.", "answer_2": "Two streets; the hospital is not.", "answer_3": "Tankers, two days."}
OPEN = "These steps are open: Activate crisis team, Assess impact scope"


async def _close(chat: Chat, person: str = "tom", **answers: str) -> Seen:
    """Close the current window although steps are open."""
    who = chat.person(person)
    form = await who.opens("/crisis window")
    asked = await who.is_asked_again(form, **answers)
    return await who.fills(asked)


async def test_a_window_with_empty_answers_stays_open(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    tom = chat.person("tom")
    form = await tom.opens("Close this part", await plan_of(chat))
    missing = await tom.is_asked_again(form, answer_1="Nobody.")
    assert set(missing.errors) == {"answer_2", "answer_3"}
    assert (await plan_of(chat)).title == "CR-2026-01: First 24 hours, 0 of 5 done"


@pytest.mark.parity("Close a part of a crisis's plan with its answers")
async def test_open_steps_are_named_and_asked_about_and_stay_owed(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    tom = chat.person("tom")
    form = await tom.opens("Close this part", await plan_of(chat))
    asked = await tom.is_asked_again(form, **ANSWERS)
    assert OPEN in asked.errors["answer_1"]
    closed = await tom.fills(asked)
    assert closed.title == "CR-2026-01: Days 2 to 7, 0 of 5 done"
    assert "Still open from earlier parts:" in closed.text
    assert "First 24 hours is closed. These stay open: Activate crisis team" in closed.text
    summary, *_ = await chat.place(ROOM)
    assert "Days 2 to 7 (4 without an owner): 0 of 5" in summary.text
    assert "Which fallback is running, and how long can it run? Tankers, two days." in summary.text
    first = await plan_of(chat, rest=" CR-2026-01; window First 24 hours")
    assert "Tom Okafor closed it, Mon Nov 23, 9:0" in first.text
    assert "What is affected, and what is not? Two streets; the hospital is not." in first.text
    await chat.bot.pass_time(hours=2)
    summary, *_ = await chat.place(ROOM)
    assert "Activate crisis team, Tom Okafor, late since 10:00 AM" in " ".join(summary.text.split())


async def test_an_owed_step_is_done_from_the_window_that_follows(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await _close(chat, **ANSWERS)
    form = await chat.person("tom").opens("Done", await plan_of(chat))  # the last one is the last that is owed
    await chat.person("tom").fills(form)
    assert "Begin root cause analysis" not in (await plan_of(chat)).text


@pytest.mark.doors
async def test_only_who_leads_closes_a_window(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    refused = await chat.person("dana").says("/crisis window")
    assert "Only Tom Okafor or the city manager closes" in refused.text
    assert "Close this part" not in (await plan_of(chat, "dana")).buttons
    assert "Close this part" in (await plan_of(chat)).buttons
    assert (await plan_of(chat)).title.startswith("CR-2026-01: First 24 hours")


@pytest.mark.doors
async def test_an_old_form_says_who_closed_it_and_when(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    form = await chat.person("tom").opens("Close this part", await plan_of(chat))
    await _close(chat, "maria", **ANSWERS)
    late = await chat.person("tom").filled(form, **ANSWERS)
    text = late.text if isinstance(late, Seen) else " ".join(late.errors.values())
    assert "Maria Lopez closed this part already, Mon Nov 23, 9:0" in text


@pytest.mark.doors
async def test_after_the_last_window_what_is_owed_stays_on_the_board(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await _close(chat, **ANSWERS)
    await chat.bot.pass_time(days=8)
    await _close(chat, answer_1="A seal from 1961", answer_2="All seals of that year; Ines did")
    last = await _close(chat, answer_1="Seals are looked at each year", answer_2="Two bills")
    assert "Week 2 and on is closed. These stay open: Process improvements" in last.text
    summary, *_ = await chat.place(ROOM)
    assert "The plan is closed. Still open: 15 steps." in summary.text
    assert "Activate crisis team, Tom Okafor, late since Mon Nov 23, 10:00 AM" in " ".join(summary.text.split())
    assert "Process improvements, Tom Okafor, by Mon Dec 7, 9:00 AM" in summary.text
    refused = await chat.person("tom").says("/crisis window")
    assert "no part of its plan open" in refused.text


@pytest.mark.doors
async def test_closing_a_window_of_a_drill_says_that_it_is_one(chat: Chat) -> None:
    await begin(chat, "; kind drill")
    await take_commander(chat)
    closed = await _close(chat, **ANSWERS)
    assert closed.title == "DRILL: CR-2026-01: Days 2 to 7, 0 of 5 done"
