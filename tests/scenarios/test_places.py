"""Places: which are connected, and on the desk alone who sees them."""

import os

import pytest
from sqlalchemy import text

from tests.chat.desk import DeskChat
from tests.chat.door import Chat
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat
from tests.wires.slack.delivery import SlackReply
from tests.wires.slack.socket import SOCKET
from tests.wires.slack.workspace import BOT_USER
from tests.wires.teams.delivery import TeamsReply


async def test_the_state_of_every_place_stands_in_the_list(chat: Chat) -> None:
    card = await chat.person("sam").says("/city places")
    assert "New risks at level High or above, as they are logged" in card.text
    assert "not connected" not in card.text
    assert card.text.count("connected:") == (
        0 if chat.name == "desk" else len(chat.bot.application.runtime.city().places)
    )
    assert ("Open to" in card.text) == (chat.name == "desk")


async def test_on_the_desk_alone_the_list_says_who_sees_a_place(desk_chat: DeskChat) -> None:
    card = await desk_chat.person("sam").says("/city places")
    assert "everybody" in card.text
    assert "crisis team, city manager, department head, admin" in card.text
    assert "At the desk every place is there already" in card.text


async def _two_announcements_of_which_one_holds(chat: SlackChat | TeamsChat) -> None:
    for title in ("Dam gate stuck", "Pump fails"):
        await chat.person("sam").says(f"/risk add {title}; likelihood 5; impact 5")
    await chat.person("olga").says("/risk close R-2; reason It was replaced")


async def test_a_channel_that_is_connected_again_gets_what_still_holds_of_what_was_lost(
    slack_chat: SlackChat,
) -> None:
    slack_chat.slack.channel("risks").archived = True
    await _two_announcements_of_which_one_holds(slack_chat)
    slack_chat.slack.add_channel("risks-new", members=["ines"])
    card = await slack_chat.person("ines").says("/city connect risks", place="risks-new")
    assert "It gets 1 message that did not arrive before, brought up to date." in card.text
    assert "Not needed anymore: 1 (R-2 is closed now)." in card.text
    assert [message.title for message in await slack_chat.place("risks-new") if message.title.startswith("R-")] == [
        "R-1 Dam gate stuck"
    ]
    slack_chat.slack.refusals.clear()


async def test_in_teams_a_channel_that_is_connected_again_gets_what_still_holds(teams_chat: TeamsChat) -> None:
    risks = teams_chat.teams.conversation("risks").id
    teams_chat.teams.fail(
        "send", times=2, how="ForbiddenOperationException", when=lambda args: risks in args["conversation"]
    )
    await _two_announcements_of_which_one_holds(teams_chat)
    await teams_chat.connects("risks", channel="risks")
    titles = [message.title for message in await teams_chat.place("risks")]
    assert titles.count("R-1 Dam gate stuck") == 1
    assert not [title for title in titles if "Pump fails" in title]


async def test_a_channel_that_the_citys_files_name_gets_what_still_holds_too(slack_chat: SlackChat) -> None:
    slack_chat.slack.channel("risks").archived = True
    await _two_announcements_of_which_one_holds(slack_chat)
    await _the_files_name_channels(slack_chat, risks=slack_chat.slack.add_channel("risks-new", members=["ines"]))
    slack_chat.slack.refusals.clear()
    assert await slack_chat.bot.read(lambda store: store.chat.undelivered.count()) == 0


async def test_a_place_of_the_files_that_cannot_be_connected_keeps_no_other_from_it(slack_chat: SlackChat) -> None:
    bot, slack = slack_chat.bot, slack_chat.slack
    stubborn = (
        "CREATE TRIGGER stubborn BEFORE INSERT ON places WHEN new.place = 'ops' "
        "BEGIN SELECT RAISE(ABORT, 'it stays'); END"
    )
    await bot.application.runtime.write(lambda store: store.connection.execute(text(stubborn)))
    ops, risks = (slack.add_channel(name, members=["ines"]) for name in ("ops-new", "risks-new"))
    await _the_files_name_channels(slack_chat, ops=ops, risks=risks)
    assert await _channel(slack_chat, "risks") == risks
    assert await _channel(slack_chat, "ops") != ops
    assert [fault.part for fault in await bot.read(lambda store: store.faults.all())] == ["place ops in slack"]
    await bot.application.runtime.write(lambda store: store.connection.execute(text("DROP TRIGGER stubborn")))
    await bot.pass_time(minutes=1)
    assert await _channel(slack_chat, "ops") != ops, "it is tried again within an hour, not at every look"
    await bot.pass_time(hours=1)
    assert await _channel(slack_chat, "ops") == ops
    assert await bot.read(lambda store: store.faults.all()) == []


