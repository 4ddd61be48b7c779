"""Stand-ins: who stands in for somebody away is asked and does the work, and decides nothing; at every door."""

from bot.inbound import Answered, Inbound, Pressed
from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.scenarios.test_crisis_deputies import named
from tests.scenarios.test_crisis_roles import begin, comes, take_commander

ONLY = "Only Tom Okafor or the city manager"


async def _says(chat: Chat, person: str, line: str) -> Seen:
    return await chat.person(person).says(line)


async def test_who_stands_in_for_the_commander_is_told_and_decides_nothing(chat: Chat) -> None:
    await begin(chat)
    await take_commander(chat)
    await _says(chat, "marcus", "/city away from today to friday; deputy @priya; person @tom")
    noah = chat.person("noah")
    form = await noah.opens("Need help", await noah.finds(": how is "))
    await noah.fills(form, line="Two readers")
    assert await chat.person("priya").finds("Library needs help")
    for line in ("/crisis window", "/crisis handover Commander; person @priya"):
        assert ONLY in (await _says(chat, "priya", line)).text
    note = await chat.person("tom").finds("Marcus Bell says that you are away")
    assert "Priya Nair is asked instead of you." in note.text
    await chat.person("tom").presses("I am here: end it", note)
    assert "Commander: Tom Okafor\n" in f"{(await _says(chat, 'tom', '/crisis status')).text}\n"


async def test_the_deputy_of_people_toml_leads_unless_they_said_themselves_that_the_commander_is_away(
    chat: Chat,
) -> None:
    await named(chat, 'title = "Emergency Coordinator"', 'title = "Emergency Coordinator"\ndeputy = "marcus"')
    await begin(chat)
    await take_commander(chat)
    await _says(chat, "marcus", "/city away from today to wednesday; person @tom")
    assert ONLY in (await _says(chat, "marcus", "/crisis handover Commander; person @marcus")).text
    marcus = chat.person("marcus")
    await marcus.presses("End", await marcus.says("/city absences"))
    await _says(chat, "maria", "/city away from today to friday; person @tom")
    handed = await _says(chat, "marcus", "/crisis handover Legal; person @grace")
    assert handed.title == "Grace Kim is Legal of CR-2026-01"


async def test_nobody_becomes_commander_by_standing_in_for_one(chat: Chat) -> None:
    await _says(chat, "tom", "/city away from today to friday; deputy @sam")
    await chat.person("olga").says("/crisis activate Water main burst; where Mill Road; level 2")
    await comes(chat, "sam")
    await chat.bot.pass_time(minutes=5, seconds=1)
    assert "Take Commander" not in (await chat.person("sam").finds("will you take a role?")).buttons
    assert "You are asked to act as" not in (await chat.person("sam").finds("you said")).text
    taken = Inbound("say", "sam", Pressed("crisis.take", "CR-2026-01 commander"))
    refused = await chat.bot.application.runtime.handle(taken)
    assert isinstance(refused, Answered)
    assert not refused.ok
    assert "Only the crisis team and people named in the city's files can be Commander." in str(refused.card)
    await comes(chat, "dana")
    dana = chat.person("dana")
    await dana.presses("Take Commander", await dana.finds("will you take a role?"))
    assert "Commander: Dana Whitfield" in (await _says(chat, "sam", "/crisis status")).text
