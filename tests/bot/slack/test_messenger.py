"""The Slack messenger: what each answer and failure of Slack means for a row of the outbox."""

import socket
from dataclasses import replace
from typing import Any

import pytest

from bot.post import Failed, Gone, Outgoing, Refused, Sent, Silence, Wait
from bot.slack.client import Client
from bot.slack.messenger import SlackMessenger
from handlers.kit.messages import Button, Buttons, Card, File, Text
from tests.bot.house import MONDAY
from tests.wires.slack import FakeSlack

CARD = Card("R-1 Dam gate stuck", Text("Score 20"))


def row(slack: FakeSlack, **more: Any) -> Outgoing:
    known: dict[str, Any] = {
        "key": "k1", "kind": "post", "card": CARD, "payload": {}, "channel": slack.channel("risks").id,
        "since": MONDAY.timestamp(),
    }  # fmt: skip
    return Outgoing(**{**known, **more})


def answer(slack: FakeSlack, **payload: Any) -> Outgoing:
    channel, user = slack.channel("risks").id, slack.user("sam").id
    return row(slack, kind="answer", channel=None, payload={"channel": channel, "user": user, **payload})


async def test_a_post_hangs_in_its_channel_with_our_key(slack: FakeSlack, messenger: SlackMessenger) -> None:
    sent = await messenger.post(row(slack))
    [post] = slack.posts
    assert sent == Sent(slack.channel("risks").id, post.ts)
    assert post.metadata == {"event_type": "cityops_outbox", "event_payload": {"key": "k1"}}


@pytest.mark.parametrize("how", ["lost_reply", "500_after"])
async def test_a_post_whose_answer_was_lost_is_found_and_not_repeated(
    slack: FakeSlack, messenger: SlackMessenger, how: str
) -> None:
    slack.fail("chat.postMessage", how=how)
    assert isinstance(await messenger.post(row(slack)), Silence)
    assert await messenger.look_back(row(slack)) == Sent(slack.channel("risks").id, slack.posts[0].ts)
    assert len(slack.posts) == 1


@pytest.mark.parametrize("how", ["drop", "500"])
async def test_a_post_that_never_arrived_is_gone(slack: FakeSlack, messenger: SlackMessenger, how: str) -> None:
    slack.fail("chat.postMessage", how=how)
    assert isinstance(await messenger.post(row(slack)), Silence)
    assert await messenger.look_back(row(slack)) == Gone()


async def test_a_post_without_an_answer_is_given_up_before_its_lease_ends(slack: FakeSlack) -> None:
    client = Client("xoxb-test", slack.api_url, seconds=0.2)
    slack.fail("chat.postMessage", how="hang")
    assert isinstance(await SlackMessenger(client).post(row(slack)), Silence)
    await client.close()


async def test_too_many_posts_wait_as_long_as_slack_says(slack: FakeSlack, messenger: SlackMessenger) -> None:
    slack.fail("chat.postMessage", how="429", retry_after=17)
    assert await messenger.post(row(slack)) == Wait("Slack asks to go slower", 17)
    assert slack.posts == []


async def test_where_nobody_listens_nothing_was_sent(slack: FakeSlack) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = Client("xoxb-test", f"http://127.0.0.1:{port}/api/")
    assert isinstance(await SlackMessenger(client).post(row(slack)), Wait)
    await client.close()


