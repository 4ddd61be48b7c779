"""The Slack door: what is heard, and where the answer appears."""

import asyncio
import json
import logging
import sqlite3

import pytest

from handlers.kit.context import Request
from handlers.kit.declared import Command
from handlers.kit.forms import Form, ask
from handlers.kit.messages import Button, Buttons, Card, File
from tests.bot.slack.conftest import House
from tests.wires.slack import BOT_USER, FakeSlack


async def test_guests_and_bots_are_refused_politely(house: House, slack: FakeSlack) -> None:
    slack.add_user("gus", "gus@riverton.example.org", is_restricted=True)
    reply = await house.person("gus").slash("/risk", "list")
    assert reply.message is not None
    assert "Guests cannot use me" in reply.message.shown
    assert slack.refusals == []


async def test_slack_not_answering_who_somebody_is_says_so(house: House, slack: FakeSlack) -> None:
    slack.fail("users.info", how="500")
    reply = await house.person("sam").slash("/risk", "list")
    assert reply.message is not None
    assert "could not look you up" in reply.message.shown
    assert "list" in reply.message.shown


async def test_the_answer_to_a_slash_command_comes_with_its_ack(house: House, slack: FakeSlack) -> None:
    reply = await house.person("sam").slash("/risk", "add Dam gate stuck; likelihood 2; impact 3")
    assert reply.message is not None
    assert reply.message.ephemeral_to == slack.user("sam").id
    assert "Logged R-1" in reply.message.shown
    assert "Dam gate stuck" in reply.message.text
    assert slack.refusals == []


async def test_a_command_delivered_twice_has_one_effect_and_one_answer(house: House, slack: FakeSlack) -> None:
    first = await house.person("sam").slash("/risk", "add Dam gate stuck; likelihood 2; impact 3")
    second = await slack.redeliver(first)
    assert second.body == first.body
    assert "R-2" not in json.dumps((await house.person("sam").slash("/risk", "list")).body)


async def test_a_prefix_of_the_city_is_taken_off(house: House, slack: FakeSlack) -> None:
    city = house.runtime.city()
    facts = city.facts.model_copy(update={"slack": city.facts.slack.model_copy(update={"prefix": "rv-"})})
    object.__setattr__(city, "facts", facts)
    reply = await house.person("sam").slash("/rv-risk", "add Dam gate stuck; likelihood 2; impact 3")
    assert reply.message is not None
    assert "Logged R-1" in reply.message.shown


async def test_what_people_type_is_kept_as_they_typed_it(house: House, slack: FakeSlack) -> None:
    typed = "add <b> & <!channel> https://example.org/?a=1&b=2 *bold*; likelihood 2; impact 3; owner @olga"
    await house.person("olga").slash("/risk", "list")
    reply = await house.person("sam").slash("/risk", typed)
    assert reply.message is not None
    assert "<b> & <!channel> https://example.org/?a=1&b=2 *bold*" in reply.message.shown
    assert "<!channel>" not in reply.message.text
    assert {"type": "user", "user_id": slack.user("olga").id} in _elements(reply.message.blocks)


def _elements(value: object) -> list[object]:
    if isinstance(value, list):
        return [part for item in value for part in _elements(item)]
    return [value, *(part for item in value.values() for part in _elements(item))] if isinstance(value, dict) else []


async def test_missing_answers_open_the_form_with_the_rest_filled_in(house: House, slack: FakeSlack) -> None:
    sam = house.person("sam")
    reply = await sam.slash("/risk", "add Dam gate stuck; likelihood 4; review friday")
    assert (reply.status, reply.body) == (200, None)
    assert sam.view is not None
    await sam.submit(values={"impact": "5"})
    assert sam.view.title == "Logged R-1"
    assert "Dam gate stuck" in sam.view.shown
    assert slack.refusals == []


async def test_a_wrong_answer_is_shown_beside_its_field(house: House, slack: FakeSlack) -> None:
    sam = house.person("sam")
    await sam.slash("/risk", "add Dam gate stuck; review someday")
    assert sam.view is not None
    await sam.submit(values={"likelihood": "2", "impact": "5"})
    assert "someday" in sam.view.errors["review_on"]
    await sam.submit(values={"review_on": "friday"})
    assert "Logged R-1" in sam.view.shown


