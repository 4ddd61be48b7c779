"""Shortcuts: a risk or feedback made of a message, from the message's own menu."""

import json
from dataclasses import replace

from bot.slack.manifest import slack_manifest
from handlers.kit.catalogue import catalogue
from tests.bot.slack.conftest import House
from tests.wires.slack import FakeSlack, Message

LONG = "The pump behind the old mill makes a noise like a tractor. " * 4


def said(slack: FakeSlack, text: str, channel: str = "risks", by: str = "maria") -> Message:
    """What somebody has written to colleagues."""
    return slack.put(slack.channel(channel).id, slack.user(by).id, text=text, via="person")


def source_of_the_risk(house: House) -> str | None:
    risk = house.database.read(lambda store: store.risk.records.find("R-1"))
    assert risk is not None
    return risk.source


async def test_a_message_becomes_a_risk_with_a_link_back(house: House, slack: FakeSlack) -> None:
    message, sam = said(slack, "Dam gate &lt;2&gt; is stuck\nagain"), house.person("sam")
    assert (await sam.shortcut("risk add", message=message)).status == 200
    assert sam.view is not None
    assert sam.view.blocks[0]["element"]["initial_value"] == "Dam gate <2> is stuck again"
    await sam.submit(values={"likelihood": "2", "impact": "3"})
    assert sam.view.title == "Logged R-1"
    source = source_of_the_risk(house)
    assert source == f"https://riverton.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    assert source in json.dumps(sam.view.content)
    assert slack.refusals == []


async def test_the_link_to_a_reply_opens_its_thread(house: House, slack: FakeSlack) -> None:
    begun, sam = said(slack, "What is the matter at the dam?"), house.person("sam")
    reply = slack.put(begun.channel, slack.user("maria").id, text="Gate 2 is stuck", thread_ts=begun.ts, via="person")
    await sam.shortcut("risk add", message=reply)
    await sam.submit(values={"likelihood": "2", "impact": "3"})
    link = f"https://riverton.slack.com/archives/{reply.channel}/p{reply.ts.replace('.', '')}"
    assert source_of_the_risk(house) == f"{link}?thread_ts={begun.ts}&cid={reply.channel}"
    assert slack.refusals == []


async def test_a_message_becomes_feedback_with_a_link_back(house: House, slack: FakeSlack) -> None:
    message, sam = said(slack, LONG), house.person("sam")
    await sam.shortcut("feedback add", message=message)
    assert sam.view is not None
    assert sam.view.blocks[0]["element"]["initial_value"] == LONG.strip()
    await sam.submit(values={"category": "streets", "via": "phone"})
    item = house.database.read(lambda store: store.feedback.records.find("F-1"))
    assert item is not None
    assert message.ts.replace(".", "") in str(item.source)
    assert slack.refusals == []


async def test_a_long_message_is_cut_where_a_word_ends_and_stands_whole_above_the_form(
    house: House, slack: FakeSlack
) -> None:
    sam = house.person("sam")
    await sam.shortcut("risk add", message=said(slack, LONG))
    assert sam.view is not None
    [title] = [block["element"]["initial_value"] for block in sam.view.blocks if block["block_id"] == "title"]
    assert len(title) <= 120
    assert LONG.startswith(title.removesuffix("\u2026") + " ")
    assert LONG.strip() in sam.view.shown
    await sam.submit(values={"likelihood": "2", "impact": "3"})
    assert "Logged R-1" in sam.view.shown
    assert slack.refusals == []


async def test_who_is_mentioned_in_the_message_stands_by_name(house: House, slack: FakeSlack) -> None:
    sam = house.person("sam")
    await sam.shortcut("risk add", message=said(slack, f"Ask <@{slack.user('olga').id}> about the dam"))
    assert sam.view is not None
    assert sam.view.blocks[0]["element"]["initial_value"] == "Ask @Olga Brandt about the dam"


async def test_the_link_survives_a_field_that_does_not_fit(house: House, slack: FakeSlack) -> None:
    sam = house.person("sam")
    await sam.shortcut("risk add", message=said(slack, "Dam gate stuck"))
    await sam.submit(values={"likelihood": "2", "impact": "3", "review_on": "2020-01-01"})
    assert sam.view is not None
    assert "is in the past" in sam.view.errors["review_on"]
    await sam.submit(values={"review_on": "2026-12-01"})
    assert str(source_of_the_risk(house)).startswith("https://riverton.slack.com/")


async def test_slack_is_asked_for_nothing_before_the_form_opens(house: House, slack: FakeSlack) -> None:
    sam = house.person("sam")
    before = len(slack.calls)
    await sam.shortcut("risk add", message=said(slack, "Dam gate stuck"))
    assert [call.method for call in slack.calls[before:]] == ["users.info", "views.open"]
    await sam.shortcut("risk add", message=said(slack, "Dam gate stuck again"))
    assert [call.method for call in slack.calls[before + 2 :]] == ["views.open"]


async def test_without_the_address_of_the_workspace_the_form_opens_all_the_same(house: House, slack: FakeSlack) -> None:
    house.door.people.identity = replace(house.door.people.known, workspace="")
    sam = house.person("sam")
    await sam.shortcut("risk add", message=said(slack, "Dam gate stuck"))
    await sam.submit(values={"likelihood": "2", "impact": "3"})
    assert source_of_the_risk(house) is None


async def test_a_message_of_a_private_conversation_has_a_link_for_those_who_are_in_it(
    house: House, slack: FakeSlack
) -> None:
    secret = slack.add_channel("secret", ["sam", "maria"], bot=False, private=True)
    sam = house.person("sam")
    assert (await sam.shortcut("risk add", message=said(slack, "Dam gate stuck", "secret"))).status == 200
    await sam.submit(values={"likelihood": "2", "impact": "3"})
    assert str(source_of_the_risk(house)).startswith(f"https://riverton.slack.com/archives/{secret}/p")
    assert slack.refusals == []


async def test_a_guest_is_told_why_nothing_opens(house: House, slack: FakeSlack) -> None:
    slack.add_user("gus", "gus@riverton.example.org", is_restricted=True)
    slack.channel("risks").members.append(slack.user("gus").id)
    gus = house.person("gus")
    await gus.shortcut("risk add", message=said(slack, "Dam gate stuck"))
    await house.deliver()
    assert gus.view is None
    assert "Guests cannot use me" in gus.sees[-1].shown


async def test_a_form_that_does_not_open_is_told(house: House, slack: FakeSlack) -> None:
    slack.fail("views.open", how="expired_trigger_id")
    sam = house.person("sam")
    await sam.shortcut("risk add", message=said(slack, "Dam gate stuck"))
    await house.door.afterwards.finish()
    assert "could not be opened in time" in sam.sees[-1].shown


def test_the_manifest_puts_them_into_the_menu_of_messages(house: House) -> None:
    for socket in (False, True):
        told = json.loads(slack_manifest(catalogue, house.runtime.city(), "https://bot.example.org", socket=socket))
        menu = {entry["name"]: (entry["type"], entry["callback_id"]) for entry in told["features"]["shortcuts"]}
        assert menu == {
            "Log as risk": ("message", "risk add"), "Log as feedback": ("message", "feedback add"),
            "Add to crisis timeline": ("message", "crisis log"),
        }  # fmt: skip
        assert all(
            len(entry["name"]) <= 24 and len(entry["description"]) <= 150 for entry in told["features"]["shortcuts"]
        )
        assert told["settings"]["socket_mode_enabled"] is socket
        assert ("request_url" in json.dumps(told)) is not socket
