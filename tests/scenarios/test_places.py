"""Places: which are connected, and on the desk alone who sees them."""

import os

from tests.chat.desk import DeskChat
from tests.chat.door import Chat
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat


async def test_the_state_of_every_place_stands_in_the_list(chat: Chat) -> None:
    card = await chat.person("sam").says("/city places")
    assert "High risks, as they are logged" in card.text
    assert "not connected" not in card.text
    assert card.text.count("connected") == (
        1 if chat.name == "desk" else len(chat.bot.application.runtime.city().places)
    )
    assert ("Open to" in card.text) == (chat.name == "desk")


async def test_on_the_desk_alone_the_list_says_who_sees_a_place(desk_chat: DeskChat) -> None:
    card = await desk_chat.person("sam").says("/city places")
    assert "everybody" in card.text
    assert "crisis team, city manager, department head, admin" in card.text
    assert "On the desk every place is there already" in card.text


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
    assert "It gets 1 message that did not arrive before, as things stand now." in card.text
    assert "Not needed any more: 1 (R-2 is closed since)." in card.text
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
    new = slack_chat.slack.add_channel("risks-new", members=["ines"])
    places = slack_chat.bot.application.settings.city_dir / "places.toml"
    text = places.read_text(encoding="utf-8").replace('id = "risks"', f'id = "risks"\nslack = "{new}"')
    before = places.stat().st_mtime_ns
    places.write_text(text, encoding="utf-8")
    os.utime(places, ns=(before + 10**9, before + 10**9))
    await slack_chat.bot.pass_time(seconds=5)
    slack_chat.slack.refusals.clear()
    assert await slack_chat.bot.read(lambda store: store.chat.undelivered.count()) == 0
