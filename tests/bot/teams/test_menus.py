"""The menu of a message: a risk or feedback made of what somebody wrote in Teams."""

import sqlite3
from typing import Any

import pytest

from bot.teams.address import Address
from bot.tickets import Patience
from handlers.kit.messages import Card, Text
from tests.bot.teams.conftest import House
from tests.bot.teams.test_app import put
from tests.wires.teams import FakeTeams, Message

RISK = {"likelihood": "2", "impact": "3"}


def said(house: House, text: str, place: str = "risks", by: str = "maria") -> Message:
    """What somebody has written to colleagues."""
    return house.person(by).say(text, conversation=place)


def title_of(dialog: Any) -> str:
    return str(next(element.get("value", "") for element in dialog.card["body"] if element.get("id") == "title"))


def logged(house: House) -> Any:
    return house.database.read(lambda store: store.risk.records.find("R-1"))


async def test_a_message_becomes_a_risk_with_a_link_back(house: House, teams: FakeTeams) -> None:
    message, sam = said(house, "Dam gate <2> & weir\nstuck again"), house.person("sam")
    await sam.message_action("Log as risk", message)
    assert sam.dialog is not None
    assert sam.dialog.title == "Log a risk"
    assert title_of(sam.dialog) == "Dam gate <2> & weir stuck again"
    await sam.submit_dialog(RISK)
    assert "Logged R-1" in sam.dialog.shown
    assert logged(house).source == f"https://teams.microsoft.com/l/message/{message.conversation}/{message.id}"
    assert "Made from: The message" in sam.dialog.shown
    assert teams.refusals == []


async def test_a_message_becomes_feedback_line_by_line(house: House, teams: FakeTeams) -> None:
    message, sam = said(house, "Deep pothole\n12 Elm Street"), house.person("sam")
    await sam.message_action("Log as feedback", message)
    await sam.submit_dialog({"category": "streets", "via": "phone"})
    item = house.database.read(lambda store: store.feedback.records.find("F-1"))
    assert item is not None
    assert item.what == "Deep pothole\n12 Elm Street"
    assert str(item.source).endswith(message.id)
    assert teams.refusals == []


async def test_a_long_message_stands_whole_above_the_form_also_for_those_who_hear_it(
    house: House, teams: FakeTeams
) -> None:
    long, sam = "The pump behind the old mill makes a noise like a tractor. " * 4, house.person("sam")
    await sam.message_action("Log as risk", said(house, long))
    assert sam.dialog is not None
    assert f"The message: {long.strip()}" in sam.dialog.shown
    assert f"The message: {long.strip()}" in sam.dialog.card["speak"]


async def test_who_is_mentioned_in_the_message_stands_by_name(house: House, teams: FakeTeams) -> None:
    teams.add_user("Olga Brandt", "ob@riverton.example.org")
    sam = house.person("sam")
    await sam.message_action("Log as risk", said(house, "Ask @Olga Brandt and @sam about the dam"))
    assert title_of(sam.dialog) == "Ask @Olga Brandt and @sam about the dam"


async def test_what_does_not_fit_is_said_in_the_dialog_and_mended_there(house: House, teams: FakeTeams) -> None:
    sam = house.person("sam")
    await sam.message_action("Log as risk", said(house, "Dam gate stuck"))
    await sam.submit_dialog({**RISK, "review_on": "2020-01-01"})
    assert sam.dialog is not None
    assert "is in the past" in sam.dialog.shown
    await sam.submit_dialog({"review_on": "2026-12-01"})
    assert "Logged R-1" in sam.dialog.shown
    assert logged(house).source.startswith("https://teams.microsoft.com/")
    assert teams.refusals == []


async def test_a_form_that_teams_sends_again_is_one_record(house: House, teams: FakeTeams) -> None:
    sam = house.person("sam")
    await sam.message_action("Log as risk", said(house, "Dam gate stuck"))
    sent = await sam.submit_dialog(RISK)
    again = await teams.redeliver(sent, new_id=True)
    assert again.body == sent.body
    assert house.database.read(lambda store: store.risk.records.find("R-2")) is None


