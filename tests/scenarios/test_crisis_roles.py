"""Crisis roles: offered to people who come, taken by button, handed over with a brief, given back; at every door."""

import pytest

from tests.chat.door import Chat
from tests.chat.slack import SlackChat
from tests.scenarios.ended import stand_down

ROOM = "crisis:CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"


async def begin(chat: Chat, kind: str = "") -> None:
    """A crisis that is confirmed, and somebody who comes."""
    await chat.person("olga").says(BURST + kind)
    maria = chat.person("maria")
    await maria.presses("I confirm it", await maria.finds("please confirm"))
    await comes(chat, "tom")


async def comes(chat: Chat, person: str) -> None:
    await chat.person(person).presses("On my way", await chat.person(person).finds("you are needed"))


async def take_commander(chat: Chat) -> None:
    tom = chat.person("tom")
    await tom.presses("Take Commander", await tom.finds("will you take a role?"))


async def _told(chat: Chat, person: str, words: str) -> int:
    return len([card for card in await chat.person(person).direct() if words in card.title])


@pytest.mark.parity("Take a role in a crisis, with the first instructions")
async def test_whoever_comes_is_asked_for_their_role_and_reads_what_to_do_first(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    orders = await chat.person("tom").finds("you are Commander")
    assert "Say when the next update comes, and keep to it." in orders.text
    summary, *_ = await chat.place(ROOM)
    assert "Commander: Tom Okafor" in summary.text
    assert "Legal: nobody yet, asked: Victor Mensah and Grace Kim" in summary.text
    assert "Tom Okafor: takes the role Commander" in summary.text
    assert await _told(chat, "tom", "will you take a role") == 0


@pytest.mark.doors
async def test_a_role_that_stays_free_is_offered_to_everybody_who_comes(chat: Chat) -> None:
    await begin(chat)
    await comes(chat, "felix")
    felix = chat.person("felix")
    assert set((await felix.finds("will you take a role?")).buttons) == {"Take Communications"}
    await chat.bot.pass_time(minutes=5, seconds=1)
    offer = await felix.finds("will you take a role?")
    assert {"Take Communications", "Take Commander", "Take Legal"} <= set(offer.buttons)
    await felix.presses("Take Legal", offer)
    assert await felix.finds("you are Legal")
    assert set((await felix.finds("will you take a role?")).buttons) == {"Take Communications"}
    summary, *_ = await chat.place(ROOM)
    assert "Legal: Felix Moreau" in summary.text


@pytest.mark.doors
async def test_of_two_who_are_asked_the_second_reads_who_was_first(chat: Chat) -> None:
    await begin(chat)
    marcus = chat.person("marcus")
    await comes(chat, "marcus")
    offer = await marcus.finds("will you take a role?")
    await take_commander(chat)
    assert "Commander: Tom Okafor" in (await marcus.finds("there is no role for you to take now")).text
    late = await marcus.presses("Take Commander", offer)
    assert "Tom Okafor is Commander of CR-2026-01 since Mon Nov 23, 9:0" in late.text


async def test_a_role_that_another_has_is_not_taken(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    shown = await chat.person("dana").says("/crisis roles")
    assert "Commander: Tom Okafor" in shown.text
    refused = await chat.person("dana").says("/crisis handover Commander; person @dana")
    assert "Only Tom Okafor or the city manager can hand this over" in refused.text
    assert "Nobody has it yet" not in refused.text
    refused = await chat.person("dana").says("/crisis handover Technical; person @dana")
    assert "Nobody has it yet, so you can take it yourself: crisis roles CR-2026-01" in refused.text


@pytest.mark.parity("Hand over a role with a brief of what is open")
async def test_who_takes_over_reads_what_is_open_due_and_promised(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    card = await chat.person("tom").says("/crisis handover Commander; person @marcus")
    assert card.title == "Marcus Bell is Commander of CR-2026-01"
    assert "They have not said that they are coming: call them." in card.text
    brief = await chat.person("marcus").finds("you are Commander")
    assert "Open, due and promised: " in brief.text
    assert "Activate crisis team, Marcus Bell, by Mon Nov 23, 10:00 AM" in brief.text
    assert "Paged, and no answer yet: Felix Moreau, Grace Kim" in brief.text
    assert "Roll call: 12 not answered yet." in brief.text
    summary, *_ = await chat.place(ROOM)
    assert "Commander: Marcus Bell" in summary.text
    assert "Tom Okafor: gives the role Commander to Marcus Bell" in summary.text
    assert await _told(chat, "tom", "you are Commander") == 0


async def test_who_takes_over_before_the_start_reads_that_it_is_not_confirmed(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await comes(chat, "tom")
    await take_commander(chat)
    await chat.person("tom").says("/crisis handover Commander; person @marcus")
    brief = await chat.person("marcus").finds("you are Commander")
    assert "a second person has not confirmed it yet" in brief.text


@pytest.mark.doors
async def test_the_city_manager_hands_a_role_over_and_both_are_told(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await chat.person("maria").says("/crisis handover Commander; person @dana")
    assert (
        "Maria Lopez has handed Commander over to Dana Whitfield."
        in (await chat.person("tom").finds("you are not Commander anymore")).text
    )
    assert "Maria Lopez has handed this to you." in (await chat.person("dana").finds("you are Commander")).text


@pytest.mark.doors
async def test_who_cannot_gives_a_role_back_and_the_leader_reads_it(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await chat.person("tom").says("/crisis handover Legal; person @grace")
    grace = chat.person("grace")
    orders = await grace.finds("you are Legal")
    await grace.presses("I cannot", orders)
    told = await chat.person("tom").finds("Legal is free again")
    summary, *_ = await chat.place(ROOM)
    assert "Legal: nobody yet" in summary.text
    twice = await grace.presses("I cannot", orders)
    assert "Nobody is Legal of CR-2026-01 now." in twice.text
    form = await chat.person("tom").opens("Hand it to somebody", told)
    assert form.values["crisis"] == "CR-2026-01"


@pytest.mark.doors
async def test_somebody_from_outside_the_team_has_the_role_at_once(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await chat.person("tom").says("/crisis handover Communications; person @sam")
    sam = chat.person("sam")
    assert "Nothing goes out before a second person has approved it" in (await sam.finds("you are Communications")).text
    plan = await sam.says("/crisis plan")
    assert "Communicate with stakeholders, Sam Rivers" in plan.text
    await sam.presses("Mine", plan)
    summary, *_ = await chat.place(ROOM)
    assert "Sam Rivers: takes the step Begin root cause analysis" in summary.text


@pytest.mark.doors
async def test_a_commander_who_cannot_come_is_asked_to_pass_it_on_and_the_city_manager_reads_it(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    tom = chat.person("tom")
    await tom.presses("I cannot come after all", await tom.finds("you said"))
    asked = await tom.finds("you are still Commander")
    assert set(asked.buttons) == {"Hand over Commander", "Give back Commander"}
    await tom.presses("Give back Commander", asked)
    assert await chat.person("maria").finds("Commander is free again")
    summary, *_ = await chat.place(ROOM)
    assert "Commander: nobody yet" in summary.text


@pytest.mark.doors
async def test_staff_who_do_not_work_on_it_take_no_role(chat: Chat) -> None:
    await begin(chat)
    shown = await chat.person("yuki").says("/crisis roles")
    assert "Take it" not in shown.buttons
    assert "Take it" in (await chat.person("tom").says("/crisis roles")).buttons


async def test_for_a_role_or_a_person_that_is_not_there_the_form_opens_and_nothing_is_handed_over(chat: Chat) -> None:
    await begin(chat)
    tom = chat.person("tom")
    await tom.opens("/crisis handover Commander; person @nobody")
    await tom.opens("/crisis handover Mayor; person @dana")
    summary, *_ = await chat.place(ROOM)
    assert "Commander: nobody yet" in summary.text


@pytest.mark.doors
async def test_with_two_crises_open_it_is_asked_which_one(chat: Chat) -> None:
    await begin(chat)
    olga = chat.person("olga")
    same = await olga.says("/crisis activate Server room floods; level 1; kind drill")
    await olga.presses("It is another one: call the team", same)
    for line in (
        "/crisis roles", "/crisis plan", "/crisis plan ; window later", "/crisis window",
        "/crisis handover Legal; person @grace",
    ):  # fmt: skip
        asked = await chat.person("maria").says(line)
        assert asked.title == "Which crisis do you mean?", line
        assert {"CR-2026-01 Water main burst", "CR-2026-02 DRILL Server room floods"} == set(asked.buttons), line


@pytest.mark.doors
async def test_when_it_is_over_no_role_is_offered_any_more(chat: Chat) -> None:
    await begin(chat)
    tom = chat.person("tom")
    offer = await tom.finds("will you take a role?")
    await stand_down(chat)
    await chat.bot.pass_time(minutes=10)
    assert (await tom.finds("no role is free anymore")).buttons == {}
    late = await tom.presses("Take Commander", offer)
    assert "CR-2026-01 is over already: Maria Lopez stood it down" in late.text


@pytest.mark.doors
async def test_every_word_about_a_role_in_a_drill_says_that_it_is_one(chat: Chat) -> None:
    await begin(chat, "; kind drill")
    await take_commander(chat)
    given = await chat.person("tom").says("/crisis handover Commander; person @marcus")
    await chat.person("marcus").presses("I cannot", await chat.person("marcus").finds("you are Commander"))
    shown = await chat.person("tom").says("/crisis roles")
    said = [given, shown, *await chat.person("tom").direct(), *await chat.person("marcus").direct()]
    assert [card.title for card in said if not card.title.startswith("DRILL: ")] == []
    assert await _told(chat, "tom", "DRILL: CR-2026-01: Commander is free again") > 0


@pytest.mark.doors
async def test_whoever_comes_or_takes_a_role_later_is_let_into_the_channel(either_slack_chat: SlackChat) -> None:
    chat, slack = either_slack_chat, either_slack_chat.slack
    await begin(chat)
    channel = slack.channel("cr-2026-01-water-main-burst")
    later = {slack.user(name).id for name in ("leila", "sam")}
    assert not later & set(channel.members)
    victor, leila = chat.person("victor"), chat.person("leila")
    await victor.presses("I cannot come", await victor.finds("you are needed"))
    await leila.presses("On my way", await leila.finds("you are needed"))
    await take_commander(chat)
    await chat.person("tom").says("/crisis handover Commander; person @sam")
    await chat.bot.settle()
    assert later < set(channel.members)


@pytest.mark.doors
async def test_while_the_commander_is_away_their_deputy_leads(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await chat.person("tom").says("/city away from today to tomorrow; deputy @marcus")
    priya = chat.person("priya")
    form = await priya.opens("Need help", await priya.finds(": how is "))
    await priya.fills(form, line="Two rangers")
    assert await chat.person("marcus").finds("Parks and Recreation needs help")
    summary = await chat.person("tom").says("/crisis status")
    assert "Commander: Tom Okafor (away until Tue Nov 24; Marcus Bell stands in)" in summary.text
    handed = await chat.person("marcus").says("/crisis handover Legal; person @tom")
    read = [handed, *await chat.person("marcus").direct()]  # the orders of the role go to Marcus too
    mind = "Please note: Tom Okafor is not available (away until Tue Nov 24; Marcus Bell stands in)."
    assert any(mind in card.text for card in read)
