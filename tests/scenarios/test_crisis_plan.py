"""Crisis plan: steps have owners and times, late ones are named, for three weeks; at every door."""

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen, SeenForm
from tests.scenarios.ended import stand_down
from tests.scenarios.test_crisis_roles import BURST, ROOM, begin, comes, take_commander

ROOT_CAUSE = "Begin root cause analysis"  # the last step of the first day, whose buttons are the last of the plan


async def plan_of(chat: Chat, person: str = "tom", rest: str = "") -> Seen:
    return await chat.person(person).says(f"/crisis plan{rest}")


async def _titles(chat: Chat, person: str) -> list[str]:
    return [card.title for card in await chat.person(person).direct()]


async def _say_done(chat: Chat, card: Seen, note: str = "") -> Seen:
    """Press Done on a card as the commander, and fill in what is asked."""
    form = await chat.person("tom").opens("Done", card)
    return await chat.person("tom").fills(form, note=note)


@pytest.mark.parity("Follow the plan of a crisis")
async def test_the_first_day_has_its_five_steps_with_owners_and_times(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    plan = await plan_of(chat)
    assert plan.title == "CR-2026-01: First 24 hours, 0 of 5 done"
    assert "Activate crisis team, Tom Okafor, by Mon Nov 23, 10:00 AM" in plan.text
    assert "Begin root cause analysis, nobody has it yet, by Tue Nov 24, 9:00 AM" in plan.text
    summary, *_ = await chat.place(ROOM)
    assert "First 24 hours (4 without an owner): 0 of 5" in summary.text
    assert "Activate crisis team, Tom Okafor, by 10:00 AM" in summary.text
    assert "Assess impact scope, nobody has it yet, by Mon Nov 23, 11:00 AM" in summary.text


async def test_before_it_is_confirmed_there_is_no_plan(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    plan = await plan_of(chat)
    assert plan.title == "CR-2026-01 has no plan"
    assert "A second person has to confirm it first." in plan.text
    refused = await chat.person("maria").says("/crisis window")
    assert "no part of its plan open" in refused.text


async def test_who_has_a_role_when_the_plan_begins_reads_which_steps_are_theirs(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await comes(chat, "tom")
    await take_commander(chat)
    await chat.person("maria").presses("I confirm it", await chat.person("maria").finds("please confirm"))
    told = await chat.person("tom").finds("the plan begins")
    assert "Activate crisis team, Tom Okafor, by Mon Nov 23, 10:00 AM" in told.text
    assert "Document lessons learned" not in told.text


@pytest.mark.parity("Say that a step of a crisis is done")
async def test_a_step_is_done_once_and_says_by_whom(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await chat.bot.pass_time(hours=1, seconds=1)
    due = await chat.person("tom").finds("Activate crisis team is due now")
    done = await _say_done(chat, due, "Nine of ten are here")
    assert done.title == "CR-2026-01: First 24 hours, 1 of 5 done"
    assert "Activate crisis team, by Tom Okafor, Mon Nov 23, 10:0" in done.text
    summary, *_ = await chat.place(ROOM)
    assert "done: Activate crisis team. Nine of ten are here" in summary.text
    assert await chat.person("tom").finds("Activate crisis team is done by Tom Okafor")
    form = await chat.person("tom").pressed("Done", due)
    late = await chat.person("tom").filled(form) if isinstance(form, SeenForm) else form
    text = " ".join(late.errors.values()) if isinstance(late, SeenForm) else late.text if late else ""
    assert "Done: Activate crisis team, by Tom Okafor, Mon Nov 23, 10:0" in text


@pytest.mark.doors
async def test_a_step_that_is_not_done_after_all_falls_due_again(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    tom = chat.person("tom")
    await tom.presses("Mine", await plan_of(chat))
    done = await _say_done(chat, await plan_of(chat))
    assert f"{ROOT_CAUSE}, by Tom Okafor" in done.text
    plan, older = await plan_of(chat), await plan_of(chat)
    undone = await tom.presses("Not done after all", plan)
    assert undone.title == "CR-2026-01: First 24 hours, 0 of 5 done"
    again = await tom.presses("Not done after all", older)
    assert "is not done yet. Nothing was changed." in again.text
    await chat.bot.pass_time(hours=24)
    assert (await _titles(chat, "tom")).count(f"CR-2026-01: {ROOT_CAUSE} is due now") == 1


@pytest.mark.doors
async def test_what_is_done_in_time_is_not_asked_for(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await _say_done(chat, await plan_of(chat))
    await chat.bot.pass_time(hours=25)
    assert not [title for title in await _titles(chat, "tom") if ROOT_CAUSE in title]


@pytest.mark.parity("Give a step of a crisis to somebody")
async def test_a_step_that_was_given_stays_with_them_when_its_role_is_taken(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    tom = chat.person("tom")
    form = await tom.opens("Give to", await plan_of(chat))
    await tom.fills(form, person="hugo")
    told = await chat.person("hugo").finds(f"{ROOT_CAUSE} is yours")
    assert "Tom Okafor has given it to you. It is due Tue Nov 24, 9:00 AM." in told.text
    await tom.says("/crisis handover Technical; person @ines")
    plan = await plan_of(chat)
    assert f"{ROOT_CAUSE}, Hugo Lindqvist, by Tue Nov 24, 9:00 AM" in plan.text
    assert "Assess impact scope, Ines Varga, by Mon Nov 23, 11:00 AM" in plan.text
    assert (
        f"{ROOT_CAUSE}, Hugo Lindqvist"
        not in (await chat.person("ines").finds("you are Technical")).text.split("Your steps")[1].split("Open, due")[0]
    )
    await chat.person("hugo").presses("Mine", told)
    await chat.bot.pass_time(hours=24)
    assert await chat.person("hugo").finds(f"{ROOT_CAUSE} is due now")
    assert not [title for title in await _titles(chat, "tom") if ROOT_CAUSE in title]


@pytest.mark.parity("Take over a step of a crisis from somebody, who is told")
async def test_a_step_that_somebody_has_is_taken_over_by_who_saw_that_and_they_are_told(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    dana = chat.person("dana")
    await chat.person("tom").presses("Mine", await plan_of(chat))
    asked = await dana.presses("Mine", await plan_of(chat, "dana"))
    assert asked.title == "CR-2026-01: Tom Okafor has this step"
    assert "Nothing was changed. If you take it over, Tom Okafor is told." in asked.text
    assert f"{ROOT_CAUSE}, Tom Okafor, by" in (await plan_of(chat)).text
    plan = await dana.presses("Take it over", asked)
    assert f"{ROOT_CAUSE}, Dana Whitfield, by Tue Nov 24, 9:00 AM" in plan.text
    told = await chat.person("tom").finds(f"{ROOT_CAUSE} is with Dana Whitfield now")
    assert "You had it. Dana Whitfield has taken it over." in told.text


async def test_a_step_that_has_changed_hands_since_is_asked_about_again(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    tom, dana = chat.person("tom"), chat.person("dana")
    await tom.presses("Mine", await plan_of(chat))
    asked = await dana.presses("Mine", await plan_of(chat, "dana"))
    await tom.fills(await tom.opens("Give to", await plan_of(chat)), person="hugo")
    again = await dana.presses("Take it over", asked)
    assert again.title == "CR-2026-01: Hugo Lindqvist has this step"
    await dana.fills(await dana.opens("Give to", await plan_of(chat, "dana")), person="ines")
    told = await chat.person("hugo").finds(f"{ROOT_CAUSE} is with Ines Varga now")
    assert "You had it. Dana Whitfield has given it to Ines Varga." in told.text


async def test_who_does_not_work_on_it_is_shown_no_button_for_a_step(chat: Chat) -> None:
    await begin(chat)
    shown = await plan_of(chat, "yuki")
    assert not {"Done", "Mine", "Give to", "Close this part"} & set(shown.buttons)
    assert f"{ROOT_CAUSE}, nobody has it yet" in shown.text


@pytest.mark.doors
async def test_late_and_unowned_steps_are_named_on_the_board(chat: Chat) -> None:
    await begin(chat)
    await chat.bot.pass_time(hours=2, seconds=1)
    summary, *_ = await chat.place(ROOM)
    assert "Late: Activate crisis team, nobody has it yet, by Mon Nov 23, 10:00 AM" in summary.text
    told = await chat.person("tom").finds("Activate crisis team is due now")
    assert "Nobody has it. Give it to somebody." in told.text
    await chat.person("tom").presses("Mine", told)
    assert "It is with Tom Okafor." in (await chat.person("tom").finds("Activate crisis team is due now")).text


async def test_at_night_a_step_of_the_first_day_wakes_whoever_it_belongs_to(chat: Chat) -> None:
    chat.bot.clock.advance(hours=18)
    await begin(chat)
    await chat.bot.pass_time(hours=1, seconds=1)
    assert "CR-2026-01: Activate crisis team is due now" in await _titles(chat, "tom")


@pytest.mark.doors
async def test_at_night_a_step_of_a_drill_waits_for_the_morning(chat: Chat) -> None:
    chat.bot.clock.advance(hours=9)
    await begin(chat, "; kind drill")
    await chat.bot.pass_time(hours=2, seconds=1)
    assert "DRILL: CR-2026-01: Activate crisis team is due now" not in await _titles(chat, "tom")
    await chat.bot.pass_time(hours=12)
    assert "DRILL: CR-2026-01: Activate crisis team is due now" in await _titles(chat, "tom")


@pytest.mark.doors
async def test_the_plan_goes_on_on_the_second_and_on_the_eighth_day(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await chat.bot.pass_time(hours=48)
    assert "Nobody has it." in (await chat.person("tom").finds("Develop fix plan is due now")).text
    summary, *_ = await chat.place(ROOM)
    assert "Late: Develop fix plan, nobody has it yet, by Wed Nov 25, 9:00 AM" in summary.text
    await chat.person("tom").says("/crisis log The plan goes on")
    await chat.bot.pass_time(days=6)
    assert "It is with Tom Okafor." in (await chat.person("tom").finds("Document lessons learned is due now")).text
    for title in await _titles(chat, "tom"):
        assert "Staff retraining" not in title
    await chat.person("tom").says("/crisis log The plan goes on")
    await chat.bot.pass_time(days=6)
    titles = await _titles(chat, "tom")
    assert titles.count("CR-2026-01: Staff retraining is due now") == 1
    assert titles.count("CR-2026-01: Activate crisis team is due now") == 1


async def test_what_the_city_changes_in_its_plan_counts_from_the_next_crisis_on(chat: Chat) -> None:
    await begin(chat)
    file = chat.bot.application.settings.city_dir / "crisis.toml"
    changed = file.read_text(encoding="utf-8").replace('"Activate crisis team"', '"Call everybody"')
    file.write_text(changed.replace("due_hours = 24", "due_hours = 12"), encoding="utf-8")
    await chat.bot.pass_time(minutes=1)
    plan = await plan_of(chat)
    assert "Activate crisis team, nobody has it yet, by Mon Nov 23, 10:00 AM" in plan.text
    assert f"{ROOT_CAUSE}, nobody has it yet, by Tue Nov 24, 9:00 AM" in plan.text


@pytest.mark.parity("See the steps of a crisis in the digest")
async def test_a_step_stands_in_the_digest_of_whoever_it_belongs_to(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    today = await chat.person("tom").says("/city today")
    assert "CR-2026-01: Activate crisis team, Tom Okafor, by Mon Nov 23, 10:00 AM" in today.text
    await chat.bot.pass_time(hours=24)
    digest = await chat.person("tom").finds("Your day: Tue Nov 24")
    assert "CR-2026-01: Late: Activate crisis team, Tom Okafor" in digest.text


async def test_steps_of_a_drill_say_so_where_they_stand_with_other_work(chat: Chat) -> None:
    await begin(chat, "; kind drill")
    await take_commander(chat)
    today = await chat.person("tom").says("/city today")
    assert "DRILL: CR-2026-01: Activate crisis team, Tom Okafor" in today.text
    assert (await plan_of(chat)).title == "DRILL: CR-2026-01: First 24 hours, 0 of 5 done"


@pytest.mark.doors
async def test_after_the_end_nothing_is_asked_for_and_what_is_open_stays_written_as_not_done(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await chat.bot.pass_time(hours=1, seconds=1)
    await stand_down(chat)
    await chat.bot.pass_time(days=3)
    waits = await chat.bot.read(
        lambda store: store.time.timers.next_due("crisis.step-due", "CR-2026-01 step prevention")
    )
    assert waits is None
    titles = await _titles(chat, "tom")
    assert "CR-2026-01: Activate crisis team is not asked for anymore" in titles
    assert not [title for title in titles if "is due now" in title]
    plan = await plan_of(chat, rest=" CR-2026-01")
    assert "Activate crisis team, Tom Okafor, was due Mon Nov 23, 10:00 AM" in plan.text
    assert "Begin root cause analysis, nobody had it, would have been due Tue Nov 24, 9:00 AM" in plan.text
    assert set(plan.buttons) == {"Days 2 to 7", "Week 2 and on"}
    summary, *_ = await chat.place(ROOM)
    assert "Not done: 15." in summary.text
    assert "Not done: Activate crisis team" in summary.text
