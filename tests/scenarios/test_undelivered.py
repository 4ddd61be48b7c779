"""Undelivered messages: one question for an incident, sent again as things stand then, at every door."""

from datetime import UTC, datetime
from functools import partial

from sqlalchemy import select

from handlers.kit.context import Context
from handlers.kit.messages import Card
from storage.audit import audit
from tests.bound import bound
from tests.chat.desk import DeskChat
from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat
from tests.scenarios.losing import announcement_is_lost, lose

TUESDAY = datetime(2026, 11, 24, 13, 30, 1, tzinfo=UTC)  # 08:30 in Riverton, when digests go
HIGH_RISK = "/risk add Dam gate stuck; likelihood 5; impact 5"


async def _undelivered(chat: Chat, person: str = "ines") -> Seen:
    return await chat.person(person).says("/city undelivered")


async def _press(chat: Chat, person: str, label: str, card: Seen) -> str:
    told = await chat.person(person).presses(label, card)
    return told.text


def _posts(count: int, context: Context) -> None:
    for number in range(count):
        context.post("risks", Card(f"Message {number}"))


async def _decisions(chat: Chat) -> list[str]:
    question = select(audit.c.person, audit.c.subject, audit.c.facts).where(audit.c.subject.like("outbox %"))
    rows = await chat.bot.read(lambda store: store.connection.execute(question.order_by(audit.c.number)).all())
    return [f"{person} {subject} {facts}" for person, subject, facts in rows]


async def test_a_closed_risk_is_not_announced_when_somebody_sends_the_message_again(chat: Chat) -> None:
    await chat.person("sam").says(HIGH_RISK)
    await chat.person("olga").says("/risk close R-1; reason The gate was repaired")
    before = len(await chat.place("risks"))
    [row] = await announcement_is_lost(chat)
    assert "Nothing was sent: R-1 is closed now." in await _press(chat, "ines", "Send again", await _undelivered(chat))
    await chat.bot.pass_time(hours=1)
    assert len(await chat.place("risks")) == before
    assert await _decisions(chat) == [f'ines outbox {row} {{"decision": "not needed"}}']


async def test_what_is_sent_again_says_how_its_record_stands_now(chat: Chat) -> None:
    await chat.person("sam").says(HIGH_RISK)
    [row] = await announcement_is_lost(chat)
    listed, second = await _undelivered(chat), await _undelivered(chat, "maria")
    assert "It is on the way again, brought up to date." in await _press(chat, "ines", "Send again", listed)
    assert (await chat.place("risks"))[-1].title == "R-1 Dam gate stuck"
    said = await _press(chat, "maria", "Leave it", second)
    assert "Ines Varga decided to send it again, Mon Nov 23, 9:0" in said
    assert await _decisions(chat) == [f'ines outbox {row} {{"decision": "pending"}}']


async def test_an_incident_is_one_card_and_one_decision(chat: Chat) -> None:
    await chat.person("sam").says(HIGH_RISK)
    await chat.person("sam").says("/risk add Pump fails; likelihood 5; impact 5")
    await chat.person("olga").says("/risk close R-2; reason Replaced")
    for ref in ("R-1", "R-2"):
        await announcement_is_lost(chat, ref)
    await lose(chat, partial(_posts, 5))
    [card] = [message for message in await chat.place("ops") if "messages arrive" in message.title]
    assert card.title == "Did these 7 messages arrive?"
    assert "And 2 more" in card.text
    decided = await _press(chat, "ines", "Send all again", card)
    assert "Already decided" in await _press(chat, "maria", "Send all again", card)
    assert "6 messages are on the way again" in decided
    assert "Not needed anymore: 1 (R-2 is closed now)." in decided
    [card] = [message for message in await chat.place("ops") if "Decided" in message.title]
    assert (card.buttons, "Decided by" in card.text) == ({}, True)
    assert "Message 4" in [message.title for message in await chat.place("risks")]
    assert len(await _decisions(chat)) == 7


async def test_a_whole_incident_can_be_left_and_a_part_of_it_decided_before(chat: Chat) -> None:
    await lose(chat, partial(_posts, 3))
    await _press(chat, "ines", "Leave it", await _undelivered(chat))
    [card] = [message for message in await chat.place("ops") if "messages arrive" in message.title]
    assert card.title == "Did these 2 messages arrive?"
    assert "2 messages stay as they are" in await _press(chat, "maria", "Leave all", card)
    assert (await _undelivered(chat)).title == "Nothing is undelivered"


