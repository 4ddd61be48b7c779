"""Trouble: a platform refuses, hesitates or says yes and then no; nothing is lost, doubled or sent for ever."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import update

from bot.timing import Room
from handlers.kit.context import Context
from handlers.kit.messages import Card, Text
from storage.chat.outbox import OutboxRow, outbox
from storage.database import Store
from tests.bound import bound
from tests.chat.bot import Bot
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat
from tests.wires.slack import FakeSlack
from tests.wires.teams import FakeTeams

PlatformChat = SlackChat | TeamsChat
POSTS = {"slack": "chat.postMessage", "teams": "send"}


async def says(bot: Bot, work: Callable[[Context], None]) -> None:
    """What a routine would say by itself."""
    await bot.application.runtime.write(lambda store: work(bot.application.runtime.context(store)))
    await bot.settle()


def wire_of(chat: PlatformChat) -> Any:
    return chat.slack if isinstance(chat, SlackChat) else chat.teams


def refuses(chat: PlatformChat, word: str, how: str, *, times: int = 10_000, **more: Any) -> None:
    """Have the platform take no message with this word in it."""
    wire_of(chat).fail(POSTS[chat.name], times=times, how=how, when=lambda asked: word in json.dumps(asked), **more)


def asked(chat: PlatformChat, word: str) -> list[Any]:
    """What the platform was asked to show with this word in it, whatever became of it."""
    calls = [(getattr(call, "method", None) or call.operation, call.args) for call in wire_of(chat).calls]
    return [args for name, args in calls if name == POSTS[chat.name] and word in json.dumps(args, default=str)]


async def row_of(bot: Bot, word: str) -> OutboxRow:
    def newest(store: Store) -> OutboxRow | None:
        rows = (store.chat.outbox.find(number) for number in range(60, 0, -1))
        return next((row for row in rows if row and word in (row.card or "")), None)

    found: OutboxRow | None = await bot.read(newest)
    assert found is not None
    return found


async def test_what_is_always_refused_with_500_is_tried_five_times_then_as_text_then_shown_and_holds_nobody_up(
    platform_chat: PlatformChat, caplog: pytest.LogCaptureFixture
) -> None:
    chat, bot = platform_chat, platform_chat.bot
    sam = chat.person("sam")
    refuses(chat, "Roads", "500")
    await says(bot, lambda context: context.post("dm:sam", Card("Bulletin", Text("Roads")), repeat=True, on=chat.name))
    assert "No open risks" in str(await sam.says("/risk list" if chat.name == "slack" else "risk list"))
    for _ in range(60):
        await bot.pass_time(seconds=30)
    tries = asked(chat, "Roads")
    as_text = [request for request in tries if not ("blocks" in str(request) or "attachments" in str(request))]
    assert (len(tries), len(as_text)) == (8, 3)
    assert tries[-3:] == as_text
    lost = await row_of(bot, "Roads")
    assert lost.state == ("rejected" if chat.name == "slack" else "needs_human")
    assert "Bulletin" in str(await chat.person("maria").says("/city undelivered"))
    lines = [record for record in caplog.records if getattr(record, "row", None) == lost.id]
    looks = 1 if chat.name == "teams" else 0  # where there is a history, a message that is missing in it is no failure
    assert len(lines) == 8 * (1 + looks) + (chat.name == "slack")
    assert all(record.levelno == logging.WARNING and "Roads" not in record.getMessage() for record in lines)
    counts = await metrics(bot)
    assert counts[chat.name, "silence"] == 8 * (1 + looks)


async def metrics(bot: Bot) -> dict[tuple[str, str], int]:
    async with ClientSession() as web, web.get(f"{bot.url}/metrics") as answer:
        told = [line for line in (await answer.text()).splitlines() if line.startswith("cityops_deliveries_total")]
    counted = [(line.split('"')[1], line.split('"')[3], int(float(line.split()[-1]))) for line in told]
    return {(platform, result): count for platform, result, count in counted}


@pytest.mark.parametrize("how", ["invalid_blocks", "BadArgument"])
async def test_a_card_that_a_platform_does_not_take_goes_as_its_text_at_once(
    platform_chat: PlatformChat, how: str
) -> None:
    chat = platform_chat
    if (how == "BadArgument") != (chat.name == "teams"):
        return
    refuses(chat, "Bulletin", how, times=1)
    await says(chat.bot, lambda context: context.post("dm:sam", Card("Bulletin", Text("Roads")), on=chat.name))
    assert len(asked(chat, "Bulletin")) == 2
    assert (await row_of(chat.bot, "Bulletin")).state == "sent"


@pytest.mark.parametrize("said", [99_999_999, "Thu, 01 Jan 2099 00:00:00 GMT"])
async def test_no_platform_holds_a_message_for_longer_than_an_hour_and_nobody_waits_behind_it(
    platform_chat: PlatformChat, said: int | str, caplog: pytest.LogCaptureFixture
) -> None:
    chat, bot = platform_chat, platform_chat.bot
    refuses(chat, "Bulletin", "429", times=1, retry_after=said)
    await says(bot, lambda context: context.post("dm:sam", Card("Bulletin"), on=chat.name))
    await says(bot, lambda context: context.post("dm:sam", Card("Second"), on=chat.name))
    assert (await row_of(bot, "Second")).state == "sent"
    assert (await row_of(bot, "Bulletin")).state == "pending"
    await bot.pass_time(minutes=61)
    assert (await row_of(bot, "Bulletin")).state == "sent"
    [line] = [record for record in caplog.records if "did not arrive" in record.message]
    assert "it is tried again after 3600" in line.why  # type: ignore[attr-defined]


async def test_45_seconds_of_trouble_in_slack_ask_nobody_anything_and_double_nothing(
    slack_chat: SlackChat, slack: FakeSlack
) -> None:
    bot = slack_chat.bot
    people = list(bot.application.runtime.city().people)[:20]
    slack.fail("chat.postMessage", times=10_000, how="500_after")
    slack.fail("conversations.history", times=10_000, how="500")
    for number, person in enumerate(people):
        await says(
            bot, bound(lambda context, n, p: context.post(f"dm:{p}", Card(f"News {n}"), on="slack"), number, person)
        )
    await bot.pass_time(seconds=45)
    slack.fix()
    for _ in range(4):
        await bot.pass_time(seconds=30)
    rows = [await row_of(bot, f'"News {number}"') for number in range(20)]
    assert [row.state for row in rows] == ["sent"] * 20
    assert [len([m for m in slack.direct_messages(p) if "News" in m.shown]) for p in people] == [1] * 20
    assert slack.messages("ops") == []


async def test_a_message_is_looked_for_half_an_hour_before_anybody_is_asked(
    slack_chat: SlackChat, slack: FakeSlack
) -> None:
    bot = slack_chat.bot
    slack.fail("chat.postMessage", times=1, how="500_after")
    slack.fail("conversations.history", times=10_000, how="500")
    await says(bot, lambda context: context.post("risks", Card("News"), on="slack"))
    for _ in range(29):
        await bot.pass_time(minutes=1)
        assert (await row_of(bot, '"News"')).state == "unknown"
        assert slack.messages("ops") == []
    for _ in range(6):
        await bot.pass_time(minutes=1)
    assert (await row_of(bot, '"News"')).state == "needs_human"
    [question] = slack.messages("ops")
    assert "Did this message arrive?" in question.shown
    looks = sum(call.method == "conversations.history" for call in slack.calls)
    assert 5 <= looks <= 15
    assert len([message for message in slack.messages("risks") if "News" in message.shown]) == 1


@pytest.mark.parametrize("how", ["412", "502", "503", "504"])
async def test_what_teams_takes_and_then_refuses_is_never_shown_twice_unmarked(
    teams_chat: TeamsChat, teams: FakeTeams, how: str
) -> None:
    bot, people = teams_chat.bot, ["sam", "maria", "olga", "tom", "ines"]
    teams.fail("send", times=5, how=f"{how}_after", when=lambda asked: "News" in json.dumps(asked))
    for number, person in enumerate(people):
        repeat = number % 2 == 0
        await says(
            bot,
            bound(lambda context, p, r: context.post(f"dm:{p}", Card("News"), on="teams", repeat=r), person, repeat),
        )
    for _ in range(20):
        await bot.pass_time(seconds=30)
    for number, person in enumerate(people):
        shown = [str(message.card) for message in teams.direct_messages(person) if "News" in str(message.card)]
        assert ["Sent again" in card for card in shown] == ([False, True] if number % 2 == 0 else [False])
    questions = [message for message in teams.messages("ops") if message.card]
    assert len(questions) == 1


async def test_a_message_that_cannot_be_read_is_set_aside_and_the_others_go(platform_chat: PlatformChat) -> None:
    chat, bot = platform_chat, platform_chat.bot
    runtime = bot.application.runtime

    def unsound(store: Store) -> None:
        context = runtime.context(store)
        for word, values in (("Card", {"card": "{"}), ("Payload", {"payload": "["})):
            context.post("dm:sam", Card(f"{word} is unsound"), on=chat.name)
            store.connection.execute(update(outbox).where(outbox.c.card.contains(word)).values(values))
        context.post("dm:sam", Card("Sound"), on=chat.name)
        context.post("dm:olga", Card("Sound too"), on=chat.name)

    await runtime.write(unsound)
    await bot.settle()
    assert [(await row_of(bot, word)).state for word in ("Sound", "Sound too")] == ["sent", "sent"]
    for _ in range(60):
        await bot.pass_time(seconds=30)
    rows = await bot.read(lambda store: store.chat.undelivered.first(10))
    assert [row.state for row in rows] == ["rejected", "rejected"]
    assert all("cannot be prepared" in (row.error or "") for row in rows)
    assert await bot.application.look() == 0


async def test_a_card_whose_message_was_deleted_is_posted_again_once_and_nobody_is_bothered(
    platform_chat: PlatformChat,
) -> None:
    chat, bot = platform_chat, platform_chat.bot
    await says(bot, lambda context: context.post("risks", Card("R-1 Dam"), ref="R-1", on=chat.name))
    wire, tried = wire_of(chat), []
    for number in range(4):
        there = [message for message in wire.messages("risks") if "R-1 Dam" in str(message)]
        for message in there:
            message.deleted = True
        before = len(wire.calls)
        await says(bot, bound(lambda context, n: context.refresh("R-1", Card(f"R-1 Dam {n}")), number))
        await bot.pass_time(seconds=2)
        tried.append((len(there), len(wire.calls) - before))
    assert tried == [(1, 2), (1, 1), (0, 0), (0, 0)]  # changed in vain and posted again; in vain; then nothing
    assert await bot.read(lambda store: store.chat.undelivered.first(10)) == []


def _shut(chat: PlatformChat, how: str) -> Callable[[], None]:
    """Have the platform refuse the bot; gives what lets it in again."""
    if isinstance(chat, SlackChat):
        chat.slack.fail("*", times=10**6, how="token_revoked")
        return chat.slack.fix
    if how == "off":
        chat.teams.disabled = True
        return lambda: setattr(chat.teams, "disabled", False)
    chat.teams.login.expire_tokens()
    chat.teams.login.password = "changed"
    return lambda: setattr(chat.teams.login, "password", chat.teams.password)


@pytest.mark.doors
@pytest.mark.parametrize("how", ["token", "off"])
async def test_after_an_outage_each_page_and_question_comes_once_as_things_stand(
    platform_chat: PlatformChat, how: str
) -> None:
    bot, hugo = platform_chat.bot, platform_chat.person("hugo")
    await platform_chat.person("olga").says("/crisis activate Main burst; level 2")
    before = len(await hugo.direct())
    let_in = _shut(platform_chat, how)
    for _ in range(16):
        await bot.pass_time(minutes=1)
    assert await bot.read(lambda store: store.chat.undelivered.count()) == 0
    let_in()
    for _ in range(3):
        await bot.pass_time(seconds=40)
    titles = [card.title for card in (await hugo.direct())[before:]]
    assert [title for title in titles if "you are needed" in title] == ["Crisis CR-2026-01: you are needed (page 4)"]
    assert titles.count("CR-2026-01: please confirm") == 1
    olga = [card.title for card in await platform_chat.person("olga").direct()]
    assert len([title for title in olga if "nobody has confirmed it" in title]) == 1
    assert await bot.read(lambda store: store.chat.undelivered.count()) == 0
    wire_of(platform_chat).refusals.clear()


async def test_while_a_token_is_refused_the_bot_is_not_ready(platform_chat: PlatformChat) -> None:
    bot = platform_chat.bot
    assert (await _ready(bot))[0] == 200
    let_in = _shut(platform_chat, "token")
    await says(bot, lambda context: context.post("dm:hugo", Card("The pump is back")))
    assert await _ready(bot) == (503, f"not connected: {platform_chat.name}\n")
    let_in()
    await bot.pass_time(minutes=1)
    assert (await _ready(bot))[0] == 200
    wire_of(platform_chat).refusals.clear()


async def _ready(bot: Bot) -> tuple[int, str]:
    async with ClientSession() as session, session.get(f"{bot.url}/readyz") as answer:
        return answer.status, await answer.text()


async def test_while_an_announcement_goes_to_everybody_slack_is_asked_for_a_few_at_a_time_and_a_page_goes_first(
    slack_chat: SlackChat,
) -> None:
    bot, slack = slack_chat.bot, slack_chat.slack
    delivery = bot.application.delivery
    delivery.claims.room = Room(at_once=3, kept=1)
    people = list(bot.application.runtime.city().people)

    def announce(context: Context) -> None:
        for person in people:
            context.post(f"dm:{person}", Card("The water is off"), repeat=True)

    slack.fail("chat.postMessage", times=2, how="hang", when=lambda asked: "water is off" in json.dumps(asked))
    before = len(_posts(slack))
    await bot.application.runtime.write(lambda store: announce(bot.application.runtime.context(store)))
    assert [await delivery.round(), await delivery.round()] == [2, 0]
    await slack.until(lambda: len(_posts(slack)) == before + 2)
    await bot.application.runtime.write(
        lambda store: bot.application.runtime.context(store).post("dm:tom", Card("You are needed"), priority="page")
    )
    assert [await delivery.round(), await delivery.round()] == [1, 0]
    await slack.until(lambda: "You are needed" in _posts(slack)[-1])
    assert len(_posts(slack)) == before + 3
    slack.release()
    for _ in range(3):
        await bot.pass_time(minutes=1)
    for person in people:
        assert await slack_chat.person(person).finds("The water is off")


def _posts(slack: FakeSlack) -> list[str]:
    """What Slack was asked to post; also what is posted already, which it notes twice."""
    return list(dict.fromkeys(json.dumps(call.args) for call in slack.calls if call.method == "chat.postMessage"))


@pytest.mark.parametrize("how", ["429", "drop"])
async def test_news_of_a_digest_that_the_platform_took_no_more_in_time_stands_in_the_next_one(
    platform_chat: PlatformChat, how: str
) -> None:
    chat, bot = platform_chat, platform_chat.bot
    await chat.person("owen").says("/feedback add Deep pothole; category streets; via phone")
    await chat.person("sam").says("/feedback close F-1; reason done; answer The pothole is filled")
    refuses(chat, "Your day: Tue Nov 24", how)
    for hour, minute in ((13, 30), (21, 5)):  # 8:30 AM and 4:05 PM in Riverton
        bot.clock.set(datetime(2026, 11, 24, hour, minute, 1, tzinfo=UTC))
        await bot.settle()
    await bot.pass_time(hours=1)
    assert not [card for card in await chat.person("owen").direct() if card.title.startswith("Your day")]
    bot.clock.set(datetime(2026, 11, 25, 13, 30, 1, tzinfo=UTC))
    await bot.settle()
    [card] = [card for card in await chat.person("owen").direct() if card.title.startswith("Your day")]
    assert "F-1 “Deep pothole” is answered: The pothole is filled" in card.text


async def test_a_question_that_may_not_have_arrived_is_for_nobody_to_decide_when_its_time_is_over(
    platform_chat: PlatformChat,
) -> None:
    chat, bot = platform_chat, platform_chat.bot
    bot.clock.set(datetime(2026, 12, 7, 13, 0, tzinfo=UTC))
    await bot.settle()
    refuses(chat, "Stand-up Streets and Water", "drop")
    if isinstance(chat, SlackChat):
        chat.slack.fail("conversations.history", times=10_000, how="500")
    for minute in (60, 61, 95, 100):  # the stand-up begins at 9:00 AM; after half an hour people decide
        bot.clock.set(datetime(2026, 12, 7, 13, tzinfo=UTC) + timedelta(minutes=minute, seconds=1))
        await bot.settle()
    assert await bot.read(lambda store: store.chat.undelivered.count()) == 4
    bot.clock.set(datetime(2026, 12, 7, 20, 30, tzinfo=UTC))  # 3:30 PM: it is over
    await bot.settle()
    assert await bot.read(lambda store: store.chat.undelivered.count()) == 0


async def test_what_a_morning_check_said_that_nobody_could_read_in_time_is_new_in_the_next_one(
    platform_chat: PlatformChat,
) -> None:
    chat, bot = platform_chat, platform_chat.bot
    bot.clock.set(datetime(2026, 11, 29, 15, tzinfo=UTC))
    await bot.settle()
    await chat.person("sam").says("/risk add Dam gate stuck; likelihood 5; impact 5")
    refuses(chat, "Good morning. Riverton, Mon Nov 30", "429")
    for day, hour in ((30, 12), (30, 17)):  # 7:31 AM and 12:31 PM in Riverton
        bot.clock.set(datetime(2026, 11, day, hour, 31, tzinfo=UTC))
        await bot.settle()
    assert "The morning check of Mon Nov 30, 7:31 AM was not sent" in [
        card.title for card in await chat.person("maria").direct()
    ]
    bot.clock.set(datetime(2026, 12, 1, 12, 31, tzinfo=UTC))
    await bot.settle()
    next_one = await chat.person("maria").finds("Good morning")
    assert "New risks" in next_one.text
