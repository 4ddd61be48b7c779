"""The fake Slack itself: it refuses what Slack refuses, fails as told, and remembers who saw what."""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import ClientError, web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.wires.slack import BOT_USER, FakeSlack, SlackReply

START = 1_700_000_000.0


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> float:
        return self.time


class Bot:
    """A bot that keeps what it is sent and answers what the test says."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[Any] = []
        self.answer: Any = None
        self.status = 200
        self.url = ""

    async def hear(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.headers.append(request.headers)
        if self.answer is None or self.status != 200:
            return web.Response(status=self.status)
        return web.json_response(self.answer)

    @property
    def form(self) -> dict[str, str]:
        return {key: value[0] for key, value in parse_qs(self.bodies[-1].decode()).items()}

    @property
    def payload(self) -> dict[str, Any]:
        return dict(json.loads(self.form["payload"]))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[FakeSlack]:
    slack = FakeSlack(now=clock)
    slack.add_user("maria", "maria@riverton.example.org")
    slack.add_user("sam", "sam@riverton.example.org")
    slack.add_channel("risks", ["maria", "sam"])
    await slack.start()
    yield slack
    await slack.stop()


@pytest.fixture
async def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient("xoxb-test", base_url=slack.api_url, retry_handlers=[], timeout=1)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    bot = Bot()
    app = web.Application()
    app.router.add_post("/slack/events", bot.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = "http://{}:{}".format(*runner.addresses[0][:2])
    yield bot
    await runner.cleanup()


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(label: str, action_id: str = "ack", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), "action_id": action_id, **more}


def asking(label: str, kind: str, **more: Any) -> dict[str, Any]:
    element = {"type": kind, "action_id": "a", **more}
    return {
        "type": "input",
        "block_id": label.lower(),
        "label": plain(label),
        "element": element,
        "optional": True,
    }


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": plain("New risk"),
        "submit": plain("Log"),
        "blocks": list(blocks),
        **more,
    }


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def open_form(slack: FakeSlack, client: AsyncWebClient, view: dict[str, Any], user: str = "sam") -> None:
    await client.views_open(trigger_id=slack.new_trigger(slack.user(user).id), view=view)


async def test_a_post_is_seen_by_the_members_and_kept_in_order(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.add_user("tom", "tom@riverton.example.org")
    risks = slack.channel("risks").id
    first = await client.chat_postMessage(channel=risks, text="one")
    await client.chat_postMessage(channel=risks, text="two", blocks=[section("two")])
    await client.chat_update(channel=risks, ts=first["ts"], text="one, mended")
    assert [one.text for one in slack.messages("risks")] == ["one, mended", "two"]
    assert [one.text for one in slack.messages("risks")[0].edits] == ["one"]
    assert [one.shown for one in slack.seen_by("sam")] == ["one, mended", "two"]
    assert slack.seen_by("tom") == []
    await client.chat_delete(channel=risks, ts=first["ts"])
    assert [one.text for one in slack.messages("risks")] == ["two"]
    assert len(slack.posts) == 2
    assert slack.refusals == []


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"channel": "C404", "text": "x"}, "channel_not_found"),
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"blocks": [section("x" * 3001)], "text": "x"}, "invalid_blocks"),
        ({"blocks": [section("")], "text": "x"}, "invalid_blocks"),
        ({"blocks": [section("x", block_id="b"), section("y", block_id="b")], "text": "x"}, "invalid_blocks"),
        ({"blocks": [{"type": "divider"}] * 51, "text": "x"}, "invalid_blocks"),
        ({"blocks": [section("x" * 3000)] * 5, "text": "x"}, "msg_blocks_too_long"),
        ({"blocks": [{"type": "divider", "colour": "red"}], "text": "x"}, "invalid_blocks"),
        ({"blocks": [{"type": "banner"}], "text": "x"}, "invalid_blocks"),
        ({"blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]}, "invalid_blocks"),
        ({"blocks": [section("x", accessory=button("x" * 76))]}, "invalid_blocks"),
        ({"blocks": [{"type": "actions", "elements": [button("a"), button("b")]}]}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "fields": [plain("x" * 2001)]}]}, "invalid_blocks"),
        ({"blocks": [{"type": "context", "elements": [plain("x")] * 11}]}, "invalid_blocks"),
        ({"blocks": [asking("Title", "plain_text_input")]}, "invalid_blocks"),
        ({"blocks": [{"type": "image", "alt_text": "x"}]}, "invalid_blocks"),
        (
            {"blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2},
            "invalid_blocks",
        ),
        ({"text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"text": "x", "thread_ts": "1.2"}, "invalid_thread_ts"),
    ],
)
async def test_a_post_that_breaks_a_rule_is_refused(
    slack: FakeSlack, client: AsyncWebClient, said: dict[str, Any], error: str
) -> None:
    assert await refused(client.chat_postMessage(**{"channel": slack.channel("risks").id, **said})) == error
    assert [one.error for one in slack.refusals] == [error]
    assert slack.timeline == slack.posts == []


async def test_a_refusal_of_blocks_says_where(slack: FakeSlack, client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=slack.channel("risks").id, text="x", blocks=[section("x" * 3001)])
    [message] = caught.value.response["response_metadata"]["messages"]
    assert message == "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"


async def test_every_kind_of_block_that_slack_knows_is_taken(slack: FakeSlack, client: AsyncWebClient) -> None:
    options = [{"text": plain("High"), "value": "5"}, {"text": plain("Low"), "value": "1"}]
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x", "style": {"bold": True}}]}
    menu = {"type": "static_select", "action_id": "pick", "options": options, "initial_option": options[0]}
    overflow = {"type": "overflow", "action_id": "more", "options": options}
    confirm = {key: plain("Sure?") for key in ("title", "text", "confirm", "deny")}
    blocks = [
        {"type": "header", "text": plain("R-1")},
        section("x", accessory=button("Take it", confirm=confirm, style="danger", value="R-1")),
        section("y", accessory=overflow),
        {"type": "actions", "elements": [button("Done", "done"), menu]},
        {
            "type": "context",
            "elements": [plain("x"), {"type": "image", "image_url": "https://x", "alt_text": "x"}],
        },
        {"type": "image", "image_url": "https://x/y.png", "alt_text": "a map", "title": plain("Map")},
        {
            "type": "rich_text",
            "elements": [line, {"type": "rich_text_list", "style": "bullet", "elements": [line]}],
        },
        {
            "type": "table",
            "rows": [[{"type": "raw_text", "text": "x"}]],
            "column_settings": [{"align": "right"}],
        },
        {"type": "markdown", "text": "# x"},
        {"type": "divider"},
    ]
    await client.chat_postMessage(channel=slack.channel("risks").id, text="R-1", blocks=blocks)
    assert slack.messages("risks")[0].labels == ["Take it", "Done"]


async def test_updates_have_rules_of_their_own(slack: FakeSlack, client: AsyncWebClient, bot: Bot) -> None:
    risks = slack.channel("risks").id
    posted = await client.chat_postMessage(channel=risks, text="x", blocks=[section("x")], metadata=key("k1"))
    assert await refused(client.chat_update(channel=risks, ts=posted["ts"], text="x" * 4001)) == "msg_too_long"
    assert await refused(client.chat_update(channel=risks, ts="1.000001", text="x")) == "message_not_found"
    await slack.person("sam", bot.url).mention("hello", channel="risks")
    theirs = slack.messages("risks")[-1]
    assert await refused(client.chat_update(channel=risks, ts=theirs.ts, text="x")) == "cant_update_message"
    await client.chat_update(channel=risks, ts=posted["ts"], text="y")
    [message, _] = slack.messages("risks")
    assert (message.text, message.shown, message.metadata) == ("y", "x", key("k1"))


async def test_channels_keep_their_doors(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.scopes -= {"chat:write.public"}
    hall = slack.add_channel("hall", ["sam"], bot=False)
    vault = slack.add_channel("vault", ["sam"], bot=False, private=True)
    assert await refused(client.chat_postMessage(channel=hall, text="x")) == "not_in_channel"
    assert await refused(client.chat_postMessage(channel=vault, text="x")) == "channel_not_found"
    await client.conversations_join(channel=hall)
    await client.chat_postMessage(channel=hall, text="x")
    slack.channel("hall").archived = True
    assert await refused(client.chat_postMessage(channel=hall, text="x")) == "is_archived"


async def test_tokens_scopes_and_methods_are_checked(slack: FakeSlack, client: AsyncWebClient) -> None:
    wrong = AsyncWebClient("xoxb-wrong", base_url=slack.api_url, retry_handlers=[])
    assert await refused(wrong.auth_test()) == "invalid_auth"
    assert await refused(client.api_call("chat.shout")) == "unknown_method"
    assert (await client.auth_test())["user_id"] == BOT_USER
    slack.scopes = frozenset({"users:read"})
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="risks", text="x")
    assert caught.value.response["error"] == "missing_scope"
    assert (caught.value.response["needed"], caught.value.response["provided"]) == (
        "chat:write",
        "users:read",
    )
    sam = slack.user("sam").id
    assert "email" not in (await client.users_info(user=sam))["user"]["profile"]


async def test_people_are_found_by_id_and_address(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.add_user("gone", "gone@riverton.example.org", deleted=True)
    found = await client.users_lookupByEmail(email="Sam@riverton.example.org")
    assert found["user"]["id"] == slack.user("sam").id
    assert await refused(client.users_lookupByEmail(email="gone@riverton.example.org")) == "users_not_found"
    assert await refused(client.users_info(user="U404")) == "user_not_found"
    assert await refused(client.conversations_open(users=slack.user("gone").id)) == "user_disabled"
    first = await client.users_list(limit=2)
    rest = await client.users_list(limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert [one["name"] for one in first["members"] + rest["members"]] == ["cityops", "maria", "sam", "gone"]


async def test_a_crisis_room_is_made_filled_and_pinned(slack: FakeSlack, client: AsyncWebClient) -> None:
    assert await refused(client.conversations_create(name="Crisis Room")) == "invalid_name_specials"
    assert await refused(client.conversations_create(name="risks")) == "name_taken"
    room = (await client.conversations_create(name="cr-2026-01"))["channel"]["id"]
    sam = slack.user("sam").id
    assert await refused(client.conversations_invite(channel=room, users=f"{sam},U404")) == "user_not_found"
    await client.conversations_invite(channel=room, users=f"{sam},U404", force=True)
    assert await refused(client.conversations_invite(channel=room, users=sam)) == "already_in_channel"
    assert (await client.conversations_members(channel=room))["members"] == [BOT_USER, sam]
    await client.conversations_setTopic(channel=room, topic="Flood")
    assert await refused(client.conversations_setTopic(channel=room, topic="x" * 251)) == "too_long"
    posted = await client.chat_postMessage(channel=room, text="x")
    await client.pins_add(channel=room, timestamp=posted["ts"])
    assert slack.channel(room).pins == [posted["ts"]]
    assert [one["name"] for one in (await client.conversations_list())["channels"]] == ["risks", "cr-2026-01"]


def key(value: str) -> dict[str, Any]:
    return {"event_type": "cityops", "event_payload": {"key": value}}


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
    assert ["metadata" in one for one in bare["messages"]] == [False]
    assert [one["metadata"]["event_payload"]["key"] for one in full["messages"]] == ["k1"]
    thread = await client.conversations_replies(channel=dm, ts=parent["ts"], include_all_metadata=True)
    assert [one["metadata"]["event_payload"]["key"] for one in thread["messages"]] == ["k1", "k2"]
    slack.scopes -= {"im:history"}
    assert await refused(client.conversations_history(channel=dm)) == "missing_scope"


async def test_ephemerals_are_seen_by_one_and_cannot_be_read_back(slack: FakeSlack, client: AsyncWebClient) -> None:
    risks, sam = slack.channel("risks").id, slack.user("sam").id
    posted = await client.chat_postEphemeral(channel=risks, user=sam, text="psst")
    assert [one.text for one in slack.seen_by("sam")] == ["psst"]
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
    assert [one.text for one in slack.seen_by("sam")] == ["Logged R-1"]
    assert slack.seen_by("maria") == []
    bot.answer = {"response_type": "in_channel", "text": "All see this"}
    await slack.person("sam", bot.url).slash("/risk", "list", channel="risks")
    assert [(one.text, one.typed) for one in slack.seen_by("maria")] == [("All see this", "/risk list")]
    assert slack.refusals == []


async def test_a_bad_ack_is_refused_and_shown_to_nobody(slack: FakeSlack, bot: Bot) -> None:
    sam = slack.person("sam", bot.url)
    bot.answer = {"response_type": "ephemeral", "blocks": [section("")]}
    await sam.slash("/risk", "list")
    bot.status = 500
    await sam.slash("/risk", "list")
    assert [one.error for one in slack.refusals] == ["invalid_blocks", "dispatch_failed"]
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
    levels = [{"text": plain(f"Level {one}"), "value": str(one)} for one in (1, 2, 3)]
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
    assert [one.error for one in slack.refusals] == ["invalid_arguments"]
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