async def test_an_undelivered_page_reaches_every_admin_at_once_and_the_crisis_place(chat: Chat) -> None:
    page = Card("Crisis CR-2026-01: you are needed")
    await lose(chat, lambda context: context.post("dm:hugo", page, priority="page"), state="rejected")
    for seen in (await chat.person("ines").direct(), await chat.place("crisis")):
        assert seen[-1].title == "A page did not arrive"
        assert "Hugo Lindqvist" in seen[-1].text
    assert [message for message in await chat.place("ops") if "page" in message.title] == []
    await chat.bot.pass_time(minutes=1)
    await lose(chat, lambda context: context.post("dm:tom", page, priority="page"), state="rejected")
    assert (await chat.person("ines").direct())[-1].title == "2 pages did not arrive"
    assert len(await chat.person("ines").direct()) == 1


async def test_when_the_ops_place_itself_is_in_trouble_the_admins_are_asked(chat: Chat) -> None:
    await lose(chat, lambda context: context.post("ops", Card("The week's checklist")))
    assert (await chat.person("ines").direct())[-1].title == "Did this message arrive?"
    assert [message for message in await chat.place("ops") if "arrive" in message.title] == []


async def test_what_did_not_arrive_waits_for_those_who_decide_and_for_nobody_else(chat: Chat) -> None:
    await lose(chat, lambda context: context.post("risks", Card("Dam gate stuck")), state="rejected")
    assert [message for message in await chat.place("ops") if "arrive" in message.title] == []
    for person, waits in (("ines", True), ("maria", True), ("sam", False)):
        home = await chat.person(person).says("/city today")
        assert ("To decide: 1" in home.text) == waits
    chat.bot.clock.set(TUESDAY)
    digest = await chat.person("ines").finds("Your day")
    assert "Dam gate stuck" in digest.text
    morning = await chat.person("maria").finds("Good morning")
    assert morning.text.count("Dam gate stuck") == 1
    assert "It is on the way again" in await _press(chat, "ines", "Send again", digest)


async def test_a_channel_that_takes_nothing_is_found_out_and_its_old_news_is_not_posted_later(
    slack_chat: SlackChat,
) -> None:
    slack_chat.slack.channel("risks").archived = True
    await slack_chat.person("sam").says(HIGH_RISK)
    await slack_chat.person("olga").says("/risk close R-1; reason The gate was repaired")
    slack_chat.slack.channel("risks").archived = False
    assert "R-1 is closed now" in await _press(slack_chat, "ines", "Send again", await _undelivered(slack_chat))
    assert await slack_chat.place("risks") == []
    slack_chat.slack.refusals.clear()


async def test_in_teams_old_news_is_not_posted_later_either(teams_chat: TeamsChat) -> None:
    risks = teams_chat.teams.conversation("risks").id
    teams_chat.teams.fail(
        "send", times=9, how="ForbiddenOperationException", when=lambda args: risks in args["conversation"]
    )
    await teams_chat.person("sam").says(HIGH_RISK)
    await teams_chat.person("olga").says("/risk close R-1; reason The gate was repaired")
    assert "R-1 is closed now" in await _press(teams_chat, "ines", "Send again", await _undelivered(teams_chat))
    assert await teams_chat.place("risks") == []


async def test_a_page_that_slack_refuses_is_known_to_the_admin_within_the_same_minute(slack_chat: SlackChat) -> None:
    slack_chat.slack.user("hugo").deleted = True
    await slack_chat.person("olga").says("/crisis activate Water main burst; level 2")
    card = await slack_chat.person("ines").finds("did not arrive")
    assert "Hugo Lindqvist" in card.text


async def test_what_is_lost_long_after_is_a_card_of_its_own(desk_chat: DeskChat) -> None:
    for title, minutes in (("One", 14), ("Two", 16), ("Three", 1)):
        await lose(desk_chat, bound(lambda context, title: context.post("risks", Card(title)), title))
        await desk_chat.bot.pass_time(minutes=minutes)
    asked = [message.title for message in await desk_chat.place("ops") if "arrive" in message.title]
    assert asked == ["Did these 2 messages arrive?", "Did this message arrive?"]