async def test_the_buttons_of_the_answer_work_in_the_dialog_and_say_nothing_elsewhere(
    house: House, teams: FakeTeams
) -> None:
    sam = house.person("sam")
    await sam.message_action("Log as risk", said(house, "Dam gate stuck"))
    await sam.submit_dialog(RISK)
    before = len(teams.timeline)
    await sam.submit_dialog(title="Change")
    await sam.submit_dialog({"title": "Dam gate jammed"})
    assert sam.dialog is not None
    assert "Changed R-1" in sam.dialog.shown
    await house.deliver()
    assert len(teams.timeline) == before
    assert teams.refusals == []


async def test_a_page_turned_in_the_dialog_is_turned_there_alone(house: House, teams: FakeTeams) -> None:
    sam = house.person("sam")
    await sam.install()
    await house.deliver()
    before = len(teams.timeline)
    value = {"commandId": "risk add", "data": {"cityops": {"action": "risk.page", "value": "0"}}}
    reply = await sam.other("invoke", name="composeExtension/submitAction", value=value)
    assert reply.body["task"]["value"]["title"] == "No open risks"
    await house.deliver()
    assert len(teams.timeline) == before


async def test_a_picture_alone_opens_an_empty_form(house: House, teams: FakeTeams) -> None:
    picture = {"contentType": "image/png", "contentUrl": "https://example.org/dam.png"}
    there = teams.conversation("risks").id
    message = teams.put(there, teams.user("maria").id, attachments=[picture], via="person")
    sam = house.person("sam")
    await sam.message_action("Log as risk", message)
    assert title_of(sam.dialog) == ""
    await sam.submit_dialog({"title": "Dam gate stuck", **RISK})
    assert logged(house).source.endswith(message.id)


async def test_a_card_of_the_bot_gives_its_words(house: House, teams: FakeTeams) -> None:
    sam = house.person("sam")
    await sam.install()
    put(house, Card("Pumps", Text("Two of three are running.")))
    await house.deliver()
    await sam.message_action("Log as risk", teams.direct_messages("sam")[-1])
    assert title_of(sam.dialog) == "Pumps Two of three are running."


async def test_in_a_chat_of_two_the_bot_asks_in_its_own_chat_who_somebody_is(house: House, teams: FakeTeams) -> None:
    chat, sam = teams.add_chat("maria", "sam"), house.person("sam")
    await sam.message_action("Log as risk", said(house, "Dam gate stuck", chat))
    assert title_of(sam.dialog) == "Dam gate stuck"
    await sam.submit_dialog(RISK)
    assert logged(house).created_by == "sam"
    assert Address.read((house.reach("sam") or ("", None))[1]).conversation == teams.personal("sam").id
    await house.deliver()
    assert [message.shown for message in teams.messages(chat)] == ["Dam gate stuck"]
    assert teams.refusals == []


async def test_a_chat_of_two_never_becomes_the_chat_with_the_bot(house: House, teams: FakeTeams) -> None:
    sam = house.person("sam")
    await sam.install()
    own = Address.read((house.reach("sam") or ("", None))[1])
    await sam.message_action("Log as risk", said(house, "Dam gate stuck", teams.add_chat("maria", "sam")))
    assert Address.read((house.reach("sam") or ("", None))[1]) == own
    put(house, Card("Your morning"))
    await house.deliver()
    assert teams.direct_messages("sam")[-1].shown == "Your morning"


async def test_who_cannot_be_asked_about_is_told_what_to_do(house: House, teams: FakeTeams) -> None:
    group = teams.add_group("Bridges", ["sam", "olga"], installed=False)
    teams.fail("create", how="403")
    sam = house.person("sam")
    await sam.message_action("Log as risk", said(house, "Dam gate stuck", group, by="olga"))
    assert sam.dialog is not None
    assert "choose Add, and try again" in sam.dialog.shown
    assert logged(house) is None


