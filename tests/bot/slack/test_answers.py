"""Answers in Slack: sent once, by the first way that is still open, and seen only by the people they are for."""

from dataclasses import replace

import pytest

from bot.post import Sent, Silence, Wait
from bot.slack.messenger import SlackMessenger
from handlers.kit.messages import Card, File, Text
from tests.bot.slack.test_messenger import CARD, answer
from tests.wires.slack import FakeSlack


async def test_an_answer_goes_through_the_response_url(slack: FakeSlack, messenger: SlackMessenger) -> None:
    sam = slack.person("sam", "http://127.0.0.1:9")
    await sam.slash("/risk", "list", channel="risks")
    url = next(iter(slack.hooks))
    where = slack.api_url.replace("/api/", f"/actions/{url}")
    assert isinstance(await messenger.act(answer(slack, response_url=where)), Sent)
    assert (slack.posts[-1].via, slack.posts[-1].ephemeral_to) == ("response_url", sam.id)


async def test_an_answer_finds_another_way_when_the_response_url_is_used_up(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    gone = slack.api_url.replace("/api/", "/actions/gone")
    assert isinstance(await messenger.act(answer(slack, response_url=gone)), Sent)
    assert (slack.posts[-1].via, slack.posts[-1].ephemeral_to) == ("chat.postEphemeral", slack.user("sam").id)


async def test_an_answer_for_one_is_ephemeral_and_one_for_all_stands_in_the_thread(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    said = slack.put(slack.channel("risks").id, slack.user("sam").id, text="hello")
    await messenger.act(answer(slack, ts=said.ts))
    await messenger.act(replace(answer(slack, ts=said.ts), card=CARD.model_copy(update={"audience": "room"})))
    private, public = slack.posts
    assert (private.ephemeral_to, private.thread_ts) == (slack.user("sam").id, None)
    assert (public.ephemeral_to, public.thread_ts) == (None, said.ts)


async def test_the_line_for_the_others_stands_below_the_words_that_asked_and_a_rate_limit_puts_it_off(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    said = slack.put(slack.channel("risks").id, slack.user("sam").id, text="@cityops risk add Dam gate")
    traced = replace(answer(slack), card=Card("", Text("R-1 logged by Sam <!channel>."), audience="room"))
    traced = replace(traced, payload={"channel": slack.channel("risks").id, "thread_ts": said.ts, "trace": True})
    slack.fail("chat.postMessage", how="429")
    assert isinstance(await messenger.act(traced), Wait)
    assert slack.posts == []
    assert isinstance(await messenger.act(traced), Sent)
    [public] = slack.posts
    assert (public.ephemeral_to, public.thread_ts, public.shown) == (None, said.ts, "R-1 logged by Sam <!channel>.")
    assert public.text == "R-1 logged by Sam &lt;!channel&gt;."


async def test_a_line_that_a_channel_never_takes_is_given_up_without_a_word_to_who_asked(
    slack: FakeSlack, messenger: SlackMessenger, caplog: pytest.LogCaptureFixture
) -> None:
    slack.fail("chat.postMessage", how="restricted_action")
    where = {"channel": slack.channel("risks").id, "thread_ts": "1700000000.1", "trace": True}
    traced = replace(answer(slack), card=Card("", Text("R-1 logged by Sam Rivers."), audience="room"), payload=where)
    assert isinstance(await messenger.act(traced), Sent)
    assert slack.posts == []
    assert [record.message for record in caplog.records] == ["a thread was not told of its answer"]


async def test_an_answer_for_which_the_channel_is_closed_comes_directly(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.fail("chat.postEphemeral", how="user_not_in_channel")
    assert isinstance(await messenger.act(answer(slack)), Sent)
    assert slack.direct_messages("sam")[0].shown.startswith("R-1")


async def test_an_answer_that_only_one_sees_cannot_be_looked_for(slack: FakeSlack, messenger: SlackMessenger) -> None:
    assert isinstance(await messenger.look_back(answer(slack)), Silence)
    slack.fail("chat.postMessage", how="lost_reply")
    direct = answer(slack, channel=slack.dm(slack.user("sam").id).id)
    assert isinstance(await messenger.act(direct), Silence)
    assert isinstance(await messenger.look_back(direct), Sent)


async def test_an_answer_to_a_closed_form_comes_directly(slack: FakeSlack, messenger: SlackMessenger) -> None:
    assert isinstance(await messenger.act(answer(slack, channel=None, view_id="V1")), Sent)
    assert len(slack.direct_messages("sam")) == 1


@pytest.mark.parametrize("how", ["lost_reply", "500_after"])
async def test_an_answer_that_may_stand_there_already_is_not_simply_repeated(
    slack: FakeSlack, messenger: SlackMessenger, how: str
) -> None:
    for method in ("chat.postEphemeral", "response_url", "chat.postMessage"):
        slack.fail(method, how=how)
    sam = slack.person("sam", "http://127.0.0.1:9")
    await sam.slash("/risk", "list", channel="risks")
    where = slack.api_url.replace("/api/", f"/actions/{next(iter(slack.hooks))}")
    for asked in ({}, {"response_url": where}, {"channel": slack.dm(sam.id).id}):
        assert isinstance(await messenger.act(answer(slack, **asked)), Silence)
    assert len(slack.posts) == 3


async def test_an_answer_that_stands_there_is_not_repeated_because_its_files_have_no_place(
    slack: FakeSlack, messenger: SlackMessenger, caplog: pytest.LogCaptureFixture
) -> None:
    slack.fail("conversations.open", how="500", times=2)
    card = CARD.with_words(File(name="risks.csv", data=b"a,b"))
    assert isinstance(await messenger.act(replace(answer(slack), card=card)), Sent)
    assert len(slack.posts) == 1
    assert [record.message for record in caplog.records] == ["files were not shown"]
