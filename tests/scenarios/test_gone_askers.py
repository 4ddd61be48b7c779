"""Gone askers: what would be said to somebody who asked and has left is said to the person who is asked instead."""

from datetime import UTC, datetime

from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.scenarios.gone import GONE, written_to
from tests.scenarios.test_crisis_roles import begin
from tests.scenarios.test_feedback_contact import log

LINE = ("dana", "marcus", "felix", "olga", "maria", "ines")  # who may be asked in Tom's place
INSTEAD = "You stand in for Sam Rivers, who has no active account."


async def says(chat: Chat, name: str, line: str) -> Seen:
    return await chat.person(name).says(line)


async def test_who_asked_to_accept_a_risk_and_has_left_is_replaced_when_it_is_decided(chat: Chat) -> None:
    await says(chat, "olga", "/risk add Dam leaks; likelihood 4; impact 4; owner @sam")
    await says(chat, "sam", "/risk accept R-1; until in 5 days; why It is watched; approver @maria")
    await GONE["switched off"](chat, "sam")
    before = await written_to(chat, "sam")
    await says(chat, "maria", "/risk approve R-1")
    told = await chat.person("olga").finds("R-1")
    assert INSTEAD in told.text
    assert await written_to(chat, "sam") == before


async def test_to_who_asked_for_a_contact_and_has_left_nothing_is_opened(desk_chat: Chat) -> None:
    await log(desk_chat)
    told = await says(desk_chat, "sam", "/feedback contact F-1")
    form = await desk_chat.person("sam").opens("Ask the department", told)
    await desk_chat.person("sam").fills(form, reason="The neighbor called again")
    await GONE["switched off"](desk_chat, "sam")
    before = await written_to(desk_chat, "sam")
    [card] = [message for message in await desk_chat.place("water") if "asks for the contact" in message.title]
    refused = await desk_chat.person("rosa").presses("Agree", card)
    assert "Sam Rivers does not work here anymore. Nothing was opened." in refused.text
    assert await written_to(desk_chat, "sam") == before
    assert await desk_chat.person("olga").direct() == []


async def test_who_asked_for_an_action_and_has_left_is_replaced_in_the_digest(chat: Chat) -> None:
    await says(chat, "sam", "/action add Measure the bridge; owner @rosa; due 2026-11-24")
    await GONE["switched off"](chat, "sam")
    for day in (24, 25, 30):
        for hour, minute in ((12, 31), (13, 31), (15, 1)):
            chat.bot.clock.set(datetime(2026, 11, day, hour, minute, tzinfo=UTC))
            await chat.bot.settle()
    told = [card.text for card in await chat.person("olga").direct() if card.title.startswith("Your day")]
    assert any(f"{INSTEAD} A-1 Measure the bridge" in text for text in told), told


async def test_who_asked_to_end_a_crisis_and_has_left_is_replaced_when_somebody_agrees(chat: Chat) -> None:
    await begin(chat)
    asked = await says(chat, "tom", "/crisis standdown Water is back on; crisis CR-2026-01")
    assert asked.title
    await GONE["switched off"](chat, "tom")
    before = await written_to(chat, "tom")
    await chat.bot.pass_time(minutes=1)
    question = await says(chat, "maria", "/crisis standdown Yes; crisis CR-2026-01")
    label = next(label for label in question.buttons if "over" in label.lower() or "agree" in label.lower())
    done = await chat.person("maria").presses(label, question)
    told = [card.text for person in LINE for card in await chat.person(person).direct()]
    assert any("You stand in for Tom Okafor, who has no active account." in text for text in told)
    assert "over" in done.text.lower()
    assert await written_to(chat, "tom") == before
