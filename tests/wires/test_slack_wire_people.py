"""The fake Slack itself: faults, forms and people who act, and what becomes visible to whom."""

import json
from typing import Any

import pytest
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.wires.slack import BOT_USER, FakeSlack, SlackReply
from tests.wires.stage import Bot, Clock, asking, button, key, modal, open_form, plain, refused, section


async def test_metadata_is_read_back_only_on_request_and_with_the_scope(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    dm = (await client.conversations_open(users=slack.user("sam").id))["channel"]["id"]
    parent = await client.chat_postMessage(channel=dm, text="a", metadata=key("k1"))
    await client.chat_postMessage(channel=dm, text="b", metadata=key("k2"), thread_ts=parent["ts"])
    bare = await client.conversations_history(channel=dm)
    full = await client.conversations_history(
        channel=dm, include_all_metadata=True, oldest=parent["ts"], inclusive=True
    )
    assert ["metadata" in message for message in bare["messages"]] == [False]
    assert [message["metadata"]["event_payload"]["key"] for message in full["messages"]] == ["k1"]
    thread = await client.conversations_replies(channel=dm, ts=parent["ts"], include_all_metadata=True)
    assert [message["metadata"]["event_payload"]["key"] for message in thread["messages"]] == ["k1", "k2"]
    slack.scopes -= {"im:history"}
    assert await refused(client.conversations_history(channel=dm)) == "missing_scope"


async def test_ephemerals_are_seen_by_one_and_cannot_be_read_back(slack: FakeSlack, client: AsyncWebClient) -> None:
    risks, sam = slack.channel("risks").id, slack.user("sam").id
    posted = await client.chat_postEphemeral(channel=risks, user=sam, text="psst")
    assert [message.text for message in slack.seen_by("sam")] == ["psst"]
    assert slack.seen_by("maria") == []
    assert (await client.conversations_history(channel=risks))["messages"] == []
    assert await refused(client.chat_update(channel=risks, ts=posted["message_ts"], text="x")) == "message_not_found"


@pytest.mark.parametrize(
    ("how", "visible"), [("drop", 0), ("500", 0), ("lost_reply", 1), ("500_after", 1), ("hang", 1)]
)
async def test_a_fault_strikes_before_or_after_the_effect(
    slack: FakeSlack, client: AsyncWebClient, how: str, visible: int
) -> None:
    slack.fail("chat.postMessage", how=how)
    with pytest.raises((SlackApiError, ClientError, TimeoutError)):
        await client.chat_postMessage(channel="risks", text="x")
    assert len(slack.posts) == visible
    await client.chat_postMessage(channel="risks", text="x")
    assert len(slack.posts) == visible + 1


async def test_faults_name_errors_and_pick_their_calls(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fail("chat.postMessage", how="fatal_error", when=lambda args: args["text"] == "bad")
    slack.fail("users.info", how="429", retry_after=7)
    await client.chat_postMessage(channel="risks", text="good")
    assert await refused(client.chat_postMessage(channel="risks", text="bad")) == "fatal_error"
    with pytest.raises(SlackApiError) as caught:
        await client.users_info(user=slack.user("sam").id)
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "7")
    slack.down = True
    with pytest.raises(ClientError):
        await client.auth_test()
    assert slack.refusals == []


async def test_posts_into_one_channel_are_paced(slack: FakeSlack, client: AsyncWebClient, clock: Clock) -> None:
    for _ in range(5):
        await client.chat_postMessage(channel="risks", text="x")
    assert await refused(client.chat_postMessage(channel="risks", text="x")) == "ratelimited"
    await client.chat_postMessage(channel=slack.user("sam").id, text="x")
    clock.time += 1
    await client.chat_postMessage(channel="risks", text="x")
    slack.pace = False
    await client.chat_postMessage(channel="risks", text="x")
    assert len(slack.posts) == 8


async def test_a_trigger_opens_one_view_within_three_seconds(
    slack: FakeSlack, client: AsyncWebClient, clock: Clock
) -> None:
    trigger = slack.new_trigger(slack.user("sam").id)
    await client.views_open(trigger_id=trigger, view=modal(section("x")))
    assert await refused(client.views_open(trigger_id=trigger, view=modal(section("x")))) == "exchanged_trigger_id"
    late = slack.new_trigger(slack.user("sam").id)
    clock.time += 3.1
    assert await refused(client.views_open(trigger_id=late, view=modal(section("x")))) == "expired_trigger_id"
    assert await refused(client.views_open(trigger_id="1.2.x", view=modal(section("x")))) == "invalid_trigger_id"


@pytest.mark.parametrize(
    "view",
    [
        modal(section("x"), title=plain("x" * 25)),
        modal(section("x"), private_metadata="x" * 3001),
        modal(section("x"), callback_id="x" * 256),
        modal(section("x"), colour="red"),
        modal(*[{"type": "divider"}] * 101),
        modal({"type": "markdown", "text": "x"}),
        modal(asking("Level", "static_select", options=[])),
        modal(asking("Level", "radio_buttons", options=[{"text": plain("x"), "value": "x"}] * 11)),
        modal(asking("Level", "number_input")),
        modal(asking("Level", "plain_text_input", initial_option="x")),
        {"type": "modal", "title": plain("x"), "blocks": [asking("Title", "plain_text_input")]},
        {"type": "home", "blocks": [section("x")]},
    ],
)
async def test_a_view_that_breaks_a_rule_is_refused(
    slack: FakeSlack, client: AsyncWebClient, view: dict[str, Any]
) -> None:
    trigger = slack.new_trigger(slack.user("sam").id)
    assert await refused(client.views_open(trigger_id=trigger, view=view)) == "invalid_arguments"
    assert slack.modals == {}


async def test_views_are_stacked_updated_and_published(slack: FakeSlack, client: AsyncWebClient, bot: Bot) -> None:
    sam = slack.person("sam", bot.url)
    await open_form(slack, client, modal(section("one")))
    for _ in range(2):
        await client.views_push(trigger_id=slack.new_trigger(sam.id), view=modal(section("two")))
    full = client.views_push(trigger_id=slack.new_trigger(sam.id), view=modal(section("three")))
    assert await refused(full) == "push_limit_reached"
    assert sam.view is not None
    old = sam.view.hash
    await client.views_update(view_id=sam.view.id, hash=old, view=modal(section("mended")))
    assert sam.view.shown == "mended"
    again = client.views_update(view_id=sam.view.id, hash=old, view=modal(section("x")))
    assert await refused(again) == "hash_conflict"
    await client.views_publish(user_id=sam.id, view={"type": "home", "blocks": [section("Good morning")]})
    assert sam.home is not None
    assert sam.home.shown == "Good morning"
    await sam.open_home()
    assert json.loads(bot.bodies[-1])["event"]["view"]["type"] == "home"


async def test_a_file_goes_up_in_three_steps(slack: FakeSlack, client: AsyncWebClient) -> None:
    risks = slack.channel("risks").id
    await client.files_upload_v2(channel=risks, content="a;b", filename="r.csv", title="Risks", initial_comment="Here")
    [message] = slack.messages("risks")
    assert (message.text, message.files[0]["title"], message.files[0]["content"]) == ("Here", "Risks", b"a;b")
    lone = await client.files_getUploadURLExternal(filename="x", length=3)
    done = client.files_completeUploadExternal(files=[{"id": lone["file_id"]}], channel_id=risks)
    assert await refused(done) == "file_not_found"


async def test_a_slash_command_is_signed_and_its_ack_is_shown(slack: FakeSlack, bot: Bot) -> None:
    bot.answer = {"response_type": "ephemeral", "text": "Logged R-1"}
    reply = await slack.person("sam", bot.url).slash("/risk", "add Pump & valve; owner @maria", channel="risks")
    maria = slack.user("maria").id
    assert bot.form["text"] == f"add Pump &amp; valve; owner <@{maria}|maria>"
    assert bot.form["is_enterprise_install"] == "false"
    assert SignatureVerifier(slack.signing_secret).is_valid_request(bot.bodies[-1], dict(bot.headers[-1]))
    assert (reply.status, reply.message) == (200, slack.messages("risks")[0])
    assert [message.text for message in slack.seen_by("sam")] == ["Logged R-1"]
    assert slack.seen_by("maria") == []
    bot.answer = {"response_type": "in_channel", "text": "All see this"}
    await slack.person("sam", bot.url).slash("/risk", "list", channel="risks")
    assert [(message.text, message.typed) for message in slack.seen_by("maria")] == [("All see this", "/risk list")]
    assert slack.refusals == []


async def test_a_bad_ack_is_refused_and_shown_to_nobody(slack: FakeSlack, bot: Bot) -> None:
    sam = slack.person("sam", bot.url)
    bot.answer = {"response_type": "ephemeral", "blocks": [section("")]}
    await sam.slash("/risk", "list")
    bot.status = 500
    await sam.slash("/risk", "list")
    assert [refusal.error for refusal in slack.refusals] == ["invalid_blocks", "dispatch_failed"]
    assert slack.timeline == []


async def test_a_late_ack_has_no_effect(slack: FakeSlack) -> None:
    slack.ack_seconds = 0.05
    slack.fail("users.info", how="hang")  # anything that never answers will do
    reply = await slack.person("sam", slack.api_url + "users.info").slash("/risk", "list")
    assert (reply.late, reply.status) == (True, 0)
    assert slack.late_acks == ["/risk"]
    assert slack.timeline == []


async def test_a_mention_and_a_direct_message_arrive_as_events(slack: FakeSlack, bot: Bot) -> None:
    sam = slack.person("sam", bot.url)
    await sam.mention("risk add <b>", channel="risks")
    event = json.loads(bot.bodies[-1])
    assert event["event"]["text"] == f"<@{BOT_USER}> risk add &lt;b&gt;"
    assert event["authorizations"][0]["user_id"] == BOT_USER
    await sam.direct("mail ann@x.org")
    event = json.loads(bot.bodies[-1])
    assert event["event"]["channel_type"] == "im"
    assert event["event"]["text"] == "mail <mailto:ann@x.org|ann@x.org>"
    assert slack.last is not None
    await slack.redeliver(slack.last)
    assert bot.bodies[-1] == bot.bodies[-2]
    assert bot.headers[-1]["X-Slack-Retry-Num"] == "1"


async def test_a_button_is_pressed_in_a_message(slack: FakeSlack, client: AsyncWebClient, bot: Bot) -> None:
    rows = [section(ref, accessory=button("Take it", "take", value=ref)) for ref in ("R-1", "R-2")]
    await client.chat_postMessage(channel="risks", text="x", blocks=rows)
    [message] = slack.messages("risks")
    sam = slack.person("sam", bot.url)
    with pytest.raises(AssertionError, match="2 elements fit"):
        await sam.press(message, label="Take it")
    await sam.press(message, label="Take it", value="R-2")
    assert bot.payload["actions"][0]["value"] == "R-2"
    assert bot.payload["message"]["ts"] == bot.payload["container"]["message_ts"] == message.ts
    url = bot.payload["response_url"]
    said = {"text": "Sam took R-2", "blocks": [], "replace_original": True}
    for _ in range(5):
        await slack.session.post(url, json=said)
    assert (await slack.session.post(url, json=said)).status == 404
    assert slack.messages("risks")[0].shown == "Sam took R-2"
    await client.views_open(trigger_id=bot.payload["trigger_id"], view=modal(section("x")))
    assert sam.view is not None


async def fill_in(slack: FakeSlack, client: AsyncWebClient, bot: Bot, answer: Any, **values: Any) -> SlackReply:
    levels = [{"text": plain(f"Level {level}"), "value": str(level)} for level in (1, 2, 3)]
    await open_form(
        slack,
        client,
        modal(
            asking("Title", "plain_text_input", max_length=120) | {"optional": False},
            asking("Level", "static_select", options=levels, initial_option=levels[0]),
            asking("Owner", "users_select"),
            asking("When", "datepicker"),
            asking("Tags", "checkboxes", options=levels),
            asking("Cost", "number_input", is_decimal_allowed=False),
            section("x", block_id="note"),
        ),
    )
    bot.answer = answer
    return await slack.person("sam", bot.url).submit(values=values)


async def test_a_form_is_filled_in_and_closes(slack: FakeSlack, client: AsyncWebClient, bot: Bot) -> None:
    await fill_in(slack, client, bot, None, Title="Dam gate", level="3", Owner="maria", Cost=7)
    values = bot.payload["view"]["state"]["values"]
    assert values["title"]["a"] == {"type": "plain_text_input", "value": "Dam gate"}
    assert values["level"]["a"]["selected_option"]["value"] == "3"
    assert values["owner"]["a"]["selected_user"] == slack.user("maria").id
    assert values["when"]["a"]["selected_date"] is None
    assert values["tags"]["a"]["selected_options"] == []
    assert values["cost"]["a"]["value"] == "7"
    assert slack.person("sam", bot.url).view is None


async def test_a_form_keeps_what_was_typed_when_errors_come_back(
    slack: FakeSlack, client: AsyncWebClient, bot: Bot
) -> None:
    await fill_in(slack, client, bot, {"response_action": "errors", "errors": {"title": "Say more"}}, Title="Dam")
    sam = slack.person("sam", bot.url)
    assert sam.view is not None
    assert sam.view.errors == {"title": "Say more"}
    bot.answer = {"response_action": "update", "view": modal(section("Logged"))}
    await sam.submit(values={"Level": "Level 2"})
    values = bot.payload["view"]["state"]["values"]
    assert (values["title"]["a"]["value"], values["level"]["a"]["selected_option"]["value"]) == ("Dam", "2")
    assert sam.view.shown == "Logged"
    bot.answer = {"response_action": "push", "view": modal()}
    await sam.submit()
    assert [refusal.error for refusal in slack.refusals] == ["invalid_arguments"]
    bot.answer = {"response_action": "clear"}
    await sam.submit()
    assert sam.view is None


async def test_errors_must_stand_beside_an_input(slack: FakeSlack, client: AsyncWebClient, bot: Bot) -> None:
    with pytest.raises(AssertionError, match="not input blocks"):
        await fill_in(slack, client, bot, {"response_action": "errors", "errors": {"note": "x"}}, Title="Dam")


async def test_slacks_own_client_stops_an_empty_required_field(
    slack: FakeSlack, client: AsyncWebClient, bot: Bot
) -> None:
    with pytest.raises(AssertionError, match="Title: required"):
        await fill_in(slack, client, bot, None)
    await slack.person("sam", bot.url).submit(forged=True)
    assert bot.payload["type"] == "view_submission"


async def test_until_waits_for_what_the_bot_does(slack: FakeSlack, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="risks", text="x")
    await slack.until(lambda: slack.messages("risks"))
    with pytest.raises(AssertionError, match="nothing of the kind"):
        await slack.until(lambda: len(slack.posts) > 1, seconds=0.01)
