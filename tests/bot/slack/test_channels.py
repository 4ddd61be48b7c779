"""Channels for places, and the files of a card: what the Slack messenger makes of them."""

from dataclasses import replace
from typing import Any

import pytest

from bot.post import Failed, Gone, Outgoing, Refused, Sent, Silence, Wait
from bot.slack.channels import channel_name
from bot.slack.messenger import SlackMessenger
from handlers.kit.messages import Button, Card, File, Fold, Picture
from tests.bot.slack.test_messenger import answer, row
from tests.wires.slack import BOT_USER, FakeSlack


def make(slack: FakeSlack, **more: Any) -> Outgoing:
    payload = {"name": "Crisis CR-2026-01: Dam!", "invite": ["sam", "tom", "rosa"], **more}
    payload.setdefault("emails", {"tom": "tom@riverton.example.org", "rosa": "rosa@riverton.example.org"})
    return row(
        slack, kind="make_place", card=None, channel=None, payload=payload, handles={"sam": slack.user("sam").id}
    )


async def test_a_place_becomes_a_channel_with_its_people(slack: FakeSlack, messenger: SlackMessenger) -> None:
    made = make(slack)
    sent = await messenger.act(made)
    channel = slack.channel("crisis-cr-2026-01-dam")
    assert sent == Sent(channel.id)
    assert channel.members == [BOT_USER]
    assert await messenger.act(replace(made, kind="invite", channel=channel.id)) == sent
    assert channel.members == [BOT_USER, slack.user("sam").id, slack.user("tom").id]


async def test_whoever_comes_later_is_let_in_and_may_be_in_already(slack: FakeSlack, messenger: SlackMessenger) -> None:
    made = await messenger.act(make(slack, invite=["sam"]))
    assert isinstance(made, Sent)
    later = replace(make(slack, invite=["tom"]), kind="invite", channel=made.channel)
    assert [await messenger.act(later) for _ in range(2)] == [Sent(made.channel)] * 2
    assert slack.user("tom").id in slack.channel("crisis-cr-2026-01-dam").members
    assert await messenger.look_back(later) == Gone()


async def test_its_topic_is_set_as_far_as_it_fits(slack: FakeSlack, messenger: SlackMessenger) -> None:
    await messenger.act(make(slack, topic="Level 2: " + "water " * 50))
    topic = slack.channel("crisis-cr-2026-01-dam").topic
    assert topic.startswith("Level 2: water")
    assert topic.endswith("\u2026")
    assert 240 < len(topic) <= 250
    assert slack.refusals == []


async def test_a_channel_without_its_topic_serves_as_well(slack: FakeSlack, messenger: SlackMessenger) -> None:
    slack.fail("conversations.setTopic", how="restricted_action")
    assert isinstance(await messenger.act(make(slack, topic="Level 2")), Sent)
    assert slack.channel("crisis-cr-2026-01-dam").topic == ""


async def test_a_taken_name_gets_a_number(slack: FakeSlack, messenger: SlackMessenger) -> None:
    slack.add_channel("crisis-cr-2026-01-dam", bot=False)
    slack.add_channel("crisis-cr-2026-01-dam-2", bot=False)
    assert await messenger.act(make(slack)) == Sent(slack.channel("crisis-cr-2026-01-dam-3").id)


@pytest.mark.parametrize("how", ["lost_reply", "500_after"])
async def test_a_channel_of_which_nobody_knows_is_found_and_made_once(
    slack: FakeSlack, messenger: SlackMessenger, how: str
) -> None:
    slack.fail("conversations.create", how=how)
    assert isinstance(await messenger.act(make(slack)), Silence)
    channel = slack.channel("crisis-cr-2026-01-dam")
    assert await messenger.look_back(make(slack)) == Sent(channel.id)
    assert await messenger.act(make(slack)) == Sent(channel.id)


async def test_a_look_for_a_channel_that_fails_is_no_answer(slack: FakeSlack, messenger: SlackMessenger) -> None:
    slack.fail("conversations.list", how="500")
    assert isinstance(await messenger.look_back(make(slack)), Wait)
    assert await messenger.look_back(make(slack)) == Gone()


@pytest.mark.parametrize("how", ["lost_reply", "500_after"])
@pytest.mark.parametrize("method", ["conversations.invite", "users.lookupByEmail"])
async def test_people_who_may_be_in_already_are_simply_invited_again(
    slack: FakeSlack, messenger: SlackMessenger, method: str, how: str
) -> None:
    made = make(slack)
    there = await messenger.act(made)
    assert isinstance(there, Sent)
    invitation = replace(made, kind="invite", channel=there.channel)
    slack.fail(method, how=how, times=2 if method == "users.lookupByEmail" else 1)
    assert isinstance(await messenger.act(invitation), Failed)
    slack.fix()
    assert await messenger.act(invitation) == there
    assert slack.channel("crisis-cr-2026-01-dam").members.count(slack.user("tom").id) == 1


