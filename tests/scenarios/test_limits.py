"""Limits: a flood rings nobody again and again, and one more real alarm always reaches a person; at every door."""

import pytest

from tests.chat.door import Chat
from tests.chat.seen import SeenForm
from tests.scenarios.flood import ALARM, limit, questions, raises


@pytest.mark.parity("Hold back a flood of alarms, and let one person look")
async def test_a_flood_of_alarms_pages_one_person_and_no_real_one_is_lost(chat: Chat) -> None:
    for number in (1, 2):
        assert "has begun" in (await raises(chat, "yuki", number)).title
    before = len(await questions(chat))
    cards = [await raises(chat, "yuki", number) for number in range(3, 8)]
    assert all("looks at your alarm first" in card.title for card in cards)
    asked = await questions(chat)
    assert (before, len(asked)) == (0, 1)
    assert len(await chat.bot.read(lambda store: store.crisis.records.open())) == 2
    [(person, question)] = asked
    assert "Smoke at gate 3" in question.text
    told = await chat.person(person).presses("Call the team", question)
    assert "CR-2026-03 has begun" in told.title
    assert len(await chat.bot.read(lambda store: store.crisis.records.open())) == 3
    waiting = await chat.bot.read(lambda store: store.crisis.held_alarms.waiting())
    assert [alarm.what for alarm in waiting] == [f"Smoke at gate {number}" for number in range(4, 8)]


@pytest.mark.doors
@pytest.mark.parametrize("says", ["Call the team", "Not a crisis"])
async def test_the_next_alarm_that_was_held_is_asked_about_when_the_first_is_decided(chat: Chat, says: str) -> None:
    for number in range(1, 6):
        await raises(chat, "yuki", number)
    [(person, first)] = await questions(chat)
    assert await chat.person(person).presses(says, first)
    *_, (again, second) = await questions(chat)
    assert "Smoke at gate 4" in second.text
    assert await chat.person(again).presses("Not a crisis", second)
    assert any("Smoke at gate 5" in card.text for _, card in await questions(chat))


@pytest.mark.doors
async def test_an_alarm_beyond_the_limit_goes_from_person_to_person_and_then_to_all(chat: Chat) -> None:
    for number in (1, 2, 3):
        await raises(chat, "yuki", number)
    for expected in (1, 2, 3):
        assert len({person for person, _ in await questions(chat)}) == expected
        await chat.bot.pass_time(minutes=chat.bot.application.runtime.city().crisis.page_again_minutes)
    assert [crisis.what for crisis in await chat.bot.read(lambda store: store.crisis.records.open())][
        -1
    ] == "Smoke at gate 3"
    assert any(card.title == "CR-2026-03 has begun" for card in await chat.person("yuki").direct())
    assert await chat.bot.read(lambda store: store.crisis.held_alarms.waiting()) == []


@pytest.mark.parity("Allow more for an hour")
async def test_somebody_else_of_the_team_can_allow_more_and_nobody_themselves(chat: Chat) -> None:
    for number in (1, 2):
        await raises(chat, "tom", number)
    refused = await chat.person("tom").says("/crisis allow @tom")
    assert "Nobody lifts the limits for themselves." in refused.text
    assert "looks at your alarm first" in (await raises(chat, "tom", 3)).title
    await chat.person("dana").says("/crisis allow @tom")
    assert "has begun" in (await raises(chat, "tom", 4)).title
    denied = await chat.person("sam").says("/crisis allow @sam")
    assert denied.title == "You cannot do this yourself"


@pytest.mark.doors
async def test_who_allows_everybody_more_has_not_allowed_themselves(chat: Chat) -> None:
    for person in ("tom", "yuki"):
        for number in (1, 2):
            await raises(chat, person, number)
    told = await chat.person("tom").typed("/crisis allow")
    done = await chat.person("tom").fills(told) if isinstance(told, SeenForm) else told
    assert "No limits for everybody but you until" in done.title
    assert "looks at your alarm first" in (await raises(chat, "tom", 3)).title
    assert "has begun" in (await raises(chat, "yuki", 3)).title


async def test_a_drill_beyond_the_limit_waits_and_says_who_can_allow_more(chat: Chat) -> None:
    limit(chat, alarms_an_hour=1)
    drill = "/crisis activate Flood; level 1; kind drill"
    await chat.person("sam").says(drill)
    asked = await chat.person("sam").says(drill)
    refused = await chat.person("sam").presses("It is another one: call the team", asked)
    assert "ask the crisis team to allow more: crisis allow" in refused.text
    await chat.person("tom").says("/crisis allow @sam")
    more = await chat.person("sam").presses("It is another one: call the team", asked)
    assert "CR-2026-02 has begun" in more.title


async def test_one_act_is_one_announcement_however_many_it_tells(chat: Chat) -> None:
    limit(chat, announcements_a_minute=1)
    drill = await chat.person("sam").says("/crisis activate Flood; level 3; kind drill")
    assert "has begun" in drill.title
    assert "could not be done" not in drill.text
    paged = await chat.bot.read(lambda store: store.crisis.pages.of("CR-2026-01"))
    written_to = [
        post.place
        for page in paged
        for post in await chat.bot.read(lambda store, page=page: store.chat.posts.of(f"CR-2026-01 {page.person}"))
    ]
    assert len(written_to) == len(paged) > 1


async def test_too_many_commands_and_announcements_are_refused_with_the_text_and_crises_are_not(chat: Chat) -> None:
    limit(chat, commands_a_minute=5, announcements_a_minute=2)
    sam = chat.person("sam")
    for number in range(2):
        await sam.says(f"/risk add Pump {number} breaks; likelihood 5; impact 5")
    third = await sam.says("/risk add Dam 3 breaks; likelihood 5; impact 5")
    assert "You have sent 2 announcements within a minute" in third.text
    assert "Dam 3 breaks" in third.text
    assert await chat.bot.read(lambda store: store.risk.records.open_count()) == 2
    for _ in range(3):
        last = await sam.says("/risk list")
    assert "You have sent 5 commands within a minute" in last.text
    assert "has begun" in (await sam.says(ALARM.format(number=1))).title
    await chat.bot.pass_time(minutes=2)
    assert "Open risks" in (await sam.says("/risk list")).title