async def _the_files_name_channels(chat: SlackChat, **channels: str) -> None:
    """Write into the city's files which channel a place has."""
    places = chat.bot.application.settings.city_dir / "places.toml"
    written, before = places.read_text(encoding="utf-8"), places.stat().st_mtime_ns
    for place, channel in channels.items():
        written = written.replace(f'id = "{place}"', f'id = "{place}"\nslack = "{channel}"')
    places.write_text(written, encoding="utf-8")
    os.utime(places, ns=(before + 10**9, before + 10**9))
    await chat.bot.pass_time(seconds=5)


async def _channel(chat: SlackChat, place: str) -> str | None:
    channel: str | None = await chat.bot.read(lambda store: store.chat.places.channel(place, "slack"))
    return channel


@pytest.mark.parity("See what became of a place's channel")
async def test_the_list_names_each_channel_and_says_what_became_of_it(platform_chat: SlackChat | TeamsChat) -> None:
    sam = platform_chat.person("sam")
    assert "connected: #risks" in (await sam.says("/city places")).text
    await became(platform_chat, "risks", "renamed")
    assert "connected: #dangers" in (await sam.says("/city places")).text
    await became(platform_chat, "risks", "gone")
    listed = (await sam.says("/city places")).text
    assert "#dangers: gone" in listed
    assert "Fix the channel, or connect another one" in listed
    assert "connected: #feedback" in listed


async def became(chat: SlackChat | TeamsChat, place: str, what: str) -> None:
    """Teams or Slack tells the bot what became of a channel."""
    if isinstance(chat, TeamsChat):
        chat.teams.conversation(place).name = "dangers"
        event = {"renamed": "channelRenamed", "gone": "channelDeleted"}[what]
        reply: TeamsReply | SlackReply = await chat.teams.team_event("City", chat.bot.url, event, channel="dangers")
        chat.teams.conversation("dangers").name = place
    else:
        channel = chat.slack.channel(place).id
        told = {"id": channel, "name": "dangers", "created": 1}
        event = {"renamed": "channel_rename", "gone": "channel_deleted"}[what]
        reply = await chat.slack.event(
            SOCKET if chat.via_socket else chat.bot.url,
            {"type": event, "channel": told if what == "renamed" else channel},
        )
    assert reply.status == 200
    await chat.bot.settle()


SLACK_NEWS = [
    ("channel_archive", "archived"),
    ("group_archive", "archived"),
    ("channel_left", "the bot is not a member"),
    ("group_left", "the bot is not a member"),
    ("group_deleted", "gone"),
]


@pytest.mark.parametrize(("event", "said"), SLACK_NEWS)
async def test_a_place_in_slack_learns_at_once_that_its_channel_is_closed_and_open_again(
    slack_chat: SlackChat, event: str, said: str
) -> None:
    url, channel, owen = slack_chat.bot.url, slack_chat.slack.channel("public-works").id, slack_chat.person("owen")
    reply = await slack_chat.slack.event(url, {"type": event, "channel": channel, "actor_id": "U1"})
    assert reply.status == 200, reply
    assert f"#public-works: {said}" in (await owen.says("/city places")).text
    joined = {"type": "member_joined_channel", "user": "U1OTHER", "channel": channel, "channel_type": "C"}
    await slack_chat.slack.event(url, joined)
    assert f"#public-works: {said}" in (await owen.says("/city places")).text
    await slack_chat.slack.event(url, joined | {"user": BOT_USER})
    assert "connected: #public-works" in (await owen.says("/city places")).text


@pytest.mark.parametrize(
    ("event", "said", "back"),
    [("teamArchived", "archived", "teamUnarchived"), ("teamDeleted", "gone", "teamRestored")],
)
async def test_in_teams_a_team_takes_its_channels_along(
    teams_chat: TeamsChat, event: str, said: str, back: str
) -> None:
    for told, expected in ((event, f"#risks: {said}"), (back, "connected: #risks")):
        await teams_chat.teams.team_event("City", teams_chat.bot.url, told)
        assert expected in (await teams_chat.person("sam").says("/city places")).text