async def test_a_channel_that_was_never_made_is_gone(slack: FakeSlack, messenger: SlackMessenger) -> None:
    assert await messenger.look_back(make(slack)) == Gone()


async def test_a_city_that_forbids_new_channels_is_a_refusal(slack: FakeSlack, messenger: SlackMessenger) -> None:
    slack.fail("conversations.create", how="restricted_action")
    assert isinstance(await messenger.act(make(slack)), Refused)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("CR-2026-01 Dam!", "cr-2026-01-dam"),
        ("  ", "place"),
        ("x" * 99, "x" * 80),
        ("Hochwasser Süd", "hochwasser-süd"),
    ],
)
def test_a_name_fits_slack(words: str, name: str) -> None:
    assert channel_name(words) == name


FILES = Card("Report", Picture(data=b"\x89PNG", alt="Eleven risks"), File(name="risks.csv", data=b"a,b"))


async def test_a_picture_stands_in_its_message_and_a_file_in_the_thread(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    sent = await messenger.post(row(slack, card=FILES))
    assert isinstance(sent, Sent)
    message, beside = slack.posts
    [image] = [block for block in message.blocks if block["type"] == "image"]
    shown = slack.files[image["slack_file"]["id"]]
    assert (shown["content"], shown["alt_txt"], image["alt_text"]) == (b"\x89PNG", "Eleven risks", "Eleven risks")
    assert "Picture: Eleven risks" in message.text
    assert ([file["content"] for file in beside.files], beside.thread_ts) == ([b"a,b"], sent.remote_id)
    assert slack.refusals == []


async def test_a_picture_that_slack_reads_slowly_is_waited_for(slack: FakeSlack, messenger: SlackMessenger) -> None:
    slack.reads_slowly, messenger.client.pauses = 2, (0.0, 0.0)
    assert isinstance(await messenger.post(row(slack, card=FILES)), Sent)
    message, _ = slack.posts
    assert "image" in [block["type"] for block in message.blocks]


async def test_a_picture_that_slack_does_not_show_stands_beside_its_message(
    slack: FakeSlack, messenger: SlackMessenger, caplog: pytest.LogCaptureFixture
) -> None:
    slack.reads_slowly, messenger.client.pauses = 9, (0.0, 0.0)
    assert isinstance(await messenger.post(row(slack, card=FILES)), Sent)
    message, beside = slack.posts
    assert "Picture: Eleven risks" in message.shown
    assert [file["content"] for file in beside.files] == [b"\x89PNG", b"a,b"]
    assert [record.message for record in caplog.records] == ["Slack does not take our blocks"]


async def test_a_picture_that_is_folded_away_stands_beside_its_message(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    picture = Picture(data=b"\x89PNG", alt="Eleven risks")
    folded = Card("Report", Fold("By week", picture, button=Button("By week", "risk.week")))
    assert isinstance(await messenger.post(row(slack, card=folded)), Sent)
    message, beside = slack.posts
    assert "image" not in [block["type"] for block in message.blocks]
    assert [file["content"] for file in beside.files] == [b"\x89PNG"]


async def test_where_no_picture_can_be_kept_it_stands_beside_its_message(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.fail("files.completeUploadExternal", how="file_not_found")
    assert isinstance(await messenger.post(row(slack, card=FILES)), Sent)
    message, beside = slack.posts
    assert "Picture: Eleven risks" in message.shown
    assert [file["content"] for file in beside.files] == [b"\x89PNG", b"a,b"]


async def test_pictures_and_files_of_a_reply_stand_in_its_thread(slack: FakeSlack, messenger: SlackMessenger) -> None:
    said = slack.put(slack.channel("risks").id, slack.user("sam").id, text="hello")
    assert isinstance(await messenger.post(row(slack, card=FILES, payload={"thread_ts": said.ts})), Sent)
    assert [post.thread_ts for post in slack.posts] == [said.ts, said.ts]
    assert slack.refusals == []


async def test_files_for_one_person_never_stand_in_the_channel(slack: FakeSlack, messenger: SlackMessenger) -> None:
    await messenger.act(replace(answer(slack), card=FILES))
    assert [message.files for message in slack.messages("risks") if message.files] == []
    assert len(slack.direct_messages("sam")[0].files) == 2


async def test_a_card_whose_files_slack_does_not_take_goes_out_and_says_so(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.fail("files.getUploadURLExternal", how="file_uploads_disabled")
    assert isinstance(await messenger.post(row(slack, card=FILES)), Sent)
    assert "Slack did not take the files. Please tell IT: file_uploads_disabled." in slack.posts[0].shown


async def test_making_a_channel_and_showing_files_breaks_no_rule(slack: FakeSlack, messenger: SlackMessenger) -> None:
    await messenger.act(make(slack))
    await messenger.post(row(slack, card=FILES))
    assert slack.refusals == []
