"""Reach: who cannot be written to is named, with what they must do, until a message reaches them again."""

import os
from datetime import UTC, datetime
from functools import partial

import pytest

from bot.runtime import Runtime
from handlers.kit.messages import Card
from storage.database import Store
from tests.chat.desk import DeskChat
from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat

NEXT_MORNING = datetime(2026, 11, 24, 12, 30, 1, tzinfo=UTC)  # 07:30:01 in Riverton, a Tuesday
BURST = "/crisis activate Water main burst; level 2"
NILS = """
[[person]]
id = "nils"
name = "Nils Berg"
email = "nils@riverton.example.org"
"""


async def _people(chat: Chat) -> Seen:
    return await chat.person("ines").says("/city people")


async def _page_again(chat: Chat) -> None:
    await chat.bot.pass_time(minutes=5, seconds=1)


async def _in_the_morning(chat: Chat) -> str:
    await chat.bot.settle()
    chat.bot.clock.set(NEXT_MORNING)
    return (await chat.person("maria").direct())[-1].text


def _meant_to_be_refused(chat: SlackChat, *errors: str) -> None:
    """Slack's refusals of this test, which are no mistakes of the bot's."""
    assert {refusal.error for refusal in chat.slack.refusals} == set(errors)
    chat.slack.refusals.clear()


def _new_colleague(chat: Chat) -> None:
    files = chat.bot.application.runtime.city
    people = chat.bot.application.settings.city_dir / "people.toml"
    before = people.stat().st_mtime_ns
    people.write_text(people.read_text(encoding="utf-8") + NILS, encoding="utf-8")
    os.utime(people, ns=(before + 10**9, before + 10**9))
    assert files.look()  # type: ignore[attr-defined]  # the city is read from its files


