"""Crisis plan: steps have owners and times, late ones are named, windows close with their answers; at every door."""

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen, SeenForm
from tests.scenarios.test_crisis_roles import ROOM, begin, take_commander

ANSWERS = {"answer_1": "Nobody.", "answer_2": "Two streets; the hospital is not.", "answer_3": "Tankers, two days."}


async def _plan(chat: Chat, person: str = "tom") -> Seen:
    plan = await chat.person(person).says("/crisis plan")
    assert isinstance(plan, Seen)
    return plan


@pytest.mark.parity("Follow the plan of a crisis")
async def test_the_first_day_has_its_five_steps_with_owners_and_times(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    plan = await _plan(chat)
    assert plan.title == "CR-2026-01: First 24 hours, 0 of 5 done"
    assert "Activate crisis team, Tom Okafor, by Mon 23 Nov, 10:00" in plan.text
    assert "Begin root cause analysis, nobody has it yet, by Tue 24 Nov, 09:00" in plan.text
    [summary] = await chat.place(ROOM)
    assert "First 24 hours: 0 of 5 steps done." in summary.text


async def test_a_step_is_done_once_and_says_by_whom(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    tom = chat.person("tom")
    plan = await _plan(chat)
    form = await tom.presses("Done", await _step(chat, "Activate crisis team"))
    assert isinstance(form, SeenForm)
    done = await tom.fills(form, note="Nine of ten are here")
    assert isinstance(done, Seen)
    assert done.title == "CR-2026-01: First 24 hours, 1 of 5 done"
    assert "Done: Activate crisis team, by Tom Okafor, Mon 23 Nov, 10:0" in done.text
    assert plan.title != done.title
    [summary] = await chat.place(ROOM)
    assert "done: Activate crisis team. Nine of ten are here" in summary.text


async def _step(chat: Chat, name: str) -> Seen:
    """The message that a step is due now."""
    await chat.bot.pass_time(hours=1, seconds=1)
    return await chat.person("tom").finds(f"{name} is due now")


async def test_late_and_unowned_steps_are_named_on_the_board(chat: Chat) -> None:
    await begin(chat)
    await chat.bot.pass_time(hours=2, seconds=1)
    [summary] = await chat.place(ROOM)
    assert "Late: Activate crisis team, nobody has it yet, by Mon 23 Nov, 10:00" in summary.text
    told = await chat.person("tom").finds("Activate crisis team is due now")
    assert "Nobody has it. Give it to somebody." in told.text


@pytest.mark.parity("Close a part of a crisis's plan with its answers")
async def test_a_window_closes_only_with_its_answers_and_open_steps_stay_owed(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    tom = chat.person("tom")
    form = await tom.presses("Close this window", await _plan(chat))
    assert isinstance(form, SeenForm)
    missing = await tom.fills(form, answer_1="Nobody.")
    assert isinstance(missing, SeenForm)
    assert set(missing.errors) == {"answer_2", "answer_3"}
    closed = await tom.fills(missing, **ANSWERS)
    assert isinstance(closed, Seen)
    assert closed.title == "CR-2026-01: Days 2 to 7, 0 of 5 done"
    assert "These stay owed: Activate crisis team" in closed.text
    await chat.bot.pass_time(hours=2)
    [summary] = await chat.place(ROOM)
    assert "Days 2 to 7: 0 of 5 steps done." in summary.text
    assert "Late: Activate crisis team, Tom Okafor" in summary.text


async def test_only_who_leads_closes_a_window(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    form = await chat.person("dana").presses("Close this window", await _plan(chat, "dana"))
    assert isinstance(form, SeenForm)
    refused = await chat.person("dana").fills(form, **ANSWERS)
    text = refused.text if isinstance(refused, Seen) else " ".join(refused.errors.values())
    assert "Only Tom Okafor or the city manager closes" in text


async def test_a_step_stands_in_the_digest_of_whoever_it_belongs_to(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    today = await chat.person("tom").says("/city today")
    assert isinstance(today, Seen)
    assert "CR-2026-01: Activate crisis team, Tom Okafor, by Mon 23 Nov, 10:00" in today.text
