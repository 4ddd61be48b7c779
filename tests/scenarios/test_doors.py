"""Doors: what each platform does in a way of its own comes out the same."""

import pytest

from tests.chat.door import Chat
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat

DAM = "risk add Dam gate stuck; likelihood 4; impact 5"


@pytest.mark.parity("Get an answer in a channel that nobody else reads")
async def test_an_answer_in_a_channel_is_for_the_asker_alone(chat: Chat) -> None:
    card = await chat.person("sam").says("help", place="feedback")
    assert "What do you want to do?" in card.text
    assert not [message for message in await chat.place("feedback") if "What do you want" in message.text]


@pytest.mark.parity("Have what arrives twice done once")
async def test_what_is_delivered_again_is_done_and_answered_once(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says(DAM)
    before = await sam.direct()
    await sam.delivered_again()
    assert await sam.direct() == before
    assert len(await chat.place("risks")) == 1
    assert await chat.bot.read(lambda store: store.risk.records.find("R-2")) is None


@pytest.mark.parity("Connect a channel to a place")
async def test_a_channel_becomes_a_place_by_one_sentence_said_in_it(platform_chat: SlackChat | TeamsChat) -> None:
    chat = platform_chat
    await chat.connects("risks", channel="ops")
    await chat.person("sam").says(DAM)
    *_, announced = await chat.place("ops")
    assert announced.title == "R-1 Dam gate stuck"
    assert await chat.place("risks") == []


@pytest.mark.parity("Be known from the first word on, though not in people.toml")
async def test_a_colleague_who_is_in_no_list_is_staff_from_the_first_word_on(
    platform_chat: SlackChat | TeamsChat,
) -> None:
    zoe = platform_chat.newcomer("zoe", "zoe@riverton.example.org")
    await zoe.says(DAM)
    risk = await platform_chat.bot.read(lambda store: store.risk.records.find("R-1"))
    known = await platform_chat.bot.read(lambda store: store.chat.people.met(risk.created_by))
    assert (known.email, risk.title) == ("zoe@riverton.example.org", "Dam gate stuck")


@pytest.mark.parity("Open a home page that is always current")
async def test_the_home_page_changes_when_somebody_else_changes_something(either_slack_chat: SlackChat) -> None:
    chat, sam = either_slack_chat, either_slack_chat.person("sam").there
    await sam.open_home()
    await chat.bot.settle()
    assert sam.home is not None
    assert "Nothing is waiting for you." in sam.home.shown
    await chat.person("olga").says("risk add Dam gate stuck; likelihood 2; impact 3; owner @sam")
    assert "R-1 Dam gate stuck" in sam.home.shown
