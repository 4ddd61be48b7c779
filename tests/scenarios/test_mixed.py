"""Mixed: half of the city in Slack, half in Teams, and one crisis for all of them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.kit.city.reading import read_city
from handlers.kit.messages import Card
from tests.chat.bot import MONDAY, RIVERTON, Bot, settings_for
from tests.chat.clock import SetClock
from tests.chat.seen import Seen
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat, upload_app
from tests.conftest import slack_keys, teams_keys
from tests.wires.slack import FakeSlack
from tests.wires.teams import FakeTeams

ROOM = "crisis:CR-2026-01"
IN_SLACK = ("olga", "tom", "hugo", "ines")
IN_TEAMS = ("dana", "marcus", "felix", "ines")


@pytest.fixture
async def workplaces(clock: SetClock) -> AsyncIterator[tuple[FakeSlack, FakeTeams]]:
    """A workspace and a tenant; only the head of IT has an account in both."""
    slack = FakeSlack(now=lambda: clock.now().timestamp())
    teams = FakeTeams(now=lambda: clock.now().timestamp())
    await slack.start()
    await teams.start()
    people = read_city(RIVERTON).people
    for person in IN_SLACK:
        slack.add_user(person, people[person].email)
    slack.add_channel("crisis", members=list(IN_SLACK))
    for person in IN_TEAMS:
        teams.add_user(person, people[person].email)
    teams.add_team("City", list(IN_TEAMS), channels=["crisis"])
    upload_app(teams, read_city(RIVERTON))
    yield slack, teams
    await slack.stop()
    await teams.stop()


@pytest.fixture
async def chats(
    tmp_path: Path, clock: SetClock, workplaces: tuple[FakeSlack, FakeTeams]
) -> AsyncIterator[tuple[SlackChat, TeamsChat]]:
    slack, teams = workplaces
    bot = Bot(settings_for(tmp_path, **slack_keys(slack), **teams_keys(teams)), clock=clock)
    await bot.start()
    await teams.install_in_team("City", bot.url)
    in_slack, in_teams = SlackChat(bot, slack), TeamsChat(bot, teams)
    await in_slack.person("ines").says("/city connect crisis", place="crisis")
    await in_teams.person("ines").there.message("city connect crisis", conversation="crisis")
    await bot.settle()
    slack.timeline.clear()
    teams.timeline.clear()
    clock.set(MONDAY)
    yield in_slack, in_teams
    await bot.stop()
    assert (slack.refusals, teams.refusals) == ([], [])


@pytest.mark.doors
async def test_everybody_is_paged_where_they_are_and_all_see_one_summary(chats: tuple[SlackChat, TeamsChat]) -> None:
    in_slack, in_teams = chats
    await in_slack.person("olga").says("/crisis activate Water main burst; where Mill Road; level 2")
    for chat, people in ((in_slack, ("tom", "hugo")), (in_teams, ("dana", "marcus", "felix"))):
        for person in people:
            assert await chat.person(person).finds("Crisis CR-2026-01: you are needed")

    dana = in_teams.person("dana")
    await dana.presses("On my way", await dana.finds("you are needed"))
    hugo = in_slack.person("hugo")
    await hugo.presses("I cannot come", await hugo.finds("you are needed"))
    for chat in chats:
        summary, *_ = await chat.place(ROOM)
        assert summary.title == "CR-2026-01 Water main burst"
        assert "Dana Whitfield: on my way" in summary.text
        assert "Hugo Lindqvist: cannot come" in summary.text
        assert "Felix Moreau: no answer yet" in summary.text


@pytest.mark.doors
async def test_somebody_only_teams_knows_is_answered_in_teams_by_somebody_only_slack_knows(
    chats: tuple[SlackChat, TeamsChat],
) -> None:
    in_slack, in_teams = chats
    in_teams.teams.add_user("nora", "nora@riverton.example.org")
    await in_teams.teams.join_team("City", "nora", in_teams.bot.url)
    nora = in_teams.person("nora")
    form = await nora.chooses("Log as feedback", await in_teams.person("dana").writes("Deep pothole", place="crisis"))
    logged = await nora.fills(form, category="streets", via="phone")
    assert logged.title == "Logged F-1"
    closed = await in_slack.person("olga").says("/feedback close F-1; reason done; answer It is filled.")
    assert "Nora" in closed.text.title()
    in_teams.bot.clock.set(datetime(2026, 11, 24, 13, 30, 1, tzinfo=UTC))  # 08:30 in Riverton, when the digest comes
    assert "F-1" in (await nora.direct())[-1].text


@pytest.mark.doors
async def test_one_platform_down_leaves_the_other_working(chats: tuple[SlackChat, TeamsChat]) -> None:
    in_slack, in_teams = chats
    in_teams.teams.down = True
    await in_slack.person("olga").says("/crisis activate Water main burst; level 2")
    [summary] = await in_slack.place(ROOM)
    assert summary.title == "CR-2026-01 Water main burst"
    assert await in_teams.place("crisis") == []
    in_teams.teams.down = False
    for _ in range(12):
        await in_slack.bot.pass_time(seconds=20)
    [summary] = await in_teams.place(ROOM)
    assert summary.title == "CR-2026-01 Water main burst"
    assert await in_teams.person("dana").finds("Crisis CR-2026-01: you are needed")


@pytest.mark.doors
async def test_a_page_that_one_platform_does_not_take_goes_by_the_other_at_once_and_the_log_says_so(
    chats: tuple[SlackChat, TeamsChat],
) -> None:
    in_slack, in_teams = chats
    in_slack.slack.down = True
    await in_teams.person("dana").says("/crisis activate Water main burst; level 2")
    for _ in range(5):
        await in_slack.bot.pass_time(seconds=20)
    ines = in_teams.person("ines")
    await ines.presses("On my way", await ines.finds("Crisis CR-2026-01: you are needed"))
    [summary] = await in_teams.place(ROOM)
    assert "Ines Varga: on my way" in summary.text
    entries = await in_slack.bot.read(lambda store: store.crisis.log.of("CR-2026-01"))
    assert [entry.text for entry in entries if entry.text.startswith("The page to Ines Varga has not arrived in Slack")]
    in_slack.slack.down = False
    for _ in range(60):
        await in_slack.bot.pass_time(seconds=20)
    asked = [message for message in await in_slack.person("ines").direct() if "you are needed" in message.title]
    assert asked == []  # a page that is not sent yet when its answer comes is not sent any more


@pytest.mark.doors
async def test_a_page_that_neither_platform_may_have_taken_comes_twice_only_where_it_says_so(
    chats: tuple[SlackChat, TeamsChat],
) -> None:
    """Slack knows nobody with dana's address, and Teams shows a bot no history."""
    in_slack, in_teams = chats
    there = in_teams.teams.personal("dana").id
    in_teams.teams.fail("send", how="lost_reply", when=lambda args: args["conversation"] == there)
    await in_slack.person("olga").says("/crisis activate Water main burst; level 2")
    await in_slack.bot.pass_time(minutes=2)
    pages = [message.text for message in await in_teams.person("dana").direct() if "you are needed" in message.title]
    assert ["Sent again" in text for text in pages] == [False, True]
    entries = await in_slack.bot.read(lambda store: store.crisis.log.of("CR-2026-01"))
    lost = [entry.text for entry in entries if entry.text.startswith("The page to Dana Whitfield has not arrived")]
    assert ["; it is sent in Slack." in text for text in lost] == [True, False]
    assert not await _is_undelivered(in_slack, "dana")


