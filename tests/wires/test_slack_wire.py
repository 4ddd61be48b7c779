"""The fake Slack itself: it refuses what Slack refuses, and remembers who saw what."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.wires.slack import BOT_USER, FakeSlack
from tests.wires.stage import Bot, asking, button, key, plain, refused, section


async def test_a_post_is_seen_by_the_members_and_kept_in_order(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.add_user("tom", "tom@riverton.example.org")
    risks = slack.channel("risks").id
    first = await client.chat_postMessage(channel=risks, text="one")
    await client.chat_postMessage(channel=risks, text="two", blocks=[section("two")])
    await client.chat_update(channel=risks, ts=first["ts"], text="one, mended")
    assert [message.text for message in slack.messages("risks")] == ["one, mended", "two"]
    assert [edit.text for edit in slack.messages("risks")[0].edits] == ["one"]
    assert [message.shown for message in slack.seen_by("sam")] == ["one, mended", "two"]
    assert slack.seen_by("tom") == []
    await client.chat_delete(channel=risks, ts=first["ts"])
    assert [message.text for message in slack.messages("risks")] == ["two"]
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
    assert [refusal.error for refusal in slack.refusals] == [error]
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
    assert [user["name"] for user in first["members"] + rest["members"]] == ["cityops", "maria", "sam", "gone"]


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
    assert [channel["name"] for channel in (await client.conversations_list())["channels"]] == ["risks", "cr-2026-01"]