async def test_a_form_sent_twice_is_one_record(house: House, slack: FakeSlack) -> None:
    sam = house.person("sam")
    await sam.slash("/risk", "add Dam gate stuck; likelihood 4")
    sent = await sam.submit(values={"impact": "5"})
    again = await slack.redeliver(sent)
    assert again.body == sent.body


@pytest.mark.parametrize("error", ["expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "drop"])
async def test_a_form_that_does_not_open_hands_the_text_back(house: House, slack: FakeSlack, error: str) -> None:
    slack.fail("views.open", how=error)
    reply = await house.person("sam").slash("/risk", "add Dam gate stuck")
    assert reply.message is not None
    assert "could not be opened in time" in reply.message.shown
    assert "add Dam gate stuck" in reply.message.shown


async def test_a_mention_is_answered_where_it_was_said(house: House, slack: FakeSlack) -> None:
    sam = house.person("sam")
    await sam.mention("risk add Dam gate stuck; likelihood 2; impact 3", channel="risks")
    await house.deliver()
    [answer] = [message for message in slack.messages("risks") if message.ephemeral_to]
    assert answer.ephemeral_to == sam.id
    assert "Logged R-1" in answer.shown


async def test_a_mention_delivered_again_is_answered_once(house: House, slack: FakeSlack) -> None:
    said = await house.person("sam").mention("risk add Dam gate stuck; likelihood 2; impact 3", channel="risks")
    await slack.redeliver(said)
    await house.deliver()
    assert len([post for post in slack.posts if post.ephemeral_to]) == 1


async def test_a_direct_message_without_all_answers_brings_a_button_that_opens_the_form(
    house: House, slack: FakeSlack
) -> None:
    sam = house.person("sam")
    await sam.direct("risk add Dam gate stuck")
    await house.deliver()
    [card] = [message for message in slack.direct_messages("sam") if message.user == BOT_USER]
    await sam.press(card, label="Fill in")
    assert sam.view is not None
    await sam.submit(values={"likelihood": "3", "impact": "3"})
    assert "Logged R-1" in sam.view.shown
    assert slack.refusals == []


async def test_a_button_on_a_message_is_answered_through_the_outbox(house: House, slack: FakeSlack) -> None:
    sam = house.person("sam")
    reply = await sam.slash("/risk", "add Dam gate stuck; likelihood 2; impact 3")
    assert reply.message is not None
    await sam.press(reply.message, label="Withdraw")
    await house.deliver()
    assert "R-1" in slack.posts[-1].shown
    assert slack.refusals == []


async def test_a_button_in_a_form_answers_in_the_form(house: House, slack: FakeSlack) -> None:
    sam = house.person("sam")
    await sam.slash("/risk", "add Dam gate stuck; likelihood 2")
    await sam.submit(values={"impact": "3"})
    assert sam.view is not None
    shown = sam.view.shown
    await sam.press_in_view(sam.view, label="Withdraw")
    await house.deliver()
    assert sam.view.shown != shown
    assert slack.posts == []


async def test_a_change_asked_for_in_a_form_opens_on_top_of_it(house: House, slack: FakeSlack) -> None:
    sam = house.person("sam")
    await sam.slash("/risk", "add Dam gate stuck; likelihood 2")
    await sam.submit(values={"impact": "3"})
    first = sam.view
    assert first is not None
    await sam.press_in_view(first, label="Change")
    assert sam.view is not None
    assert sam.view.previous == first.id
    assert slack.refusals == []


async def test_while_the_database_takes_nothing_an_event_is_asked_for_again(house: House, slack: FakeSlack) -> None:
    sam = house.person("sam")
    await sam.slash("/risk", "list")
    lock = sqlite3.connect(house.database.url.removeprefix("sqlite:///"))
    lock.execute("BEGIN IMMEDIATE")
    said = await sam.direct("risk add Dam gate stuck; likelihood 2; impact 3")
    assert said.status == 503
    last = await slack.redeliver(said, num=3)
    assert last.status == 200
    await house.door.afterwards.finish()
    assert "Nothing was saved" in slack.direct_messages("sam")[-1].shown
    assert "Dam gate stuck" in slack.direct_messages("sam")[-1].shown
    lock.rollback()
    lock.close()
    await slack.redeliver(said, num=2)
    await house.deliver()
    assert "Logged R-1" in slack.direct_messages("sam")[-1].shown


async def test_the_bot_does_not_answer_bots_nor_itself(house: House, slack: FakeSlack) -> None:
    slack.add_user("robot", "", is_bot=True)
    slack.channel("risks").members.append(slack.user("robot").id)
    await house.person("robot").mention("risk list", channel="risks")
    own = {"type": "message", "channel_type": "im", "user": BOT_USER, "text": "help", "channel": "D1", "ts": "1.1"}
    assert (await slack.event(house.url, own)).status == 200
    await house.deliver()
    assert slack.posts == []


async def test_everything_else_is_acknowledged(house: House, slack: FakeSlack) -> None:
    sam = house.person("sam")
    replies = [
        await sam.open_home(),
        await sam.shortcut("unknown"),
        await slack.event(house.url, {"type": "team_join", "user": {"id": "U5"}}),
        await slack.event(house.url, {"type": "message", "subtype": "message_changed", "channel": "D1"}),
    ]
    assert [reply.status for reply in replies] == [200] * 4


async def test_the_bots_own_log_says_as_much_as_before(house: House) -> None:
    for name in ("cityops", "cityops.slack"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    await house.person("sam").slash("/risk", "list")
    await house.person("sam").mention("risk list", channel="risks")
    assert logging.getLogger("cityops").level == logging.NOTSET
    assert logging.getLogger("cityops.slack").level == logging.NOTSET


async def test_slack_being_down_at_the_start_is_made_up_for(house: House, slack: FakeSlack) -> None:
    house.door.people.identity = None
    house.clock.pass_by(10)
    slack.fail("auth.test", how="drop")
    await house.door.start()
    assert not house.door.ready
    assert (await house.person("sam").slash("/risk", "list")).status == 503
    house.clock.pass_by(10)
    assert (await house.person("sam").slash("/risk", "list")).status == 200
    assert house.door.ready


async def test_many_at_once_wait_for_slack_to_say_who_we_are(house: House, slack: FakeSlack) -> None:
    house.door.people.identity = None
    house.clock.pass_by(10)
    replies = await asyncio.gather(*(house.person(name).slash("/risk", "list") for name in ("sam", "olga", "maria")))
    assert [reply.status for reply in replies] == [200] * 3


def _export(request: Request) -> Card:
    """Give a file, for these tests."""
    return Card("Export", File(name="risks.csv", data=b"a,b"))


class OneWeek(Form):
    week: str = ask("Which week?")


def _choose(request: Request, form: OneWeek) -> Card:
    """Choose a week, for these tests."""
    return Card("Chosen", Buttons(Button.say("Export", "toy export")))


async def test_a_file_asked_for_in_a_modal_comes_as_a_direct_message(
    house: House, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, function, form in (("export", _export, None), ("choose", _choose, OneWeek)):
        toy = Command(f"toy {name}", function, "help", form, True, "")
        monkeypatch.setitem(house.runtime.catalogue.commands, toy.name, toy)
    sam = house.person("sam")
    await sam.slash("/city", "toy choose", channel="risks")
    assert sam.view is not None
    await sam.submit(sam.view, {"week": "this one"})
    assert sam.view is not None
    await sam.press_in_view(sam.view, label="Export")
    await house.deliver()
    assert sam.view.title == "Export"
    assert "direct messages" in sam.view.shown
    assert [file["content"] for file in slack.direct_messages("sam")[0].files] == [b"a,b"]
    assert [message for message in slack.messages("risks") if message.files] == []
    assert slack.refusals == []


async def test_an_answer_with_a_file_brings_the_file(
    house: House, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = Command("toy export", _export, "help", None, True, "")
    monkeypatch.setitem(house.runtime.catalogue.commands, toy.name, toy)
    sam = house.person("sam")
    assert (await sam.slash("/city", "toy export", channel="risks")).body is None
    await house.deliver()
    [card] = slack.messages("risks")
    assert card.ephemeral_to == sam.id
    assert "direct messages" in card.shown
    assert slack.direct_messages("sam")[0].files[0]["content"] == b"a,b"
    assert slack.refusals == []