async def test_where_teams_names_no_conversation_the_form_opens_all_the_same(house: House, teams: FakeTeams) -> None:
    sam = house.person("sam")
    payload = {"body": {"contentType": "text", "content": "Dam <gate>"}, "linkToMessage": "javascript:alert(1)"}
    value = {"commandId": "risk add", "commandContext": "message", "messagePayload": payload}
    reply = await sam.other("invoke", name="composeExtension/fetchTask", value=value, conversation={})
    assert reply.body["task"]["value"]["title"] == "Log a risk"
    assert "Dam <gate>" in str(reply.body)
    assert "javascript" not in str(reply.body)


STRANGE = {"body": 1, "mentions": 1, "attachments": [None, 3], "linkToMessage": [], "subject": {}}


@pytest.mark.parametrize(
    "value",
    [None, 7, {}, {"commandId": 7}, {"commandId": "risk add", "messagePayload": [1]},
     {"commandId": "risk add", "messagePayload": STRANGE}],
)  # fmt: skip
async def test_a_strange_message_breaks_nothing(house: House, teams: FakeTeams, value: Any) -> None:
    reply = await house.person("sam").other("invoke", name="composeExtension/fetchTask", value=value)
    assert reply.status == 200
    assert reply.body["task"]["type"] == "continue"


async def test_an_entry_of_an_older_version_says_so(house: House, teams: FakeTeams) -> None:
    teams.menu["Log as hazard"] = "hazard add"
    sam = house.person("sam")
    await sam.message_action("Log as hazard", said(house, "Dam gate stuck"))
    assert sam.dialog is not None
    assert "older version" in sam.dialog.shown
    assert teams.refusals == []


async def test_a_guest_is_told_why_nothing_opens(house: House, teams: FakeTeams) -> None:
    teams.add_user("gus", "gus@elsewhere.example.org", guest=True)
    teams.team("City").members.append(teams.user("gus").id)
    gus = house.person("gus")
    await gus.message_action("Log as risk", said(house, "Dam gate stuck"))
    assert gus.dialog is not None
    assert "Guests cannot use me" in gus.dialog.shown
    assert not any(element["type"].startswith("Input.") for element in gus.dialog.card["body"])


async def test_somebody_of_another_tenant_reads_whom_the_bot_is_for(house: House, teams: FakeTeams) -> None:
    teams.add_user("eve", "eve@elsewhere.example.org", tenant="bbbbbbbb-0000-4000-8000-000000000002")
    teams.team("City").members.append(teams.user("eve").id)
    reply = await house.person("eve").message_action("Log as risk", said(house, "Dam gate stuck"))
    assert reply.status == 200
    assert "Please ask your contact at the city" in str(reply.body)
    assert logged(house) is None


@pytest.mark.parametrize("place", ["risks", "maria and sam"])
async def test_an_answer_too_late_for_the_dialog_comes_to_its_person_alone(
    house: House, teams: FakeTeams, caplog: pytest.LogCaptureFixture, place: str
) -> None:
    teams.add_chat("maria", "sam")
    sam = house.person("sam")
    await sam.message_action("Log as risk", said(house, "Dam gate stuck", place))
    house.runtime.patience = Patience(begin=0.05, answer=0.1)
    with sqlite3.connect(house.database.url.removeprefix("sqlite:///"), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        await sam.submit_dialog(RISK)
        other.execute("ROLLBACK")
    assert sam.dialog is not None
    assert "Still working" in sam.dialog.shown
    await house.runtime.finish()
    await house.deliver()
    assert "Logged R-1" in teams.direct_messages("sam")[-1].shown
    assert [message.shown for message in teams.messages(place)] == ["Dam gate stuck"]
    assert "a thread was not told" not in caplog.text
    assert teams.refusals == []
