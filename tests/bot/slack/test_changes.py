"""Changed and deleted messages in Slack: what a feature hears of them, and what it does not."""

from typing import Any

import pytest

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from tests.bot.slack.conftest import House
from tests.wires.slack import BOT_ID, BOT_USER, FakeSlack, Message

Heard = list[tuple[str, str | None]]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """What the only feature that listens for changes has heard; it keeps something of every message."""
    heard: Heard = []

    def hear(context: Context, key: str, text: str | None) -> None:
        context.audit("toy", message=key)
        heard.append((key, text))

    monkeypatch.setattr(catalogue, "on_message_changed", {"toy": hear})
    return heard


def key_of(message: Message) -> str:
    return f"slack:{message.channel}/{message.ts}"


async def test_a_feature_hears_the_new_words_and_the_end_of_a_message(
    house: House, slack: FakeSlack, heard: Heard
) -> None:
    sam = house.person("sam")
    message, _ = await sam.say("Pumps run", channel="risks")
    await sam.edit(message, "Pumps run <again> & well")
    await sam.delete(message)
    assert heard == [(key_of(message), "Pumps run <again> & well"), (key_of(message), None)]
    acts = house.database.read(lambda store: store.audit.first_bad_row())
    assert acts == (2, None)
    assert slack.posts == []


async def test_new_words_turn_nothing_around_that_stands_after_them(house: House, heard: Heard) -> None:
    sam = house.person("sam")
    message, _ = await sam.say("Pumps run", channel="risks")
    await sam.edit(message, "Pumps \u202erun")
    assert heard == [(key_of(message), "Pumps \u202erun\u202c")]


async def test_a_message_with_answers_below_it_is_as_deleted_as_any_other(house: House, heard: Heard) -> None:
    sam = house.person("sam")
    message, _ = await sam.say("Pumps run", channel="risks")
    await house.person("maria").say("All of them?", channel="risks", thread_ts=message.ts)
    await sam.delete(message)
    assert heard == [(key_of(message), None)]


async def test_told_again_it_is_heard_once(house: House, slack: FakeSlack, heard: Heard) -> None:
    sam = house.person("sam")
    message, _ = await sam.say("Pumps run", channel="risks")
    reply = await sam.edit(message, "Pumps stand")
    assert reply is not None
    assert (await slack.redeliver(reply)).status == 200
    assert heard == [(key_of(message), "Pumps stand")]


async def test_who_is_named_stands_by_name_whether_the_bot_has_met_them_or_not(house: House, heard: Heard) -> None:
    sam = house.person("sam")
    message, _ = await sam.say("Pumps run", channel="risks")
    await sam.edit(message, "Ask @olga")
    assert heard[-1] == (key_of(message), "Ask @Olga Brandt")
    assert house.database.read(lambda store: store.chat.people.platforms("olga")) == ["slack"]


async def test_of_a_message_that_concerns_nobody_slack_is_asked_nothing(
    house: House, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "on_message_changed", {"toy": lambda context, key, text: None})
    sam = house.person("sam")
    message, _ = await sam.say("Pumps run", channel="risks")
    asked = len(slack.calls)
    await sam.edit(message, "Ask @olga")
    assert len(slack.calls) == asked
    assert house.database.read(lambda store: store.audit.first_bad_row()) == (0, None)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"user": "U1", "text": "see this"}, {"user": "U1", "text": "see this", "attachments": [{"title": "Weir"}]}),
        ({"user": BOT_USER, "bot_id": BOT_ID, "text": "a"}, {"user": BOT_USER, "bot_id": BOT_ID, "text": "b"}),
        ({"bot_id": "B1", "text": "a"}, {"bot_id": "B1", "text": "b"}),
        (None, None),
    ],
    ids=["a preview of a link", "the bot's own", "another bot's", "nothing"],
)
async def test_what_people_did_not_change_is_not_heard(
    house: House, slack: FakeSlack, heard: Heard, before: Any, now: Any
) -> None:
    told = {"type": "message", "subtype": "message_changed", "channel": slack.channel("risks").id}
    assert (await slack.event(house.url, {**told, "message": now, "previous_message": before})).status == 200
    assert heard == []


async def test_a_mention_is_answered_once_though_slack_tells_of_it_twice(house: House, slack: FakeSlack) -> None:
    await house.person("sam").mention("risk add Dam gate stuck; likelihood 2; impact 3", channel="risks")
    await house.deliver()
    assert house.database.read(lambda store: store.risk.records.find("R-2")) is None
    assert house.database.read(lambda store: store.risk.records.find("R-1")) is not None
    assert slack.refusals == []


async def test_what_people_say_to_each_other_is_not_answered(house: House, slack: FakeSlack) -> None:
    _, reply = await house.person("sam").say("risk list", channel="risks")
    assert reply is not None
    await house.deliver()
    assert slack.posts == []
