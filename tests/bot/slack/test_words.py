"""Words of Slack: what people write and send along is read as they wrote it, and nothing of it is lost unsaid."""

from dataclasses import replace
from typing import Any

import pytest

from bot.slack.words import pictured, unescape
from tests.bot.slack.conftest import House
from tests.wires.slack import FakeSlack
from tests.wires.slack.delivery import SlackReply
from tests.wires.slack.edits import change


def emoji(name: str, code: str) -> dict[str, Any]:
    inner = {"type": "rich_text_section", "elements": [{"type": "emoji", "name": name, "unicode": code}]}
    return {"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": [inner]}]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "see <https://city.example.org/plan?a=1&amp;b=2|the plan>",
            "see the plan (https://city.example.org/plan?a=1&b=2)",
        ),
        ("see <http://city.example.org|city.example.org>", "see city.example.org"),
        ("see <https://www.city.example.org/|city.example.org>", "see city.example.org"),
        ("see <https://city.example.org>", "see https://city.example.org"),
        ("ask <mailto:sam@city.example.org|sam@city.example.org>", "ask sam@city.example.org"),
        ("in <#C1|ops> and <#C2|>, <#C3>", "in #ops and #slack:C2, #slack:C3"),
        ("1 &lt; 2", "1 < 2"),
    ],
)
def test_links_and_channels_read_as_they_were_written(text: str, words: str) -> None:
    assert unescape(text) == words


@pytest.mark.parametrize(
    ("text", "blocks", "words"),
    [
        ("Flood :ocean: at 10:30:45", None, "Flood :ocean: at 10:30:45"),
        ("Flood :ocean: here", [emoji("ocean", "1f30a")], "Flood \U0001f30a here"),
        ("Well done :+1::skin-tone-3:", [emoji("+1", "1f44d-1f3fc")], "Well done \U0001f44d\U0001f3fc"),
        ("Pipe :wrench:, :fire:", None, "Pipe \U0001f527, \U0001f525"),
        (":city-logo: :a: x:fire:y", [emoji("city-logo", "")], ":city-logo: :a: x:fire:y"),
        ("Strange :fire:", [7, {"elements": "x"}, {"type": "emoji", "unicode": "zz"}], "Strange \U0001f525"),
    ],
)
def test_emoji_are_the_signs_that_people_saw(text: str, blocks: Any, words: str) -> None:
    assert pictured(text, blocks) == words


async def says(house: House, slack: FakeSlack, text: str, *names: str, thread: str | None = None) -> SlackReply:
    """Sam writes to the bot and sends photos along."""
    sam, there = slack.user("sam"), slack.dm(slack.user("sam").id)
    message = slack.put(there.id, sam.id, text=text, thread_ts=thread, via="person")
    event = {"type": "message", "channel_type": "im", "channel": there.id, "user": sam.id, "text": text}
    event |= {"thread_ts": thread} if thread else {}
    files = [{"id": f"F{number}", "title": name} for number, name in enumerate(names)]
    reply = await slack.event(house.url, event | {"ts": message.ts, "subtype": "file_share", "files": files})
    assert reply.status == 200
    await house.deliver()
    return reply


async def test_a_photo_that_is_sent_along_is_kept_as_a_link_to_its_message(house: House, slack: FakeSlack) -> None:
    await says(house, slack, "risk add Dam gate stuck; likelihood 1; impact 1", "gate.jpg", "gate 2.jpg")
    assert "The message with gate.jpg and gate 2.jpg is kept as a link." in slack.direct_messages("sam")[-1].shown
    risk = house.database.read(lambda store: store.risk.records.find("R-1"))
    assert risk is not None
    assert str(risk.source).startswith("https://")


async def test_the_link_to_a_photo_in_a_thread_opens_the_thread(house: House, slack: FakeSlack) -> None:
    await says(house, slack, "risk list")
    begun = slack.direct_messages("sam")[-1]
    line = "risk add Dam gate stuck; likelihood 1; impact 1"
    await says(house, slack, line, "gate.jpg", thread=begun.ts)
    risk = house.database.read(lambda store: store.risk.records.find("R-1"))
    assert risk is not None
    assert str(risk.source).endswith(f"?thread_ts={begun.ts}&cid={begun.channel}")


async def test_it_is_kept_too_when_a_form_is_filled_in_first(house: House, slack: FakeSlack) -> None:
    await says(house, slack, "risk add Dam gate stuck", "gate.jpg")
    asked, sam = slack.direct_messages("sam")[-1], house.person("sam")
    assert "The message with gate.jpg is kept as a link." in asked.shown
    await sam.press(asked, label="Fill in")
    await sam.submit(values={"likelihood": "1", "impact": "1"})
    risk = house.database.read(lambda store: store.risk.records.find("R-1"))
    assert risk is not None
    assert str(risk.source).startswith("https://")


async def test_it_is_kept_when_the_message_is_understood_after_a_change(house: House, slack: FakeSlack) -> None:
    await says(house, slack, "rsik adx Dam gate stuck", "gate.jpg")
    there = slack.dm(slack.user("sam").id)
    said = next(message for message in slack.messages(there.id) if message.user == slack.user("sam").id)
    event = change(slack, said, "risk add Dam gate stuck; likelihood 1; impact 1")
    event["message"]["files"] = [{"id": "F0", "title": "gate.jpg"}]
    await slack.event(house.url, event)
    await house.deliver()
    risk = house.database.read(lambda store: store.risk.records.find("R-1"))
    assert risk is not None
    assert str(risk.source).endswith(f"/archives/{there.id}/p{said.ts.replace('.', '')}")


async def test_it_is_kept_when_the_line_says_a_command_in_other_words(house: House, slack: FakeSlack) -> None:
    await says(house, slack, "crisis activate Water main burst; level 1")
    await says(house, slack, "log CR-2026-01 The pump runs", "pump.jpg")
    assert "The message with pump.jpg is kept as a link." in slack.direct_messages("sam")[-1].shown
    entries = house.database.read(lambda store: store.crisis.log.of("CR-2026-01"))
    [entry] = [entry for entry in entries if entry.text == "The pump runs"]
    assert str(entry.source).startswith("https://")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("risk list", "I can only take text here, so this was not kept: gate.jpg. Put it where"),
        ("risk add Gate; likelihood 1; impact 1", "could not be kept"),
    ],
)
async def test_what_is_not_kept_is_said(house: House, slack: FakeSlack, text: str, said: str) -> None:
    house.door.people.identity = replace(house.door.people.known, workspace="")
    await says(house, slack, text, "gate.jpg")
    assert said in slack.direct_messages("sam")[-1].shown


async def test_a_private_channel_is_called_by_its_name_where_slack_tells_it(house: House, slack: FakeSlack) -> None:
    secret = slack.add_channel("budget-2027", private=True)
    for number, scopes in enumerate((slack.scopes - {"groups:read"}, slack.scopes)):
        slack.scopes = scopes
        await says(house, slack, f"risk add Leak {number} told in <#{secret}|>; likelihood 1; impact 1")
    risks = house.database.read(lambda store: [store.risk.records.find(ref) for ref in ("R-1", "R-2")])
    assert [risk.title for risk in risks if risk] == ["Leak 0 told in a private channel", "Leak 1 told in #budget-2027"]
    slack.refusals.clear()
