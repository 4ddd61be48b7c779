"""Limits of all: what everybody together may do, and what the crisis team allows beyond it; at every door."""

from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.scenarios.flood import ALARM, limit, questions, raises

DRILL = "/crisis activate Flood; level 1; kind drill"
DAM = "/risk add Dam {number} breaks; likelihood 5; impact 5"


async def says(chat: Chat, name: str, line: str) -> Seen:
    return await chat.person(name).says(line)


async def test_a_real_alarm_reaches_a_person_also_when_others_used_up_the_limit_of_all(chat: Chat) -> None:
    limit(chat, alarms_an_hour=2, alarms_an_hour_by_all=3)
    for number, person in enumerate(("yuki", "yuki", "sam"), 1):
        assert "has begun" in (await raises(chat, person, number)).title
    card = await raises(chat, "olga", 4)
    [(asked, question)] = await questions(chat)
    assert card.title.endswith("looks at your alarm first")
    assert "Smoke at gate 4" in question.text
    assert "CR-2026-04 has begun" in (await chat.person(asked).presses("Call the team", question)).title


async def test_an_hour_later_all_may_raise_alarms_again(chat: Chat) -> None:
    limit(chat, alarms_an_hour_by_all=1)
    await raises(chat, "yuki", 1)
    await chat.bot.pass_time(minutes=61)
    assert "has begun" in (await raises(chat, "sam", 2)).title


async def test_drills_hold_back_no_real_alarm(chat: Chat) -> None:
    limit(chat, alarms_an_hour=1, alarms_an_hour_by_all=1)
    assert "has begun" in (await says(chat, "sam", DRILL)).title
    assert "has begun" in (await raises(chat, "sam", 1)).title


async def test_everybody_together_may_send_so_many_commands_a_minute_and_whom_the_team_allows_more_is_not_held_up(
    chat: Chat,
) -> None:
    await chat.bot.pass_time(minutes=2)  # the places were connected by commands too
    limit(chat, commands_a_minute=5, commands_a_minute_by_all=4)
    for person in ("sam", "olga", "sam", "olga"):
        assert "No open risks" in (await says(chat, person, "/risk list")).title
    refused = await says(chat, "maria", "/risk list")
    assert "Everybody together has sent 4 commands within a minute" in refused.text
    assert "No limits for Maria Lopez until" in (await says(chat, "tom", "/crisis allow @maria")).title
    assert "No open risks" in (await says(chat, "maria", "/risk list")).title
    assert "Everybody together has sent 4 commands" in (await says(chat, "olga", "/risk list")).text
    assert "has begun" in (await says(chat, "sam", ALARM.format(number=1))).title


async def test_everybody_together_may_send_so_many_announcements_a_minute(chat: Chat) -> None:
    limit(chat, announcements_a_minute=2, announcements_a_minute_by_all=2)
    for number, person in enumerate(("sam", "olga"), 1):
        await says(chat, person, DAM.format(number=number))
    refused = await says(chat, "maria", DAM.format(number=3))
    assert "Everybody together has sent 2 announcements within a minute" in refused.text
    assert "Dam 3 breaks" in refused.text
    await says(chat, "tom", "/crisis allow @maria")
    await says(chat, "maria", DAM.format(number=3))
    assert await chat.bot.read(lambda store: store.risk.records.open_count()) == 3


async def test_whom_the_crisis_team_allows_more_sends_more_than_their_own_limit(chat: Chat) -> None:
    limit(chat, commands_a_minute=3, announcements_a_minute=1)
    await says(chat, "sam", DAM.format(number=1))
    assert "You have sent 1 announcements" in (await says(chat, "sam", DAM.format(number=2))).text
    await says(chat, "tom", "/crisis allow @sam")
    for number in (2, 3, 4):
        await says(chat, "sam", DAM.format(number=number))
    assert await chat.bot.read(lambda store: store.risk.records.open_count()) == 4
