"""Changed and deleted messages in the fake Slack and the fake Teams: what a bot hears of them, and what it does not."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from tests.wires.slack import BOT_USER, FakeSlack
from tests.wires.stage import Bot
from tests.wires.teams import FakeTeams


def events(bot: Bot) -> list[dict[str, Any]]:
    return [json.loads(body)["event"] for body in bot.bodies]


async def test_slack_tells_of_a_change_with_the_words_before_and_after(slack: FakeSlack, bot: Bot) -> None:
    sam = slack.person("sam", bot.url)
    message, _ = await sam.say("a < b", channel="risks")
    await sam.edit(message, "b > a")
    told = events(bot)[-1]
    assert (told["type"], told["subtype"], told["channel_type"]) == ("message", "message_changed", "channel")
    assert (told["previous_message"]["text"], told["message"]["text"]) == ("a &lt; b", "b &gt; a")
    assert told["previous_message"]["ts"] == told["message"]["ts"] == message.ts != told["ts"]
    assert "edited" in told["message"]
    assert "edited" not in told["previous_message"]


async def test_slack_tells_of_a_deletion_and_leaves_a_stone_above_answers(slack: FakeSlack, bot: Bot) -> None:
    sam = slack.person("sam", bot.url)
    alone, _ = await sam.say("alone", channel="risks")
    asked, _ = await sam.say("asked", channel="risks")
    await slack.person("maria", bot.url).say("answer", channel="risks", thread_ts=asked.ts)
    await sam.delete(alone)
    assert (events(bot)[-1]["subtype"], events(bot)[-1]["deleted_ts"]) == ("message_deleted", alone.ts)
    await sam.delete(asked)
    told = events(bot)[-1]
    assert (told["subtype"], told["message"]["subtype"]) == ("message_changed", "tombstone")
    assert (told["message"]["user"], told["previous_message"]["user"]) == ("USLACKBOT", sam.id)
    assert [message.text for message in slack.messages("risks")] == ["answer"]


async def test_slack_tells_a_bot_nothing_of_where_it_is_not_or_may_not_read(slack: FakeSlack, bot: Bot) -> None:
    slack.add_channel("hall", ["sam"], bot=False)
    slack.add_channel("vault", ["sam"], private=True)
    slack.scopes -= {"groups:history"}
    sam = slack.person("sam", bot.url)
    for place in ("hall", "vault"):
        message, reply = await sam.say("psst", channel=place)
        assert reply is None
        assert await sam.edit(message, "psst!") is None
        assert await sam.delete(message) is None
    assert bot.bodies == []


async def test_slack_tells_of_a_mention_once_as_such_and_once_as_a_message(slack: FakeSlack, bot: Bot) -> None:
    await slack.person("sam", bot.url).mention("hello", channel="risks")
    message, mention = events(bot)
    assert (message["type"], message["channel_type"]) == ("message", "channel")
    assert (mention["type"], "channel_type" in mention) == ("app_mention", False)
    assert message["text"] == mention["text"] == f"<@{BOT_USER}> hello"
    assert message["ts"] == mention["ts"]


async def test_nobody_changes_what_somebody_else_has_written(slack: FakeSlack, bot: Bot) -> None:
    message, _ = await slack.person("sam", bot.url).say("mine", channel="risks")
    with pytest.raises(AssertionError, match="someone else's"):
        await slack.person("maria", bot.url).edit(message, "yours")
    with pytest.raises(AssertionError, match="someone else's"):
        await slack.person("maria", bot.url).delete(message)


@pytest.fixture
async def teams() -> AsyncIterator[FakeTeams]:
    teams = FakeTeams()
    teams.add_user("Sam", "sam@riverton.example.org", installed=True)
    teams.add_team("City", ["Sam"], channels=["risks"])
    await teams.start()
    yield teams
    await teams.stop()


@pytest.fixture
async def heard() -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    """The address of a bot, and the activities it has been sent."""
    told: list[dict[str, Any]] = []

    async def hear(request: web.Request) -> web.Response:
        told.append(await request.json())
        return web.Response(status=201)

    app = web.Application()
    app.router.add_post("/api/messages", hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield "http://{}:{}".format(*runner.addresses[0][:2]), told
    await runner.cleanup()


async def test_teams_tells_of_what_becomes_of_a_message_that_it_told_of(
    teams: FakeTeams, heard: tuple[str, list[dict[str, Any]]]
) -> None:
    url, told = heard
    sam = teams.person("Sam", url)
    message = (await sam.message("hello", conversation="risks")).message
    assert message is not None
    await sam.edit(message, "goodbye")
    await sam.delete(message)
    assert teams.messages("risks") == []
    await sam.undelete(message)
    assert [(activity["type"], activity["channelData"].get("eventType")) for activity in told] == [
        ("message", None), ("messageUpdate", "editMessage"), ("messageDelete", "softDeleteMessage"),
        ("messageUpdate", "undeleteMessage"),
    ]  # fmt: skip
    assert {activity["id"] for activity in told} == {message.id}
    assert len({activity["conversation"]["id"] for activity in told}) == 1
    assert "goodbye" in told[1]["text"]
    assert "text" not in told[2]


async def test_teams_tells_nothing_more_of_what_it_did_not_tell(
    teams: FakeTeams, heard: tuple[str, list[dict[str, Any]]]
) -> None:
    url, told = heard
    sam = teams.person("Sam", url)
    message = sam.say("among us", conversation="risks")
    assert await sam.edit(message, "between us") is None
    assert await sam.delete(message) is None
    assert await sam.undelete(message) is None
    assert (message.text, told) == ("between us", [])