@pytest.mark.doors
async def test_where_everybody_can_be_reached_nobody_is_named(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    card = await _people(chat)
    assert card.title == "Everybody can be reached"
    assert card.status == "all reached"
    assert "21" in card.text
    assert "Cannot be reached" not in await _in_the_morning(chat)


async def test_who_cannot_be_reached_is_not_for_everybody_to_know(chat: Chat) -> None:
    card = await chat.person("sam").says("/city people")
    assert card.title == "You cannot do this yourself"


async def test_a_new_colleague_has_to_open_the_app_only_in_teams(chat: Chat) -> None:
    _new_colleague(chat)
    card = await _people(chat)
    if chat.name == "teams":
        assert card.title == "Cannot be reached: 1"
        assert "Nils Berg: has not opened a chat with cityops in Teams; ask them to open the app once" in card.text
    else:
        assert card.title == "Everybody can be reached"
    assert ("Cannot be reached: 1" in await _in_the_morning(chat)) == (chat.name == "teams")


async def test_a_colleague_who_opens_the_app_is_reached(teams_chat: TeamsChat) -> None:
    _new_colleague(teams_chat)
    teams_chat.teams.add_user("nils", "nils@riverton.example.org")
    assert (await _people(teams_chat)).title == "Cannot be reached: 1"
    await teams_chat.person("nils").there.install()
    assert (await _people(teams_chat)).title == "Everybody can be reached"


@pytest.mark.doors
async def test_who_left_slack_is_named_until_a_message_reaches_them(slack_chat: SlackChat) -> None:
    slack_chat.slack.user("hugo").deleted = True
    await slack_chat.person("olga").says(BURST)
    assert "Hugo Lindqvist: has no Slack account with their e-mail address" in (await _people(slack_chat)).text
    slack_chat.slack.user("hugo").deleted = False
    await _page_again(slack_chat)
    assert (await _people(slack_chat)).title == "Everybody can be reached"
    titles = [card.title for card in await slack_chat.person("hugo").direct()]
    assert sorted(titles) == ["CR-2026-01: please confirm", "Crisis CR-2026-01: you are needed (page 2)"]
    slack_chat.slack.user("hugo").deleted = True
    await _page_again(slack_chat)
    assert "Hugo Lindqvist: has a Slack account that is switched off" in (await _people(slack_chat)).text
    morning = await _in_the_morning(slack_chat)
    assert "Cannot be reached: 1" in morning
    assert "Hugo Lindqvist: has a Slack account that is switched off" in morning
    assert "hugo@riverton.example.org" not in morning
    _meant_to_be_refused(slack_chat, "is_archived")


async def test_the_address_of_a_bot_is_nobody_to_write_to(slack_chat: SlackChat) -> None:
    await slack_chat.person("hugo").says("/city today")
    slack_chat.slack.user("hugo").is_bot = True
    await slack_chat.person("olga").says(BURST)
    assert "Hugo Lindqvist: has the e-mail address of a bot in Slack" in (await _people(slack_chat)).text
    _meant_to_be_refused(slack_chat, "cannot_dm_bot")


async def test_slack_is_asked_once_for_the_conversation_with_somebody(slack_chat: SlackChat) -> None:
    runtime, hugo = slack_chat.bot.application.runtime, slack_chat.slack.user("hugo").id
    await slack_chat.person("hugo").says("/city places")  # by which he is known, but not where to write to him
    for title in ("One", "Two", "Three"):
        await runtime.write(partial(_post, runtime, "dm:hugo", Card(title)))
        await slack_chat.bot.settle()
    opened = [
        call for call in slack_chat.slack.calls if call.method == "conversations.open" and call.args["users"] == hugo
    ]
    assert len(opened) == 1
    assert [message.title for message in await slack_chat.person("hugo").direct()] == ["One", "Two", "Three"]


def _post(runtime: Runtime, place: str, card: Card, store: Store) -> None:
    runtime.context(store).post(place, card)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("channel_not_found", "Hugo Lindqvist: has no conversation with cityops in Slack anymore"),
        ("messages_tab_disabled", "Hugo Lindqvist: cannot be written to; switch on the messages tab under App Home"),
        ("no_permission", "Hugo Lindqvist: cannot be written to in Slack: Slack refuses it: no_permission"),
    ],
)
async def test_who_is_refused_for_good_in_slack_is_called_by_the_next_step_at_once(
    slack_chat: SlackChat, how: str, said: str
) -> None:
    hugo = slack_chat.slack.dm(slack_chat.slack.user("hugo").id).id
    slack_chat.slack.fail("chat.postMessage", times=99, how=how, when=lambda asked: asked["channel"] == hugo)
    await slack_chat.person("olga").says(BURST)
    await _is_called_by_the_next_step(slack_chat)
    assert said in (await _people(slack_chat)).text


async def test_a_card_that_slack_does_not_take_says_nothing_of_the_person(slack_chat: SlackChat) -> None:
    hugo = slack_chat.slack.dm(slack_chat.slack.user("hugo").id).id
    slack_chat.slack.fail("chat.postMessage", times=99, how="msg_too_long", when=lambda asked: asked["channel"] == hugo)
    await slack_chat.person("olga").says(BURST)
    assert (await _people(slack_chat)).title == "Everybody can be reached"


@pytest.mark.parametrize("how", ["NotEnoughPermissions", "BotDisabledByAdmin"])
async def test_who_is_refused_for_good_in_teams_is_called_by_the_next_step_at_once(
    teams_chat: TeamsChat, how: str
) -> None:
    there = teams_chat.teams.personal("hugo").id
    teams_chat.teams.fail("send", times=2, how=how, when=lambda asked: asked["conversation"] == there)
    await teams_chat.person("olga").says(BURST)
    await _is_called_by_the_next_step(teams_chat)
    assert "in the Teams admin center" in (await _people(teams_chat)).text
    await _page_again(teams_chat)
    assert (await _people(teams_chat)).title == "Everybody can be reached"