async def test_a_page_that_no_platform_takes_is_known_to_the_admins(chats: tuple[SlackChat, TeamsChat]) -> None:
    in_slack, in_teams = chats
    there = in_teams.teams.personal("dana").id
    refuses = "MessageWritesBlocked"
    in_teams.teams.fail("send", times=9, how=refuses, when=lambda args: args["conversation"] == there)
    await in_slack.person("olga").says("/crisis activate Water main burst; level 2")
    await in_slack.bot.pass_time(minutes=2)
    assert [message for message in await in_slack.person("ines").direct() if "did not arrive" in message.title]
    assert await _is_undelivered(in_slack, "dana")


async def test_a_message_to_an_account_that_is_switched_off_goes_by_the_other_platform(
    chats: tuple[SlackChat, TeamsChat],
) -> None:
    in_slack, in_teams = chats
    runtime = in_slack.bot.application.runtime
    in_slack.slack.user("ines").deleted = True
    await runtime.write(lambda store: runtime.context(store).post("dm:ines", Card("The pump is back")))
    await in_slack.bot.settle()
    assert [card.title for card in await in_teams.person("ines").direct()] == ["The pump is back"]
    assert await in_slack.bot.read(lambda store: store.chat.undelivered.count()) == 0
    assert [refusal.error for refusal in in_slack.slack.refusals] == ["user_disabled"]
    in_slack.slack.refusals.clear()