async def test_a_proxy_is_not_asked_about_this_machine(slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    client = Client("xoxb-test", slack.api_url)
    assert isinstance(await SlackMessenger(client).post(row(slack)), Sent)
    await client.close()


async def test_a_refused_token_keeps_the_queue_and_is_logged_once(
    slack: FakeSlack, messenger: SlackMessenger, caplog: pytest.LogCaptureFixture
) -> None:
    slack.fail("chat.postMessage", how="token_revoked", times=2)
    assert [await messenger.post(row(slack)) for _ in range(2)] == [
        Wait("Slack refuses the bot token (token_revoked)", 60, until_mended=True)
    ] * 2
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


@pytest.mark.parametrize(
    ("error", "told"),
    [("is_archived", "unarchive it"), ("channel_not_found", "/invite @cityops"), ("missing_scope", "OAuth"),
     ("restricted_action_read_only_channel", "settings forbid"), ("something_new", "something_new")],
)  # fmt: skip
async def test_a_refusal_says_what_an_admin_does(
    slack: FakeSlack, messenger: SlackMessenger, error: str, told: str
) -> None:
    slack.fail("chat.postMessage", how=error)
    result = await messenger.post(row(slack))
    assert isinstance(result, Refused)
    assert told in result.why


async def test_a_public_channel_is_joined(slack: FakeSlack, messenger: SlackMessenger) -> None:
    slack.fail("chat.postMessage", how="not_in_channel")
    assert isinstance(await messenger.post(row(slack)), Sent)


async def test_a_channel_that_cannot_be_joined_asks_for_an_invitation(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.fail("chat.postMessage", how="not_in_channel")
    slack.fail("conversations.join", how="missing_scope")
    result = await messenger.post(row(slack))
    assert isinstance(result, Refused)
    assert "/invite @cityops" in result.why


async def test_blocks_that_slack_does_not_take_become_plain_text_once(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.fail("chat.postMessage", how="invalid_blocks")
    assert isinstance(await messenger.post(row(slack)), Sent)
    assert (slack.posts[0].blocks, slack.posts[0].text) == ([], "R-1 Dam gate stuck\n\nScore 20")
    slack.fail("chat.postMessage", how="invalid_blocks", times=2)
    assert isinstance(await messenger.post(row(slack)), Refused)


async def test_a_direct_message_finds_the_person_by_their_address(slack: FakeSlack, messenger: SlackMessenger) -> None:
    sent = await messenger.post(row(slack, channel=None, email="sam@riverton.example.org"))
    sam = slack.user("sam").id
    assert sent == Sent(slack.dm(sam).id, slack.direct_messages("sam")[0].ts, sam)
    nobody = await messenger.post(row(slack, channel=None, email="nobody@riverton.example.org"))
    assert isinstance(nobody, Refused)
    assert "people.toml" in nobody.why


async def test_a_lost_direct_message_is_found_though_its_channel_is_not_known(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.fail("chat.postMessage", how="lost_reply")
    message = row(slack, channel=None, email="sam@riverton.example.org")
    await messenger.post(message)
    assert isinstance(await messenger.look_back(message), Sent)


@pytest.mark.parametrize("how", ["missing_scope", "not_in_channel"])
async def test_a_history_that_may_not_be_read_says_nothing_ever(
    slack: FakeSlack, messenger: SlackMessenger, how: str
) -> None:
    slack.fail("conversations.history", how=how)
    assert isinstance(await messenger.look_back(row(slack)), Silence)


@pytest.mark.parametrize("how", ["drop", "500", "429", "internal_error", "token_revoked"])
@pytest.mark.parametrize("method", ["conversations.history", "conversations.open", "users.lookupByEmail"])
async def test_a_look_that_fails_is_no_answer(
    slack: FakeSlack, messenger: SlackMessenger, method: str, how: str
) -> None:
    slack.fail(method, how=how, times=2)  # aiohttp reads once more by itself
    message = row(slack, channel=None, email="sam@riverton.example.org")
    assert isinstance(await messenger.look_back(message), Wait)
    slack.fix()
    assert await messenger.look_back(message) == Gone()


async def test_a_look_without_an_answer_is_none(slack: FakeSlack) -> None:
    client = Client("xoxb-test", slack.api_url, seconds=0.2)
    slack.fail("conversations.history", how="hang", times=2)
    assert isinstance(await SlackMessenger(client).look_back(row(slack)), Wait)
    await client.close()


async def test_what_slack_does_not_take_as_a_card_goes_as_all_of_its_words(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    long = Card("R-1 Dam gate stuck", Text("water " * 2_000), File(name="dam.csv", data=b"a,b"))
    sent = await messenger.post(row(slack, card=long, as_text=True))
    assert isinstance(sent, Sent)
    [post] = slack.posts
    assert post.blocks == []
    assert post.text.count("water") == 2_000
    assert "could not be attached" in post.text
    await messenger.update(row(slack, kind="update", remote_id=sent.remote_id, card=Card("Closed"), as_text=True))
    assert (post.blocks, post.text) == ([], "Closed")
    await messenger.act(replace(answer(slack), as_text=True))
    assert (slack.posts[-1].blocks, slack.posts[-1].text) == ([], "R-1 Dam gate stuck\n\nScore 20")


async def test_a_post_is_found_behind_many_others(slack: FakeSlack, messenger: SlackMessenger) -> None:
    await messenger.post(row(slack))
    for number in range(450):
        slack.put(slack.channel("risks").id, slack.user("sam").id, text=str(number))
    assert isinstance(await messenger.look_back(row(slack)), Sent)


async def test_an_update_keeps_the_key_of_its_post(slack: FakeSlack, messenger: SlackMessenger) -> None:
    sent = await messenger.post(row(slack))
    assert isinstance(sent, Sent)
    changed = row(slack, key="k2", kind="update", remote_id=sent.remote_id, card=Card("R-1 closed"))
    assert isinstance(await messenger.update(changed), Sent)
    assert slack.posts[0].shown == "R-1 closed"
    assert isinstance(await messenger.look_back(row(slack)), Sent)


@pytest.mark.parametrize("how", ["drop", "lost_reply", "500", "429"])
async def test_an_update_is_simply_tried_again(slack: FakeSlack, messenger: SlackMessenger, how: str) -> None:
    slack.fail("chat.update", how=how)
    result = await messenger.update(row(slack, kind="update", remote_id="1.1"))
    assert isinstance(result, Wait if how == "429" else Failed)
    assert await messenger.look_back(row(slack, kind="update", remote_id="1.1")) == Gone()


async def test_a_deleted_message_is_known_to_be_gone(slack: FakeSlack, messenger: SlackMessenger) -> None:
    assert await messenger.update(row(slack, kind="update", remote_id="1.1")) == Gone()


async def test_a_message_is_pinned_once_however_often_it_is_tried(slack: FakeSlack, messenger: SlackMessenger) -> None:
    sent = await messenger.post(row(slack))
    assert isinstance(sent, Sent)
    pin = row(slack, kind="pin", card=None, remote_id=sent.remote_id)
    assert await messenger.act(pin) == sent
    assert await messenger.act(pin) == sent
    assert slack.channel("risks").pins == [sent.remote_id]
    assert await messenger.look_back(pin) == Gone()


@pytest.mark.parametrize("how", ["too_many_pins", "not_pinnable", "message_not_found", "missing_scope"])
async def test_a_message_that_slack_does_not_pin_is_let_be(
    slack: FakeSlack, messenger: SlackMessenger, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.fail("pins.add", how=how)
    assert isinstance(await messenger.act(row(slack, kind="pin", card=None, remote_id="1.2")), Sent)
    assert [getattr(record, "code", None) for record in caplog.records] == [how]


@pytest.mark.parametrize("how", ["429", "500", "lost_reply"])
async def test_a_pin_that_may_not_hang_is_tried_again(slack: FakeSlack, messenger: SlackMessenger, how: str) -> None:
    sent = await messenger.post(row(slack))
    assert isinstance(sent, Sent)
    slack.fail("pins.add", how=how)
    pin = row(slack, kind="pin", card=None, remote_id=sent.remote_id)
    assert isinstance(await messenger.act(pin), Wait if how == "429" else Failed)
    assert await messenger.act(pin) == sent


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload"])
@pytest.mark.parametrize("how", ["drop", "lost_reply", "500", "500_after"])
async def test_a_message_whose_files_do_not_arrive_is_not_there_and_is_tried_again(
    slack: FakeSlack, messenger: SlackMessenger, method: str, how: str
) -> None:
    slack.fail(method, how=how, times=2 if how == "drop" else 1)
    message = row(slack, card=CARD.with_words(File(name="risks.csv", data=b"a,b")))
    assert isinstance(await messenger.post(message), Failed)
    assert slack.posts == []
    slack.fix()
    assert isinstance(await messenger.post(message), Sent)


async def test_an_act_that_slack_does_not_know_is_refused(slack: FakeSlack, messenger: SlackMessenger) -> None:
    assert isinstance(await messenger.act(row(slack, kind="juggle")), Refused)


async def test_nothing_of_all_this_breaks_a_rule_of_slack(slack: FakeSlack, messenger: SlackMessenger) -> None:
    card = Card("R-1", Text("x" * 9_000), Buttons(Button("Open", "risk.show", "R-1", confirm="Sure?")))
    await messenger.post(row(slack, card=card, again=True))
    await messenger.act(replace(answer(slack), card=card))
    assert slack.refusals == []
