"""An older manifest: an app that was installed long ago goes on working, as far as its scopes reach."""

from tests.bot.slack.conftest import House
from tests.wires.slack import FakeSlack
from tests.wires.slack.workspace import BOT_USER

FIRST = frozenset({
    "app_mentions:read", "channels:history", "chat:write", "commands", "groups:history", "im:history", "im:write",
    "users:read", "users:read.email",
})  # fmt: skip  # of the first manifest there was


async def test_with_the_first_manifest_people_log_ask_and_are_told(slack: FakeSlack, house: House) -> None:
    slack.scopes = FIRST
    house.bind("risks", "risks")
    sam = house.person("sam")
    reply = await sam.slash("/risk", "add Dam gate stuck; likelihood 4; impact 5")
    assert reply.message is not None
    assert "Logged R-1" in reply.message.shown
    await sam.direct("risk list")
    await sam.mention(f"<@{BOT_USER}> risk list", channel="risks")
    await house.deliver()
    assert len([message for message in sam.sees if "Dam gate stuck" in message.shown]) >= 3
    assert slack.refusals == []


async def test_what_an_older_app_may_not_do_holds_nothing_else_up(slack: FakeSlack, house: House) -> None:
    slack.scopes = FIRST
    house.bind("crisis", "risks")
    await house.person("olga").slash("/crisis", "activate Water main burst; level 2")
    await house.deliver()
    assert {refusal.error for refusal in slack.refusals} == {"missing_scope"}
    slack.refusals.clear()
    assert any("Water main burst" in message.shown for message in house.person("tom").sees)
    reply = await house.person("olga").slash("/crisis", "status")
    assert reply.message is not None
    assert "Water main burst" in reply.message.shown