async def test_what_one_platform_refuses_for_good_goes_by_the_other_and_nothing_more_is_sent_there(
    chats: tuple[SlackChat, TeamsChat],
) -> None:
    in_slack, in_teams = chats
    there = in_slack.slack.dm(in_slack.slack.user("ines").id).id
    before = len(in_slack.slack.calls)
    in_slack.slack.fail(
        "chat.postMessage", times=99, how="channel_not_found", when=lambda asked: asked["channel"] == there
    )
    await in_slack.person("olga").says("/crisis activate Water main burst; level 2")
    for _ in range(6):
        await in_slack.bot.pass_time(minutes=1)
    titles = [card.title for card in await in_teams.person("ines").direct()]
    assert titles.count("Crisis CR-2026-01: you are needed") == 1
    assert "CR-2026-01: please confirm" in titles
    tried = [call for call in in_slack.slack.calls[before:] if call.method == "chat.postMessage"]
    assert len([call for call in tried if call.args["channel"] == there]) <= 2  # what was queued before it was known
    assert not await _is_undelivered(in_slack, "ines")


async def _is_undelivered(chat: SlackChat, person: str) -> bool:
    """Whether people are asked about a page to somebody."""
    lost = await chat.bot.read(lambda store: store.chat.undelivered.first(100))
    return f"dm:{person}" in {row.place for row in lost if row.is_page}


def _copies(room: list[Seen]) -> list[str]:
    """The lines of the timeline that the bot has posted in a room."""
    return [card.text for card in room if "on the timeline" in card.title or "decided" in card.title]


@pytest.mark.doors
async def test_a_line_of_the_timeline_stands_in_both_rooms_and_a_message_of_a_room_in_the_other(
    chats: tuple[SlackChat, TeamsChat],
) -> None:
    in_slack, in_teams = chats
    await in_slack.person("olga").says("/crisis activate Water main burst; where Mill Road; level 2")
    await in_teams.person("dana").says("/crisis log Pumps are running")
    for chat in chats:
        [copy] = _copies(await chat.place(ROOM))
        assert "Dana Whitfield, on the timeline" in copy
        assert "Pumps are running" in copy

    there = await in_slack.bot.read(lambda store: store.chat.places.channel(ROOM, "slack"))
    message = await in_slack.person("hugo").writes("The valve is shut", place=there)
    form = await in_slack.person("tom").chooses("Add to crisis timeline", message)
    await in_slack.person("tom").fills(form)
    assert len(_copies(await in_slack.place(ROOM))) == 1  # it stands there already
    [_, copy] = _copies(await in_teams.place(ROOM))
    assert "Tom Okafor, on the timeline" in copy
    assert "Hugo Lindqvist wrote: The valve is shut" in copy

    await in_slack.person("hugo").changes(message, "The valve is nearly shut")
    assert "it now says: The valve is nearly shut" in _copies(await in_teams.place(ROOM))[1]
    await in_slack.person("hugo").changes(message, None)
    assert "was deleted" in _copies(await in_teams.place(ROOM))[1]


@pytest.mark.doors
async def test_only_what_stands_in_the_thread_itself_is_not_repeated_there(
    chats: tuple[SlackChat, TeamsChat],
) -> None:
    in_slack, in_teams = chats
    await in_slack.person("olga").says("/crisis activate Water main burst; level 2")
    [summary] = await in_teams.place(ROOM)
    dana = in_teams.person("dana")
    beside = await dana.writes("Is anybody at the mill?", place="crisis")
    within = Seen("", "I am at the mill", {}, dana.there.say("I am at the mill", thread=summary.raw))
    for message in (beside, within):
        form = await in_teams.person("marcus").chooses("Add to crisis timeline", message)
        await in_teams.person("marcus").fills(form)
    [repeated] = _copies(await in_teams.place(ROOM))
    assert "Is anybody at the mill?" in repeated
    assert len(_copies(await in_slack.place(ROOM))) == 2


@pytest.mark.doors
async def test_the_copy_that_the_other_platform_shows_is_no_new_line(chats: tuple[SlackChat, TeamsChat]) -> None:
    in_slack, in_teams = chats
    await in_slack.person("olga").says("/crisis activate Water main burst; level 2")
    await in_slack.person("tom").says("/crisis log Pumps are running")
    [copy] = [card for card in await in_teams.place(ROOM) if "on the timeline" in card.title]
    form = await in_teams.person("dana").chooses("Add to crisis timeline", copy)
    refused = await in_teams.person("dana").fills(form)
    assert "This is a line of the timeline of CR-2026-01 already" in refused.text
    assert len(_copies(await in_slack.place(ROOM))) == 1