async def _is_called_by_the_next_step(chat: Chat) -> None:
    """No time has passed, and the deputy and the phone are at work."""
    entries = [entry.text for entry in await chat.bot.read(lambda store: store.crisis.log.of("CR-2026-01"))]
    assert "Hugo Lindqvist could not be reached." in entries
    assert "Rosa Delgado is called instead of Hugo Lindqvist." in entries
    assert "Hugo Lindqvist is to be called by phone." in entries
    assert await chat.person("rosa").finds("Crisis CR-2026-01: you are needed")
    status = await chat.person("olga").says("/crisis status")
    assert "Hugo Lindqvist: could not be reached, no page has arrived, to be called by phone" in status.text


async def test_what_is_said_of_a_person_is_true_of_a_person_and_of_a_channel_of_a_channel(
    slack_chat: SlackChat,
) -> None:
    await slack_chat.person("hugo").says("/city today")
    slack_chat.slack.user("hugo").deleted = True
    slack_chat.slack.channel("risks").archived = True
    await slack_chat.person("olga").says("/risk add Dam gate stuck; likelihood 5; impact 5")
    await slack_chat.person("olga").says(BURST)
    text = (await slack_chat.person("ines").says("/city undelivered")).text
    lines = [line for line in text.splitlines() if not line.startswith(("Send again", "Leave it"))]
    [of_channel] = [line for line in lines if "#risks" in line]
    of_person = [line for line in lines if "to Hugo Lindqvist" in line]
    assert "the channel is archived: unarchive it" in of_channel
    assert of_person
    assert all("this person has" in line and "archive" not in line for line in of_person)
    slack_chat.slack.refusals.clear()


async def test_a_team_that_is_archived_is_no_person_who_has_blocked_anything(teams_chat: TeamsChat) -> None:
    teams_chat.teams.team("City").archived = True
    await teams_chat.person("olga").says("/risk add Dam gate stuck; likelihood 5; impact 5")
    text = (await teams_chat.person("ines").says("/city undelivered")).text
    assert "nothing may be written there: restore the team or channel if it is archived" in text
    assert "person" not in text
    teams_chat.teams.refusals.clear()


async def test_a_channel_that_is_archived_is_nobody_who_cannot_be_reached(slack_chat: SlackChat) -> None:
    slack_chat.slack.channel("risks").archived = True
    await slack_chat.person("olga").says("/risk add Dam gate stuck; likelihood 5; impact 5")
    assert "Could not be delivered: 1" in await _in_the_morning(slack_chat)
    assert (await _people(slack_chat)).title == "Everybody can be reached"
    _meant_to_be_refused(slack_chat, "is_archived")


@pytest.mark.doors
async def test_who_removes_the_app_is_named_at_once_and_until_they_add_it_again(teams_chat: TeamsChat) -> None:
    hugo = teams_chat.person("hugo").there
    await hugo.uninstall()
    assert "Hugo Lindqvist: does not have cityops in Teams anymore" in (await _people(teams_chat)).text
    await teams_chat.person("olga").says(BURST)
    assert "Hugo Lindqvist: does not have cityops in Teams anymore; ask them" in await _in_the_morning(teams_chat)
    await hugo.install()
    assert (await _people(teams_chat)).title == "Everybody can be reached"


@pytest.mark.doors
async def test_who_blocks_the_app_is_named_until_a_message_reaches_them(teams_chat: TeamsChat) -> None:
    teams_chat.teams.block("hugo")
    await teams_chat.person("olga").says(BURST)
    card = await _people(teams_chat)
    assert "Hugo Lindqvist: has blocked cityops in Teams; ask them to unblock it" in card.text
    undelivered = await teams_chat.person("ines").presses("What did not arrive", card)
    assert undelivered.title == "Undelivered messages: 2"
    teams_chat.teams.blocked.clear()
    await _page_again(teams_chat)
    assert (await _people(teams_chat)).title == "Everybody can be reached"


async def test_at_the_desk_everybody_is_there(desk_chat: DeskChat) -> None:
    there = (await _people(desk_chat)).text
    assert "by where they are written to\nat the desk\n21" in there