async def test_in_teams_a_bot_that_is_taken_out_of_a_team_says_so_until_it_is_back(teams_chat: TeamsChat) -> None:
    await teams_chat.teams.remove_from_team("City", teams_chat.bot.url)
    assert "#risks: the bot is not a member" in (await teams_chat.person("sam").says("/city places")).text
    await teams_chat.teams.install_in_team("City", teams_chat.bot.url)
    assert "connected: #risks" in (await teams_chat.person("sam").says("/city places")).text


async def test_a_refused_message_tells_what_became_of_its_channel_and_one_that_goes_that_it_is_open(
    slack_chat: SlackChat,
) -> None:
    risks, sam = slack_chat.slack.channel("risks"), slack_chat.person("sam")
    for archived, said in ((True, "#risks: archived"), (False, "connected: #risks")):
        risks.archived = archived
        await sam.says(f"/risk add {'Dam gate' if archived else 'Old weir'} breaks; likelihood 5; impact 5")
        assert said in (await sam.says("/city places")).text
    slack_chat.slack.refusals.clear()


@pytest.mark.parity("Read where somebody is told, as a link")
async def test_where_a_department_is_told_is_a_link_and_only_said_when_it_is(
    platform_chat: SlackChat | TeamsChat,
) -> None:
    line = "/feedback add Deep pothole; category streets; place {}; via phone"
    logged = await platform_chat.person("owen").says(line.format("12 Elm Street"))
    assert ("'type': 'channel'" in str(logged.raw)) or ("teams.microsoft.com/l/channel/" in str(logged.raw))
    await platform_chat.bot.application.runtime.write(
        lambda store: store.chat.places.close(
            platform_chat.name, store.chat.places.channel("public-works", platform_chat.name) or "", "gone"
        )
    )
    logged = await platform_chat.person("owen").says(line.format("99 Oak Street"))
    assert "Public Works is told later: #public-works cannot be written to, because its channel is gone." in logged.text


async def test_a_public_channel_is_entered_before_it_is_connected(slack_chat: SlackChat) -> None:
    slack_chat.slack.add_channel("risks-new", members=["ines"], bot=False)
    card = await slack_chat.person("ines").says("/city connect risks", place="risks-new")
    assert "This channel is now the place" in card.title
    assert BOT_USER in slack_chat.slack.channel("risks-new").members
    assert "connected: #risks-new" in (await slack_chat.person("sam").says("/city places")).text


@pytest.mark.parametrize("how", ["private", "archived", "no scope", "no answer"])
async def test_a_channel_that_cannot_be_entered_is_not_connected_and_says_what_to_do(
    slack_chat: SlackChat, how: str
) -> None:
    slack = slack_chat.slack
    new = slack.channels[slack.add_channel("new", members=["ines"], bot=False)]
    new.kind, new.archived = ("private" if how == "private" else "public"), how == "archived"
    if how == "no scope":
        slack.scopes -= {"channels:join", "channels:read", "groups:read"}
    if how == "no answer":
        slack.fail("conversations.info", how="500")
    card = await slack_chat.person("ines").says("/city connect risks", place="new")
    expected = {"archived": "Unarchive it first", "no answer": "try again in a minute"}.get(how, "/invite @cityops")
    assert expected in card.text
    assert "connected: #risks" in (await slack_chat.person("sam").says("/city places")).text
    slack.refusals.clear()


async def test_an_older_app_connects_a_channel_in_which_it_is(slack_chat: SlackChat) -> None:
    slack = slack_chat.slack
    slack.channels[slack.add_channel("new", members=["ines"], bot=False)].members.append(BOT_USER)
    slack.scopes -= {"channels:join", "channels:read", "groups:read"}
    card = await slack_chat.person("ines").says("/city connect risks", place="new")
    assert "This channel is now the place" in card.title
    slack.refusals.clear()


@pytest.mark.parity("Choose which place a channel is")
async def test_without_a_name_the_channel_itself_asks_which_place_it_is(platform_chat: SlackChat | TeamsChat) -> None:
    line = "/city connect" if isinstance(platform_chat, SlackChat) else "city connect"
    if isinstance(platform_chat, SlackChat):
        asked = await platform_chat.person("ines").says(line, place="ops")
    else:
        await platform_chat.person("ines").there.message(line, conversation="ops")
        asked = (await platform_chat.place("ops"))[-1]
    assert asked.title == "Which place is this channel?"
    await platform_chat.person("ines").pressed("risks", asked)
    await platform_chat.bot.settle()
    assert (await platform_chat.person("sam").says("/city places")).text.count("connected: #ops") == 2
